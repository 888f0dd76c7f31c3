/** Whether the server is there, what it is, and how it fares. */

import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { z } from 'zod';
import type { App, Served } from '../served.ts';

const tags = ['server'];

export function healthRoutes(app: App, { album, version, jobs, uploads, events }: Served): void {
  const state = z.object({ status: z.enum(['ok', 'not-ready']), reason: z.string().optional() });

  app.get(
    '/healthz/live',
    { schema: { tags, summary: 'The server is there', response: { 200: state } } },
    async () => ({ status: 'ok' as const }),
  );

  app.get(
    '/healthz/ready',
    { schema: { tags, summary: 'The album can be read', response: { 200: state, 503: state } } },
    async (_request, reply) => {
      try {
        await album.log({ limit: 1 });
        return { status: 'ok' as const };
      } catch {
        return reply.code(503).send({ status: 'not-ready' as const, reason: 'The album cannot be read.' });
      }
    },
  );

  app.get(
    '/version',
    {
      schema: {
        tags,
        summary: 'The version of whosin',
        response: { 200: z.object({ name: z.literal('whosin'), version: z.string(), node: z.string() }) },
      },
    },
    async () => ({ name: 'whosin' as const, version, node: process.version }),
  );

  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const seconds = new Histogram({
    name: 'whosin_request_seconds',
    help: 'Time from a request to its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const gauge = (name: string, help: string, value: () => number): void => {
    const made: Gauge = new Gauge({ name, help, registers: [registry], collect: () => made.set(value()) });
  };
  gauge('whosin_uploads_inside', 'Uploads that are being worked on', () => uploads.inside);
  gauge('whosin_event_listeners', 'Clients that listen to events', () => events.listeners);
  gauge(
    'whosin_jobs_open',
    'Jobs that have not ended',
    () => jobs.all().filter(({ ended }) => ended === null).length,
  );
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    seconds.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
  });

  app.get('/metrics', { schema: { tags, summary: 'Figures for Prometheus' } }, async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
}

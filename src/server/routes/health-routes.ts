/** Whether the server is there, what it is, and how it fares. */

import { setTimeout as pause } from 'node:timers/promises';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { z } from 'zod';
import type { Album } from '../../album/open-album.ts';
import { WhosinError } from '../../errors.ts';
import { albumGauges } from '../album-gauges.ts';
import type { App, Served } from '../served.ts';

const tags = ['server'];

/** Milliseconds that whoever watches over the server is kept waiting. */
const patience = 2000;

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
      const reason = await whyNotReady(album);
      if (reason === undefined) return { status: 'ok' as const };
      return reply.code(503).send({ status: 'not-ready' as const, reason });
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
  const askAlbum = albumGauges(registry, album);
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    seconds.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
  });

  app.get('/metrics', { schema: { tags, summary: 'Figures for Prometheus' } }, async (_request, reply) => {
    await askAlbum();
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}

/** Anybody may ask: no names and addresses. */
async function whyNotReady(album: Album): Promise<string | undefined> {
  const late = pause(patience, 'The album does not answer.', { ref: false });
  try {
    return (await Promise.race([album.ready(), late])) ?? undefined;
  } catch (error) {
    const code = error instanceof WhosinError ? error.code : undefined;
    if (code === 'no-database') return 'The database cannot be reached.';
    if (code === 'album-too-new') return 'A newer whosin has changed the album.';
    return 'The album cannot be read.';
  }
}

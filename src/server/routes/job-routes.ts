/** Long work and the events of it. */

import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { problemSchema } from '../../report/schema/common-schema.ts';
import type { Job } from '../jobs.ts';
import { below, requireSome } from '../roots.ts';
import { hearsOf } from '../rules.ts';
import type { App, Served } from '../served.ts';

const tags = ['jobs'];
const id = z.object({ id: z.coerce.number().int().positive() });

export const jobSchema = z
  .object({
    id: z.number().int(),
    kind: z.string(),
    title: z.string(),
    state: z.enum(['queued', 'running', 'done', 'failed', 'cancelled']),
    progress: z.object({ stage: z.string(), done: z.number(), total: z.number() }).nullable(),
    created: z.string(),
    ended: z.string().nullable(),
    result: z.looseObject({}).nullable(),
    error: problemSchema.omit({ type: true }).nullable(),
  })
  .meta({ id: 'Job' });

export function jobRoutes(app: App, { album, slow, jobs, events, roots }: Served): void {
  app.post(
    '/jobs',
    {
      schema: {
        tags,
        summary: 'Begin long work: read folders into the album',
        body: z
          .object({ kind: z.literal('add'), paths: z.array(z.string().min(1).max(4096)).min(1).max(100) })
          .strict(),
        response: { 202: jobSchema },
      },
    },
    async ({ body }, reply) => {
      const paths = await Promise.all(body.paths.map((path) => below(roots, path)));
      const job = jobs.start({
        kind: 'add',
        title: `Read ${paths.join(', ')}`,
        run: async ({ signal, onProgress }) => {
          await requireSome(roots, paths);
          return slow.run('add', { place: album.address, paths }, { signal, onProgress });
        },
      });
      return accepted(reply, job);
    },
  );

  app.get(
    '/jobs',
    {
      schema: {
        tags,
        summary: 'Long work, the newest first',
        response: { 200: z.object({ schema: z.literal(1), jobs: z.array(jobSchema) }).meta({ id: 'Jobs' }) },
      },
    },
    async () => ({ schema: 1 as const, jobs: [...jobs.all()] }),
  );

  app.get(
    '/jobs/:id',
    { schema: { tags, summary: 'One job', params: id, response: { 200: jobSchema } } },
    async ({ params }) => jobs.get(params.id),
  );

  app.delete(
    '/jobs/:id',
    {
      schema: {
        tags,
        summary: 'Stop a job; what it has done until then stays',
        params: id,
        response: { 202: jobSchema },
      },
    },
    async ({ params }, reply) => reply.code(202).send(jobs.cancel(params.id)),
  );

  app.get(
    '/events',
    {
      schema: {
        tags,
        summary: 'Events as they happen, as text/event-stream',
        description: '`job`: a job has changed. `said`: something was said. Resumes after Last-Event-ID.',
      },
    },
    async ({ headers, visitor }, reply) => {
      const last = Number(headers['last-event-id']);
      events.stream(reply, {
        ...(Number.isSafeInteger(last) && { after: last }),
        wants: (name) => hearsOf(name, visitor),
      });
    },
  );
}

/** The answer to whoever began a job. */
export function accepted(reply: FastifyReply, job: Job): FastifyReply {
  return reply.code(202).header('location', `/api/v1/jobs/${job.id}`).send(job);
}

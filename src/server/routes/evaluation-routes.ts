/** Evaluation: a model is asked about labelled photos, on this machine or dropped onto the page. */

import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { WhosinError } from '../../errors.ts';
import { type EvaluationReportJson, evaluationReportSchema } from '../../report/schema/training-schema.ts';
import { fromSchema, openLabelledFolder } from '../labelled-folder.ts';
import { remember } from '../remember.ts';
import { ofReports } from '../response-headers.ts';
import type { App, Served } from '../served.ts';
import { accepted, jobSchema } from './job-routes.ts';

const tags = ['training'];
const id = z.object({ id: z.coerce.number().int().positive() });

/** The newest ones; each has a page of some megabytes. */
const remembered = 50;

interface Evaluated {
  readonly report: EvaluationReportJson;
  readonly folder: string;
}

export function evaluationRoutes(app: App, served: Served): void {
  const { jobs, slow, models, folders } = served;
  const evaluations = new Map<number, Evaluated>();

  app.post(
    '/models/:name/evaluations',
    {
      schema: {
        tags,
        summary: 'Ask a model about labelled photos: a job',
        params: z.object({ name: z.string().min(1).max(200) }),
        body: z.object({ from: fromSchema }).strict(),
        response: { 202: jobSchema },
      },
    },
    async ({ params: { name }, body }, reply) => {
      const model = await models.any(name);
      const { folder, shown, requireThere, remove } = await openLabelledFolder(body.from, served);
      const job = jobs.start({
        kind: 'evaluate',
        title: `Evaluate ${name} on ${shown}`,
        async run({ signal, onProgress }) {
          await requireThere();
          const place = await folders.make();
          try {
            const page = join(place, 'report.html');
            const input = { folder, shown, model, name, page };
            const report = await slow.run('evaluate', input, { signal, onProgress });
            const old = remember(evaluations, remembered, job.id, { report, folder: place });
            if (old) await folders.remove(old.folder);
            return { model: name };
          } catch (error) {
            await folders.remove(place);
            throw error;
          }
        },
        end: remove,
      });
      return accepted(reply, job);
    },
  );

  const evaluationOf = (job: number): Evaluated => {
    const evaluated = evaluations.get(job);
    if (evaluated) return evaluated;
    throw new WhosinError(
      'not-found',
      `There is no evaluation ${job}: it has not ended, or the server was started anew.`,
    );
  };

  app.get(
    '/evaluations/:id',
    {
      schema: {
        tags,
        summary: 'The figures of an evaluation, by the number of its job',
        params: id,
        response: {
          200: evaluationReportSchema.extend({ schema: z.literal(1) }).meta({ id: 'EvaluationResult' }),
        },
      },
    },
    async ({ params }) => ({ schema: 1 as const, ...evaluationOf(params.id).report }),
  );

  app.get(
    '/evaluations/:id/report',
    { schema: { tags, summary: 'The whole report, a page with charts and every mistake', params: id } },
    async ({ params }, reply) => {
      const page = createReadStream(join(evaluationOf(params.id).folder, 'report.html'));
      return reply.type('text/html; charset=utf-8').header('content-security-policy', ofReports).send(page);
    },
  );
}

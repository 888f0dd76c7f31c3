/** Training: long work on a folder of this machine, or on pictures that were dropped onto the page. */

import { z } from 'zod';
import type { TrainProgress } from '../../engine/messages.ts';
import { WhosinError } from '../../errors.ts';
import { type CurvePointJson, curveSchema } from '../../report/schema/training-schema.ts';
import { fromSchema, openLabelledFolder } from '../labelled-folder.ts';
import { remember } from '../remember.ts';
import type { App, Served } from '../served.ts';
import { modelName } from '../trained-models.ts';
import { accepted, jobSchema } from './job-routes.ts';

const tags = ['training'];
const id = z.object({ id: z.coerce.number().int().positive() });
/** Steps of retrain.py by default; more than the most take hours and gain nothing. */
const mostSteps = 100_000;

type Curve = { readonly across: 'step' | 'strength'; readonly points: CurvePointJson[] };

/** Curves of trainings. */
const remembered = 50;

export function trainingRoutes(app: App, served: Served): void {
  const { jobs, slow, models, trained } = served;
  const curves = new Map<number, Curve>();
  const none: Curve = { across: 'step', points: [] };
  const inMaking = new Set<string>();

  app.post(
    '/models',
    {
      schema: {
        tags,
        summary: 'Train a model: a job; folders are labels or people',
        body: z
          .object({
            name: z.string().regex(modelName, 'has letters, digits, dots, dashes and underlines, at most 64'),
            on: z.enum(['people', 'pictures']),
            from: fromSchema,
            network: z
              .string()
              .max(64)
              .nullable()
              .default(null)
              .describe('Pictures: the pack to put the layer on'),
            steps: z
              .number()
              .int()
              .min(1)
              .max(mostSteps)
              .nullable()
              .default(4000)
              .describe('Pictures: steps as in retrain.py; null: to the optimum at once'),
          })
          .strict(),
        response: { 202: jobSchema },
      },
    },
    async ({ body }, reply) => {
      const { name, on, network, steps } = body;
      const known = await models.list();
      if (inMaking.has(name) || known.some((model) => model.name === name)) {
        throw new WhosinError(
          'in-use',
          `There is a model called ${name} already: give another name, or remove it.`,
        );
      }
      if (network !== null && !known.some((model) => model.name === network && model.teaches)) {
        throw new WhosinError(
          'not-found',
          `There is no model called ${network} here that a layer can be put on.`,
        );
      }
      const { folder, shown, requireThere, remove } = await openLabelledFolder(body.from, served);
      inMaking.add(name);
      const points: CurvePointJson[] = [];
      const job = jobs.start({
        kind: 'train',
        title: `Learn ${on === 'people' ? 'people' : 'pictures'}: ${name}, from ${shown}`,
        async run({ signal, onProgress }) {
          await requireThere();
          const incoming = await trained.begin(name);
          try {
            const { file, pictures } = incoming;
            const input = { on, folder, file, pictures, network, steps };
            const told = ({ point, ...progress }: TrainProgress): void => {
              if (point) points.push(point);
              onProgress(progress);
            };
            const report = await slow.run('train', input, { signal, onProgress: told });
            const { photos, heldOut } = await incoming.finish(report);
            return { model: name, photos, right: heldOut?.hits ?? null, heldOut: heldOut?.of ?? null };
          } finally {
            await incoming.drop();
          }
        },
        async end() {
          inMaking.delete(name);
          await remove();
        },
      });
      remember(curves, remembered, job.id, {
        across: on === 'pictures' && steps !== null ? 'step' : 'strength',
        points,
      });
      return accepted(reply, job);
    },
  );

  app.get(
    '/jobs/:id/curve',
    {
      schema: {
        tags,
        summary: 'The curve so far of a model that is being trained',
        params: id,
        querystring: z.object({
          after: z.coerce.number().int().min(0).default(0).describe('So many points are known'),
        }),
        response: { 200: curveSchema.extend({ schema: z.literal(1) }).meta({ id: 'CurveSoFar' }) },
      },
    },
    async ({ params, query }) => {
      const { id: job } = jobs.get(params.id);
      const { across, points } = curves.get(job) ?? none;
      return { schema: 1 as const, across, points: points.slice(query.after) };
    },
  );
}

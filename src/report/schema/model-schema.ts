/** The JSON of models, and of what whosin stores. */

import { z } from 'zod';
import { trainingReportSchema } from './training-schema.ts';

export const modelSchema = z
  .object({
    name: z.string(),
    kind: z
      .enum(['people', 'pictures', 'objects', 'faces'])
      .describe(
        'people: asked by /identify; pictures and objects: by /classify; faces: reads photos for the others',
      ),
    state: z
      .enum(['album', 'given', 'trained', 'built-in', 'here', 'damaged'])
      .describe('album: its people; given: by serve -m; trained: by the page; here: pulled or added'),
    labels: z.number().int().nullable().describe('People or labels that it can name'),
    teaches: z.boolean().describe('A layer of one’s own can be put on it'),
    licence: z.string().nullable(),
    source: z.string().nullable(),
    version: z.string().nullable().describe('The first digits of the sha256 of its largest file'),
    made: z.string().nullable(),
    problem: z.string().nullable(),
  })
  .meta({ id: 'Model' });

export const modelsSchema = z
  .object({ schema: z.literal(1), models: z.array(modelSchema) })
  .meta({ id: 'Models' });

export const trainedModelSchema = trainingReportSchema
  .extend({
    schema: z.literal(1),
    name: z.string(),
    made: z.string(),
    file: z.string().describe('The name of the model file'),
    bytes: z.number().int(),
  })
  .meta({ id: 'TrainedModel' });

export const storedSchema = z
  .object({
    what: z.enum(['album', 'photos', 'networks', 'models', 'trained', 'token']),
    path: z.string(),
    files: z.number().int(),
    bytes: z.number().int(),
  })
  .meta({ id: 'Stored' });

export type ModelJson = z.infer<typeof modelSchema>;
export type TrainedModelJson = z.infer<typeof trainedModelSchema>;
export type StoredJson = z.infer<typeof storedSchema>;

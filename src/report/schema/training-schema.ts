/** The JSON of training and of evaluation, as the page shows them. */

import { z } from 'zod';
import { probabilitySchema } from './common-schema.ts';

export const curvePointSchema = z
  .object({
    at: z
      .number()
      .nullable()
      .describe('The step, or how strongly the layer was held back; null: without a layer of its own'),
    trainingAccuracy: z.number(),
    trainingCrossEntropy: z.number(),
    validationAccuracy: z.number().nullable(),
    validationCrossEntropy: z.number().nullable(),
  })
  .meta({ id: 'CurvePoint' });

export const curveSchema = z
  .object({
    across: z.enum(['step', 'strength']),
    points: z.array(curvePointSchema).describe('In the order of training'),
  })
  .meta({ id: 'Curve' });

/** With the interval that holds the true value in 95 of 100 such measurements. */
const shareSchema = z
  .object({
    value: z.number(),
    low: z.number(),
    high: z.number(),
    hits: z.number().int(),
    of: z.number().int(),
  })
  .meta({ id: 'Share' });

const calibrationSchema = z
  .object({
    error: z
      .number()
      .describe('Mean distance of the probabilities that were stated and the shares that came true'),
    bins: z.array(
      z.object({
        stated: probabilitySchema,
        observed: probabilitySchema,
        low: z.number(),
        high: z.number(),
        answers: z.number().int(),
      }),
    ),
  })
  .meta({ id: 'Calibration' });

const mistakeSchema = z
  .object({
    path: z.string().describe('Within the folder'),
    label: z.string(),
    answer: z.string().nullable().describe('null: called unknown'),
    probability: probabilitySchema,
  })
  .meta({ id: 'Mistake' });

/** Those with a picture come first; a page with thousands opens in no browser. */
export const mostMistakes = 60;
export const mostLeftOut = 200;

const leftOutSchema = z.object({ path: z.string(), reason: z.string() });

/** The worth of a training, measured on photos that were held out. */
export const trainingReportSchema = z
  .object({
    kind: z.enum(['people', 'pictures']),
    network: z.string().describe('The model that reads the photos'),
    licence: z.string().describe('That model’s'),
    photos: z.number().int(),
    labels: z.array(z.object({ label: z.string(), photos: z.number().int(), heldOut: z.number().int() })),
    curve: curveSchema,
    kept: curvePointSchema.nullable(),
    heldOut: shareSchema.nullable().describe('Named rightly; null if no photo was held out'),
    crossEntropy: z.number().nullable().describe('On the held-out photos, in nats'),
    calibration: calibrationSchema.nullable(),
    sentences: z.array(z.string()).describe('About the probabilities'),
    remarks: z.array(z.string()).describe('To be known before the numbers are believed'),
    leftOut: z.array(leftOutSchema),
    leftOutTotal: z.number().int(),
    mistakes: z.array(mistakeSchema).describe(`The surest first, at most ${mostMistakes}`),
    mistakesTotal: z.number().int(),
  })
  .meta({ id: 'TrainingReport' });

export const evaluationReportSchema = z
  .object({
    kind: z.enum(['people', 'pictures']),
    headline: z.string(),
    remarks: z.array(z.string()),
    figures: z.array(z.object({ name: z.string(), share: shareSchema.nullable() })),
    calibration: calibrationSchema.nullable(),
    mistakes: z.array(mistakeSchema),
    mistakesTotal: z.number().int(),
  })
  .meta({ id: 'EvaluationReport' });

export type CurvePointJson = z.infer<typeof curvePointSchema>;
export type CalibrationJson = z.infer<typeof calibrationSchema>;
export type TrainingReportJson = z.infer<typeof trainingReportSchema>;
export type EvaluationReportJson = z.infer<typeof evaluationReportSchema>;

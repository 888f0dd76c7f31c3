/** Parts of answers that stand in several of them. */

import { z } from 'zod';

export const probabilitySchema = z.number().min(0).max(1);

/** Fractions of the upright photo; a face at the edge may reach beyond it. */
export const faceBoxSchema = z.object({
  left: z.number(),
  top: z.number(),
  width: z.number(),
  height: z.number(),
});

export const likelySchema = z
  .object({ person: z.string(), probability: probabilitySchema })
  .meta({ id: 'Likely' });

export const problemSchema = z
  .object({
    type: z.string(),
    code: z.string().describe('A code of docs/API.md, or of HTTP: too-many, too-large …'),
    status: z.number().int(),
    title: z.string(),
    detail: z.string().describe('A sentence for people'),
    path: z.string().optional(),
    instance: z.string().optional(),
  })
  .meta({ id: 'Problem' });

export type LikelyJson = z.infer<typeof likelySchema>;

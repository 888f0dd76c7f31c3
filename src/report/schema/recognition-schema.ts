/** The JSON of single photos as schemas, as docs/JSON.md documents it. */

import { z } from 'zod';
import { probabilitySchema } from './common-schema.ts';

/** Pixels of the upright photo. */
const boxSchema = z.object({ left: z.number(), top: z.number(), width: z.number(), height: z.number() });

const photoParts = {
  schema: z.literal(1),
  file: z.string(),
  width: z.number().int().optional(),
  height: z.number().int().optional(),
  damage: z.object({ kind: z.enum(['missing', 'doubtful']), share: z.number(), box: boxSchema }).optional(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
};

export const identifiedSchema = z
  .object({
    ...photoParts,
    faces: z.array(
      z.object({
        box: boxSchema,
        score: z.number(),
        quality: z.number(),
        person: z.string().nullable().describe('null: none of the people'),
        probability: probabilitySchema,
        unknown: probabilitySchema,
        candidates: z.array(z.object({ person: z.string(), probability: probabilitySchema })),
      }),
    ),
  })
  .meta({ id: 'Identified' });

export const foundFacesSchema = z
  .object({
    ...photoParts,
    faces: z.array(
      z.object({
        box: boxSchema,
        score: z.number(),
        quality: z.number(),
        space: z.string().describe('Names the embedder: embeddings of two spaces cannot be compared'),
        embedding: z.array(z.number()),
      }),
    ),
  })
  .meta({ id: 'FoundFaces' });

export const classifiedSchema = z
  .object({
    ...photoParts,
    labels: z.array(z.object({ label: z.string(), index: z.number().int(), score: z.number() })),
    objects: z.array(z.object({ label: z.string(), score: z.number(), box: boxSchema })).optional(),
  })
  .meta({ id: 'Classified' });

export const verifiedSchema = z
  .object({
    schema: z.literal(1),
    files: z.tuple([z.string(), z.string()]),
    same: z.boolean(),
    prior: z.number(),
    faces: z.tuple([z.number().int(), z.number().int()]),
    pairs: z.array(
      z.object({
        faces: z.tuple([pairFace(), pairFace()]),
        probability: probabilitySchema,
        logOdds: z.number(),
        similarity: z.number(),
        falseMatchRate: z
          .object({ rate: z.number(), bound: z.enum(['measured', 'at-most', 'at-least']) })
          .nullable(),
      }),
    ),
    measuredOn: z.string().nullable(),
  })
  .meta({ id: 'Verified' });

function pairFace() {
  return z.object({ box: boxSchema, score: z.number(), quality: z.number() });
}

export type BoxJson = z.infer<typeof boxSchema>;
export type IdentifiedJson = z.infer<typeof identifiedSchema>;
export type FoundFacesJson = z.infer<typeof foundFacesSchema>;
export type ClassifiedJson = z.infer<typeof classifiedSchema>;
export type VerifiedJson = z.infer<typeof verifiedSchema>;

/** The JSON of albums as schemas: what the server promises, and what the page and programs are generated from. */

import { z } from 'zod';
import { faceBoxSchema, likelySchema, probabilitySchema } from './common-schema.ts';

const ageSchema = z
  .number()
  .int()
  .nullable()
  .describe('Full years of the person; null unless the birth and a time of the camera are known');

export const faceSchema = z
  .object({
    face: z.string().describe('Names the face for as long as the photo exists: sha256@left,top,width,height'),
    file: z.string().nullable().describe('A file that shows it; null if there is none any more'),
    kind: z.enum(['photo', 'video']),
    box: faceBoxSchema,
    time: z.number().nullable().describe('Seconds, in a video'),
    taken: z.string().nullable().describe('As clocks showed it there'),
  })
  .meta({ id: 'Face' });

export const albumFaceSchema = faceSchema
  .extend({
    group: z.number().int().nullable(),
    state: z.enum(['confirmed', 'stranger', 'not-a-face', 'automatic', 'suggested', 'ignored', 'unnamed']),
    person: z.string().nullable(),
    probability: probabilitySchema.nullable(),
    age: ageSchema,
    drawn: z.boolean().describe('Somebody drew it: whosin sees no face there'),
  })
  .meta({ id: 'AlbumFace' });

export const facesSchema = z
  .object({
    schema: z.literal(1),
    faces: z.array(albumFaceSchema),
    next: z.string().nullable().describe('`cursor` of the next page; null on the last one'),
  })
  .meta({ id: 'Faces' });

export const statusSchema = z
  .object({
    schema: z.literal(1),
    album: z.string(),
    photos: z.number().int(),
    videos: z.number().int(),
    faces: z.number().int(),
    unnamed: z.object({ groups: z.number().int(), faces: z.number().int(), single: z.number().int() }),
    toConfirm: z.number().int(),
    confirmed: z.number().int(),
    automatic: z.object({
      faces: z.number().int(),
      expectedWrong: z.number().nullable(),
      judged: z.number().int(),
      corrected: z.number().int(),
    }),
    files: z.object({ pending: z.number().int(), failed: z.number().int(), gone: z.number().int() }),
    unreadable: z
      .array(z.object({ path: z.string(), code: z.string(), reason: z.string() }))
      .describe('The first 20 of the files that could not be read, and why'),
    outdated: z.number().int(),
    people: z.array(
      z.object({
        person: z.string(),
        hidden: z.boolean(),
        photos: z.number().int(),
        confirmed: z.number().int(),
        automatic: z.number().int(),
      }),
    ),
  })
  .meta({ id: 'Status' });

export const personSchema = z
  .object({
    uid: z.string().describe('Stays when the name changes'),
    person: z.string(),
    hidden: z.boolean(),
    born: z.string().nullable().describe('2015-03-02, 2015-03 or 2015'),
    died: z.string().nullable(),
    confirmed: z.number().int(),
    automatic: z.number().int(),
    photos: z.number().int(),
    cover: faceSchema.nullable(),
  })
  .meta({ id: 'Person' });

export const peopleSchema = z
  .object({
    schema: z.literal(1),
    total: z.number().int(),
    people: z.array(personSchema),
    next: z.string().nullable(),
  })
  .meta({ id: 'People' });

export const yearsSchema = z
  .object({
    schema: z.literal(1),
    years: z.array(
      z.object({
        year: z.string().describe('Four digits'),
        photos: z.number().int(),
        face: faceSchema.describe('The clearest one'),
      }),
    ),
  })
  .meta({ id: 'Years' });

const groupSchema = z
  .object({
    group: z.number().int(),
    faces: z.number().int(),
    photos: z.number().int(),
    from: z.string().nullable(),
    until: z.string().nullable(),
    likely: z.array(likelySchema),
    shown: z.array(faceSchema),
  })
  .meta({ id: 'Group' });

export const groupsSchema = z
  .object({ schema: z.literal(1), total: z.number().int(), groups: z.array(groupSchema) })
  .meta({ id: 'Groups' });

export const questionSchema = z
  .object({
    kind: z.enum(['person', 'who']),
    group: z.number().int(),
    person: z.string().nullable(),
    probability: probabilitySchema.nullable(),
    likely: z.array(likelySchema),
    faces: z.number().int(),
    photos: z.number().int(),
    shown: z.array(faceSchema),
  })
  .meta({ id: 'Question' });

export const questionsSchema = z
  .object({
    schema: z.literal(1),
    questions: z.array(
      questionSchema.extend({
        id: z
          .string()
          .describe('Names the question as it is now; an answer to one that has changed is refused (409)'),
      }),
    ),
  })
  .meta({ id: 'Questions' });

const foundPhotoSchema = z
  .object({
    file: z.string(),
    sha256: z.string(),
    kind: z.enum(['photo', 'video']),
    taken: z.string().nullable(),
    probability: z.number().nullable(),
    people: z.array(
      z.object({
        person: z.string(),
        probability: z.number(),
        time: z.number().nullable(),
        age: ageSchema,
      }),
    ),
  })
  .meta({ id: 'FoundPhoto' });

export const foundSchema = z
  .object({
    schema: z.literal(1),
    meaning: z.array(z.string()).describe('A sentence for each condition, as it was understood'),
    total: z.number().int(),
    photos: z.array(foundPhotoSchema),
  })
  .meta({ id: 'Found' });

const facetSchema = z
  .object({
    label: z.string(),
    query: z.string().describe('The condition, as a part of a search'),
    photos: z.number().int().describe('So many photos and videos would be left'),
  })
  .meta({ id: 'Facet' });

export const facetsSchema = z
  .object({
    schema: z.literal(1),
    total: z.number().int(),
    people: z.array(facetSchema),
    years: z.array(facetSchema),
    folders: z.array(facetSchema),
    others: z.array(facetSchema),
  })
  .meta({ id: 'Facets' });

export const albumPhotoSchema = z
  .object({
    schema: z.literal(1),
    sha256: z.string(),
    kind: z.enum(['photo', 'video']),
    files: z.array(z.string()),
    bytes: z.number().int(),
    width: z.number().int(),
    height: z.number().int(),
    duration: z.number().nullable(),
    taken: z.string().nullable(),
    camera: z.string().nullable(),
    place: z.object({ latitude: z.number(), longitude: z.number() }).nullable(),
    faces: z.array(albumFaceSchema),
  })
  .meta({ id: 'AlbumPhoto' });

export const tracksSchema = z
  .object({
    schema: z.literal(1),
    tracks: z.array(
      z.object({
        face: albumFaceSchema,
        from: z.number().describe('Seconds'),
        to: z.number(),
        seen: z
          .array(z.object({ time: z.number(), box: faceBoxSchema }))
          .describe('In the order of time; between two of them the box moves from one to the other'),
      }),
    ),
  })
  .meta({ id: 'Tracks' });

export const whySchema = z
  .object({
    schema: z.literal(1),
    face: albumFaceSchema,
    said: z
      .object({
        number: z.number().int(),
        at: z.string(),
        source: z.enum(['person', 'api', 'xmp', 'folder']),
      })
      .nullable()
      .describe('The entry of the log by which the face is confirmed'),
    together: z.number().int().describe('So many faces were judged together'),
    likely: z.array(
      z.object({
        uid: z.string(),
        person: z.string(),
        probability: probabilitySchema,
        speakers: z
          .array(
            z.object({
              face: faceSchema,
              logOdds: z
                .number()
                .describe('Natural logarithm: how much likelier the two are one person than two'),
            }),
          )
          .describe('Confirmed faces of the person, the most alike first'),
      }),
    ),
  })
  .meta({ id: 'Why' });

const saidSchema = z
  .object({
    number: z.number().int(),
    at: z.string(),
    who: z.string(),
    source: z.enum(['person', 'api', 'xmp', 'folder']),
    kind: z.string(),
    person: z.string().nullable(),
    into: z.string().nullable(),
    date: z.string().nullable().describe('The date of a birth or death; empty if it is not known'),
    faces: z.number().int(),
    photos: z.number().int(),
    undoes: z.number().int().nullable(),
    undone: z.boolean(),
  })
  .meta({ id: 'Said' });

export const logSchema = z.object({ schema: z.literal(1), said: z.array(saidSchema) }).meta({ id: 'Log' });

export type FaceJson = z.infer<typeof faceSchema>;
export type AlbumFaceJson = z.infer<typeof albumFaceSchema>;
export type StatusJson = z.infer<typeof statusSchema>;
export type PersonJson = z.infer<typeof personSchema>;
export type GroupsJson = z.infer<typeof groupsSchema>;
export type QuestionJson = z.infer<typeof questionSchema> & { readonly schema: 1 };
export type FacetsJson = z.infer<typeof facetsSchema>;
export type TracksJson = z.infer<typeof tracksSchema>;
export type WhyJson = z.infer<typeof whySchema>;
export type YearsJson = z.infer<typeof yearsSchema>;
export type FoundJson = z.infer<typeof foundSchema>;
export type AlbumPhotoJson = z.infer<typeof albumPhotoSchema>;
export type LogJson = z.infer<typeof logSchema>;

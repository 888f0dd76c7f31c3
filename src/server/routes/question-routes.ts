/** Questions and what was said: answers, corrections, and taking them back. */

import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Question } from '../../album/said/questions.ts';
import { WhosinError } from '../../errors.ts';
import { logJson, questionJson } from '../../report/album-json.ts';
import { logSchema, questionsSchema } from '../../report/schema/album-schema.ts';
import { cursorOf, nextSchema, positionOf } from '../cursor.ts';
import { HttpProblem } from '../problems.ts';
import { albumOf } from '../rules.ts';
import type { App, Served } from '../served.ts';
import { changed, changedSchema } from './changed.ts';
import { nameSchema } from './people-routes.ts';

const tags = ['questions'];
const faceChoice = z.string().min(1).max(4096);
const choices = z.array(faceChoice).min(1).max(10_000);
const ratio = z.number().min(0).max(1);
const boxSchema = z
  .object({ left: ratio, top: ratio, width: ratio, height: ratio })
  .strict()
  .describe('Parts of the upright photo');

const answerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['yes', 'no', 'not-sure', 'not-a-face', 'stranger']) }).strict(),
  z.object({ kind: z.literal('is'), person: nameSchema }).strict(),
]);

const correctionSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.enum(['is', 'is-not']), person: nameSchema, faces: choices }).strict(),
    z.object({ kind: z.enum(['not-a-face', 'stranger', 'same', 'different']), faces: choices }).strict(),
    z.object({ kind: z.literal('split'), from: z.string().max(200), seeds: choices }).strict(),
    z.object({ kind: z.literal('collage'), photos: choices }).strict(),
    z
      .object({ kind: z.literal('draw'), photo: z.string().max(4096), box: boxSchema, person: nameSchema })
      .strict(),
    z.object({ kind: z.literal('box'), face: faceChoice, box: boxSchema }).strict(),
    z.object({ kind: z.literal('cover'), person: nameSchema, face: faceChoice }).strict(),
    z.object({ kind: z.literal('merge'), person: nameSchema, into: nameSchema }).strict(),
    z.object({ kind: z.literal('rename'), person: nameSchema, name: nameSchema }).strict(),
    z.object({ kind: z.enum(['hide', 'show']), person: nameSchema }).strict(),
  ])
  .describe('Faces are keys as `face` gives them, or numbers of groups');

export function questionRoutes(app: App, { album, events }: Served): void {
  app.get(
    '/questions',
    {
      schema: {
        tags,
        summary: 'The next questions: those whose answers settle most',
        querystring: z.object({
          limit: z.coerce.number().int().min(1).max(100).default(20),
          singles: z.enum(['true', 'false']).default('false').describe('Ask who single faces are too'),
        }),
        response: { 200: questionsSchema },
      },
    },
    async ({ query: { limit, singles } }) => {
      const questions = await album.questions({ limit, singles: singles === 'true' });
      return {
        schema: 1 as const,
        questions: questions.map((question) => ({
          id: idOf(question),
          ...withoutSchema(questionJson(question)),
        })),
      };
    },
  );

  app.post(
    '/questions/:id/answer',
    {
      schema: {
        tags,
        summary: 'Answer a question',
        params: z.object({ id: z.string().max(100) }),
        body: answerSchema,
        response: {
          200: z
            .object({
              schema: z.literal(1),
              said: z.number().int().describe('The number to take it back by'),
              faces: z.number().int(),
              besides: z.number().int().describe('Other faces that have a name now, and had none before'),
            })
            .meta({ id: 'Answered' }),
        },
      },
    },
    async ({ params: { id }, body, visitor }) => {
      const question = await asked(id);
      const answered = await albumOf(album, visitor).answer(question, body);
      changed(events, [answered.said]);
      return { schema: 1 as const, ...answered };
    },
  );

  /** The question as it was asked: about the same faces. */
  const asked = async (id: string): Promise<Question> => {
    const [, kind, group] = /^(person|who)-(\d{1,15})-[\w-]+$/.exec(id) ?? [];
    if (kind === undefined) throw new WhosinError('not-found', `There is no question ${id}.`);
    const question = await album.question(kind as Question['kind'], Number(group));
    if (question !== undefined && idOf(question) === id) return question;
    throw new HttpProblem(
      409,
      'changed',
      'These faces have changed since they were shown: ask for questions again.',
    );
  };

  app.post(
    '/said',
    {
      schema: {
        tags,
        summary: 'Put right an answer of the album',
        body: correctionSchema,
        response: { 200: changedSchema },
      },
    },
    async ({ body, visitor }) => changed(events, await albumOf(album, visitor).correct(body)),
  );

  app.get(
    '/said',
    {
      schema: {
        tags,
        summary: 'Everything that was said, the newest first',
        querystring: z.object({
          limit: z.coerce.number().int().min(1).max(500).default(50),
          cursor: z.string().max(100).optional(),
        }),
        response: { 200: logSchema.extend({ next: nextSchema }).meta({ id: 'LogPage' }) },
      },
    },
    async ({ query: { limit, cursor } }) => {
      const before = positionOf(cursor);
      const entries = await album.log({ limit, ...(before > 0 && { before }) });
      const next = entries.length < limit ? null : cursorOf(entries.at(-1)!.number);
      return { ...logJson(entries), next };
    },
  );

  app.post(
    '/said/undo',
    {
      schema: {
        tags,
        summary: 'Take back what was said, in any order; the last thing if no number is given',
        body: z.object({ said: z.array(z.number().int().positive()).max(1000).default([]) }).strict(),
        response: { 200: changedSchema },
      },
    },
    async ({ body, visitor }) => changed(events, await albumOf(album, visitor).undo(...body.said)),
  );
}

/** Changes with the faces that the question is about. */
function idOf({ kind, group, person, about }: Question): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([person, about]))
    .digest('base64url');
  return `${kind}-${group}-${hash.slice(0, 16)}`;
}

function withoutSchema<T extends { readonly schema: 1 }>({ schema: _, ...rest }: T): Omit<T, 'schema'> {
  return rest;
}

/** Recognition as a service: photos are uploaded, answered and forgotten. */

import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { WhosinError } from '../../errors.ts';
import {
  classifiedSchema,
  foundFacesSchema,
  identifiedSchema,
  verifiedSchema,
} from '../../report/schema/recognition-schema.ts';
import type { App, Served } from '../served.ts';
import { bytesOf, uploadedPhotos } from '../uploads.ts';

const tags = ['recognition'];
const consumes = ['multipart/form-data'];

function answers<T extends z.ZodType>(photo: T) {
  return z.object({ schema: z.literal(1), photos: z.array(photo) });
}

export function recognitionRoutes(app: App, { quick, uploads, models }: Served): void {
  app.post(
    '/identify',
    {
      schema: {
        tags,
        consumes,
        summary: 'Who is in these photos?',
        description:
          'Files in fields of any name. Each face has its own answer; `person` is null for unknown.',
        querystring: z.object({
          model: z
            .string()
            .max(200)
            .default('album')
            .describe('The people of the album, or of a model of the server'),
          maxWrong: z.coerce
            .number()
            .gt(0)
            .lt(1)
            .optional()
            .describe('The share of strangers who may get a name; as the model has it if left out'),
        }),
        response: { 200: answers(identifiedSchema) },
      },
    },
    async (request, reply) =>
      uploads.admit(bytesOf(request), async () => {
        const { model, maxWrong } = request.query;
        const people = await models.people(model);
        const photos = await uploadedPhotos(request);
        const signal = untilGone(reply);
        return {
          schema: 1 as const,
          photos: await quick.run('identify', { photos, people, maxWrong }, { signal }),
        };
      }),
  );

  app.post(
    '/faces',
    {
      schema: {
        tags,
        consumes,
        summary: 'The faces in these photos, with embeddings to search or compare by',
        response: { 200: answers(foundFacesSchema) },
      },
    },
    async (request, reply) =>
      uploads.admit(bytesOf(request), async () => {
        const photos = await uploadedPhotos(request);
        return {
          schema: 1 as const,
          photos: await quick.run('faces', { photos }, { signal: untilGone(reply) }),
        };
      }),
  );

  app.post(
    '/classify',
    {
      schema: {
        tags,
        consumes,
        summary: 'What is in these photos?',
        querystring: z.object({
          model: z
            .string()
            .regex(/^[\w.-]{1,100}$/, 'is a name that whosin models list shows')
            .optional(),
          top: z.coerce.number().int().min(1).max(1000).default(5),
        }),
        response: { 200: answers(classifiedSchema) },
      },
    },
    async (request, reply) =>
      uploads.admit(bytesOf(request), async () => {
        const photos = await uploadedPhotos(request);
        const { top } = request.query;
        const model = request.query.model && (await models.pictures(request.query.model));
        const signal = untilGone(reply);
        return {
          schema: 1 as const,
          photos: await quick.run('classify', { photos, model, top }, { signal }),
        };
      }),
  );

  app.post(
    '/verify',
    {
      schema: {
        tags,
        consumes,
        summary: 'Do two photos show the same person?',
        response: { 200: verifiedSchema },
      },
    },
    async (request, reply) =>
      uploads.admit(bytesOf(request), async () => {
        const [a, b, ...more] = await uploadedPhotos(request);
        if (a === undefined || b === undefined || more.length > 0) {
          throw new WhosinError('usage', 'Upload two photos to compare.');
        }
        return quick.run('verify', { a, b }, { signal: untilGone(reply) });
      }),
  );
}

/** Nobody waits for the answer any more if the client has gone. */
function untilGone({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  raw.once('close', () => gone.abort());
  return gone.signal;
}

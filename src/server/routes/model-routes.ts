/** Models: which there are, those that were trained here, and what each of them is worth. */

import { createReadStream } from 'node:fs';
import { z } from 'zod';
import { modelsSchema, trainedModelSchema } from '../../report/schema/model-schema.ts';
import { forEver } from '../response-headers.ts';
import type { App, Served } from '../served.ts';

const tags = ['models'];
const params = z.object({ name: z.string().min(1).max(64) });

export function modelRoutes(app: App, { models, trained }: Served): void {
  app.get(
    '/models',
    {
      schema: {
        tags,
        summary: 'Every model that is here: of people, of pictures, and those that read faces',
        response: { 200: modelsSchema },
      },
    },
    async () => ({ schema: 1 as const, models: [...(await models.list())] }),
  );

  app.get(
    '/models/:name',
    {
      schema: {
        tags,
        summary: 'A model that was trained here, and what it is worth on held-out photos',
        params,
        response: { 200: trainedModelSchema },
      },
    },
    async ({ params: { name } }) => trained.get(name),
  );

  app.get(
    '/models/:name/file',
    { schema: { tags, summary: 'The model file, ONNX', params } },
    async ({ params: { name } }, reply) => {
      const { bytes } = await trained.get(name);
      const path = await trained.path(name);
      return reply
        .headers({
          'content-type': 'application/octet-stream',
          'content-length': bytes,
          'content-disposition': `attachment; filename="${name}.onnx"`,
        })
        .send(createReadStream(path));
    },
  );

  app.get(
    '/models/:name/mistakes/:mistake/picture',
    {
      schema: {
        tags,
        summary: 'The picture of a mistake, by its place in the list, as JPEG',
        params: params.extend({ mistake: z.coerce.number().int().min(0).max(999) }),
      },
    },
    async ({ params: { name, mistake } }, reply) => {
      const picture = await trained.picture(name, mistake);
      return reply.type('image/jpeg').header('cache-control', forEver).send(picture);
    },
  );

  app.delete(
    '/models/:name',
    {
      schema: { tags, summary: 'Remove a model that was trained here', params, response: { 204: z.null() } },
    },
    async ({ params: { name } }, reply) => {
      await trained.remove(name);
      return reply.code(204).send(null);
    },
  );
}

/** Pictures that are dropped onto the page, for one training or evaluation. */

import { z } from 'zod';
import { dropName } from '../labelled-folder.ts';
import type { App, Served } from '../served.ts';
import { readUpload } from '../uploads.ts';

const tags = ['training'];

export function dropRoutes(app: App, { drops, uploads }: Served): void {
  app.post(
    '/drops',
    {
      schema: {
        tags,
        summary: 'Begin a drop: pictures by labels, for one training or evaluation',
        description:
          'They lie in a private temporary folder until that is done, at most half an hour unused.',
        response: { 201: z.object({ schema: z.literal(1), drop: z.string() }).meta({ id: 'Drop' }) },
      },
    },
    async (_request, reply) => reply.code(201).send({ schema: 1, drop: await drops.begin() }),
  );

  app.post(
    '/drops/:drop/pictures',
    {
      schema: {
        tags,
        consumes: ['multipart/form-data'],
        summary: 'Pictures of one label',
        params: z.object({ drop: dropName }),
        querystring: z.object({ label: z.string().min(1).max(200) }),
        response: {
          200: z.object({ schema: z.literal(1), pictures: z.number().int(), bytes: z.number().int() }),
        },
      },
    },
    // oxlint-disable-next-line oxc/no-async-endpoint-handlers -- fastify waits for it
    async (request) =>
      // They go to the disk as they come.
      uploads.admit(0, async () => {
        const { params, query } = request;
        const added = await readUpload(request, (files) => drops.add(params.drop, query.label, files));
        return { schema: 1 as const, ...added };
      }),
  );

  app.delete(
    '/drops/:drop',
    {
      schema: {
        tags,
        summary: 'Remove the pictures of a drop',
        params: z.object({ drop: dropName }),
        response: { 204: z.null() },
      },
    },
    async ({ params }, reply) => {
      await drops.remove(params.drop);
      return reply.code(204).send(null);
    },
  );
}

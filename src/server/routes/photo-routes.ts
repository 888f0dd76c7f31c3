/** Photos and videos: search, one photo with its faces, and the files themselves. */

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { z } from 'zod';
import { WhosinError } from '../../errors.ts';
import { albumPhotoJson, facetsJson, foundJson, statusJson, tracksJson } from '../../report/album-json.ts';
import {
  albumPhotoSchema,
  facetsSchema,
  foundSchema,
  statusSchema,
  tracksSchema,
} from '../../report/schema/album-schema.ts';
import { byteRange } from '../byte-range.ts';
import { nextOf, nextSchema, positionOf } from '../cursor.ts';
import { fileOf } from '../photo-file.ts';
import { forEver } from '../response-headers.ts';
import type { App, Served } from '../served.ts';

const tags = ['photos'];
const sha256 = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/, 'is 64 hexadecimal digits') });

const search = {
  q: z.string().max(2000).default('').describe('As in `Grandma and Ann, not Bob, 2019`'),
  confirmed: z.enum(['true', 'false']).default('false').describe('Count only names that somebody gave'),
};

export function photoRoutes(app: App, { album, thumbnails }: Served): void {
  app.get(
    '/album',
    { schema: { tags, summary: 'How the album stands', response: { 200: statusSchema } } },
    async () => statusJson(await album.status()),
  );

  app.get(
    '/photos',
    {
      schema: {
        tags,
        summary: 'Photos and videos, all or those that a search finds, the oldest first',
        querystring: z.object({
          ...search,
          limit: z.coerce.number().int().min(1).max(1000).default(200),
          offset: z.coerce
            .number()
            .int()
            .min(0)
            .optional()
            .describe('Begin so many photos after the first one'),
          cursor: z.string().max(100).optional(),
        }),
        response: { 200: foundSchema.extend({ next: nextSchema }).meta({ id: 'FoundPage' }) },
      },
    },
    async ({ query: { q, confirmed, limit, offset: given, cursor } }) => {
      const offset = given ?? positionOf(cursor);
      const found = await album.find(q, { limit, offset, confirmed: confirmed === 'true' });
      return { ...foundJson(found), next: nextOf(offset, found.photos.length, found.total) };
    },
  );

  app.get(
    '/photos/facets',
    {
      schema: {
        tags,
        summary: 'With what a search could go on, and how many of its photos and videos would be left',
        querystring: z.object(search),
        response: { 200: facetsSchema },
      },
    },
    async ({ query: { q, confirmed } }) =>
      facetsJson(await album.facets(q, { confirmed: confirmed === 'true' })),
  );

  app.get(
    '/photos/:sha256/tracks',
    {
      schema: {
        tags,
        summary: 'The faces of a video, moment by moment',
        params: sha256,
        response: { 200: tracksSchema },
      },
    },
    async ({ params }) => tracksJson(await album.tracks(params.sha256)),
  );

  app.get(
    '/photos/:sha256',
    {
      schema: {
        tags,
        summary: 'One photo with its faces',
        params: sha256,
        response: { 200: albumPhotoSchema },
      },
    },
    async ({ params }) => albumPhotoJson(await album.photo(params.sha256)),
  );

  app.get(
    '/photos/:sha256/picture',
    {
      schema: {
        tags,
        summary: 'The photo, upright and small, as JPEG',
        params: sha256,
        querystring: z.object({ side: z.enum(['256', '512', '1024', '2048']).default('512') }),
      },
    },
    async ({ params, query }, reply) => {
      const picture = await thumbnails.photo(params.sha256, Number(query.side));
      return reply.type('image/jpeg').header('cache-control', forEver).send(Buffer.from(picture));
    },
  );

  app.get(
    '/photos/:sha256/file',
    { schema: { tags, summary: 'The file itself; ranges are answered', params: sha256 } },
    async ({ params, headers }, reply) => {
      const photo = await album.photo(params.sha256);
      const path = await fileOf(photo);
      const size = photo.bytes;
      const range = byteRange(headers.range, size);
      void reply.headers({
        'content-type': typeOf(path),
        'accept-ranges': 'bytes',
        'cache-control': forEver,
        'content-length': range.end - range.start + 1,
        // The browser shows or stores it and runs nothing of it.
        'content-disposition': 'inline',
      });
      if (range.partial) {
        void reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${size}`);
      }
      return reply.send(createReadStream(path, { start: range.start, end: range.end }));
    },
  );

  app.get(
    '/waiting/:sha256/file',
    {
      schema: {
        tags,
        summary: 'A file that waits to be read, for a worker that does not see it',
        params: sha256,
      },
    },
    async ({ params }, reply) => {
      const path = await album.waitingFile(params.sha256);
      if (path === undefined) {
        throw new WhosinError('not-found', 'No file that is here waits to be read and holds this.');
      }
      const info = await stat(path);
      void reply.headers({
        'content-type': 'application/octet-stream',
        'content-length': info.size,
        'last-modified': info.mtime.toUTCString(),
        'cache-control': 'no-store',
      });
      return reply.send(createReadStream(path));
    },
  );
}

const types: Readonly<Record<string, string>> = {
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.gif': 'image/gif',
  '.heic': 'image/heic',
  '.mp4': 'video/mp4',
  '.m4v': 'video/mp4',
  '.mov': 'video/mp4',
  '.webm': 'video/webm',
};

/** Nothing that a browser would run: an SVG file is a download. */
function typeOf(path: string): string {
  return types[extname(path).toLowerCase()] ?? 'application/octet-stream';
}

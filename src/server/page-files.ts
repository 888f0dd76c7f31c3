/** The page: the files that were built into the package. Every address of a screen gives the same page. */

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import files from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { forEver } from './response-headers.ts';

/** In the package; in a checkout it is there once the page was built. */
const folder = fileURLToPath(new URL('../../dist/web/', import.meta.url));

const screens = [
  '/',
  '/people',
  '/people/*',
  '/groups/*',
  '/questions',
  '/photos',
  '/photos/*',
  '/album',
  '/teach',
  '/teach/*',
  '/settings',
];

export async function pageFiles(app: FastifyInstance): Promise<void> {
  if (!existsSync(folder)) return;
  await app.register(files, {
    root: folder,
    wildcard: false,
    index: false,
    // Names of assets hold a hash of their content; the page itself names them.
    setHeaders: (reply, path) => {
      if (path.includes('/assets/')) reply.header('cache-control', forEver);
    },
  });
  for (const screen of screens) {
    app.get(screen, { schema: { hide: true } }, (_request, reply) =>
      reply.header('cache-control', 'no-store').sendFile('index.html'),
    );
  }
}

/**
 * The page: the files that were built into the package. Every address of a screen gives the same page, and so does a wrong one
 * that somebody types into a browser.
 */

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import files from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { isForPeople } from './problem-page.ts';
import { HttpProblem, sendProblem } from './problems.ts';
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
  const isBuilt = existsSync(folder);
  app.setNotFoundHandler((request, reply) => {
    if (isBuilt && isForPeople(request)) {
      return reply.code(404).header('cache-control', 'no-store').sendFile('index.html');
    }
    const [path] = request.url.split('?');
    const problem = new HttpProblem(404, 'not-found', `There is no ${request.method} ${path}.`);
    return sendProblem(problem, request, reply);
  });
  if (!isBuilt) return;
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

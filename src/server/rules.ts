/**
 * Who may do what: here, and nowhere else. Every route of the API has a row, or the server does not start. One
 * rule is about entries: those who may answer take back their own words, owners everybody's.
 */

import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Album } from '../album/open-album.ts';
import { type Role, roles } from '../album/users.ts';
import type { Visitor } from './doorkeeper.ts';
import { HttpProblem } from './problems.ts';

const api = '/api/v1';

/** The least role for each route of the API. */
const leastRoles: Readonly<Record<Role, readonly string[]>> = {
  look: [
    'GET /album',
    'GET /me',
    'GET /photos',
    'GET /photos/facets',
    'GET /photos/:sha256',
    'GET /photos/:sha256/file',
    'GET /photos/:sha256/picture',
    'GET /photos/:sha256/tracks',
    'GET /waiting/:sha256/file',
    'GET /people',
    'GET /people/:uid',
    'GET /people/:uid/faces',
    'GET /people/:uid/years',
    'GET /groups',
    'GET /groups/:group/faces',
    'GET /faces/:face/picture',
    'GET /faces/:face/why',
    'GET /questions',
    'GET /said',
    'GET /events',
  ],
  answer: [
    'POST /questions/:id/answer',
    'POST /groups/:group/name',
    'POST /said',
    'POST /said/undo',
    'PATCH /people/:uid',
  ],
  // Beyond the album: folders and models of the machine, and whatever keeps its processors busy.
  own: [
    'GET /settings',
    'DELETE /cache/:what',
    'GET /jobs',
    'POST /jobs',
    'GET /jobs/:id',
    'DELETE /jobs/:id',
    'GET /jobs/:id/curve',
    'POST /drops',
    'POST /drops/:drop/pictures',
    'DELETE /drops/:drop',
    'GET /models',
    'POST /models',
    'GET /models/:name',
    'DELETE /models/:name',
    'GET /models/:name/file',
    'GET /models/:name/mistakes/:mistake/picture',
    'POST /models/:name/evaluations',
    'GET /evaluations/:id',
    'GET /evaluations/:id/report',
    'POST /identify',
    'POST /faces',
    'POST /classify',
    'POST /verify',
  ],
};

/** Besides the API: the page and what it tells of the server. Figures of the whole server are its owner's. */
const leastOfOthers: ReadonlyMap<string, Role> = new Map([['GET /metrics', 'own']]);

const leastOfApi: ReadonlyMap<string, Role> = new Map(
  roles.flatMap((role) => leastRoles[role].map((route) => [route.replace(' ', ` ${api}`), role] as const)),
);

/** Events that are about the album; the others are about work of the owner. */
const eventsOfAlbum = new Set(['said']);

declare module 'fastify' {
  interface FastifyRequest {
    visitor: Visitor;
  }
}

/** Called before there are routes; `request.visitor` is there for each that is let in. */
export function keepRules(app: FastifyInstance): void {
  app.decorateRequest('visitor');
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) {
      if (leastRole(one, url) === undefined) throw new Error(`rules.ts has no rule for ${one} ${url}`);
    }
  });
}

/** Throws `not-allowed` (403) if the visitor may not do what they ask for. */
export function checkRole({ visitor, method, routeOptions }: FastifyRequest): void {
  // There is no such route: that is told to anybody who was let in.
  if (routeOptions.url === undefined) return;
  const least = leastRole(method, routeOptions.url) ?? 'own';
  if (isAtLeast(visitor.role, least)) return;
  throw new HttpProblem(
    403,
    'not-allowed',
    `Your role is "${visitor.role}", and this takes "${least}": ask an owner of the album.`,
  );
}

/** The album in which this visitor speaks. */
export function albumOf(album: Album, { name, role }: Visitor): Album {
  return name === '' ? album : album.as(name, { ownWordsOnly: role !== 'own' });
}

export function hearsOf(event: string, { role }: Visitor): boolean {
  return role === 'own' || eventsOfAlbum.has(event);
}

/** Undefined: a route of the API that has no rule. */
export function leastRole(method: string, route: string): Role | undefined {
  const key = `${method === 'HEAD' ? 'GET' : method} ${route}`;
  return route.startsWith(`${api}/`) ? leastOfApi.get(key) : (leastOfOthers.get(key) ?? 'look');
}

export function isAtLeast(role: Role, least: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(least);
}

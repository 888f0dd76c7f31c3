/** People, groups without a name, and their faces. */

import { z } from 'zod';
import type { AlbumFaces } from '../../album/views/face-list.ts';
import { albumFaceJson, groupsJson, personJson, whyJson, yearsJson } from '../../report/album-json.ts';
import {
  facesSchema,
  groupsSchema,
  peopleSchema,
  personSchema,
  whySchema,
  yearsSchema,
} from '../../report/schema/album-schema.ts';
import { cursorOf, nextOf, positionOf } from '../cursor.ts';
import { forEver } from '../response-headers.ts';
import { albumOf } from '../rules.ts';
import type { App, Served } from '../served.ts';
import { faceSide } from '../thumbnails.ts';
import { changed, changedSchema } from './changed.ts';

const tags = ['people'];
const page = { cursor: z.string().max(100).optional() };
const uid = z.object({ uid: z.string().max(100) });
const face = z.object({ face: z.string().max(200) });
const number = z.object({ group: z.coerce.number().int().positive() });
const dateSchema = z
  .string()
  .regex(/^\d{4}(-\d\d(-\d\d)?)?$/)
  .nullable()
  .describe('2015-03-02, 2015-03 or 2015; null if it is not known');
export const nameSchema = z.string().min(1).max(200);

export function peopleRoutes(app: App, { album, thumbnails, events }: Served): void {
  app.get(
    '/people',
    {
      schema: {
        tags,
        summary: 'Everybody who has a name, the most frequent first',
        querystring: z.object({ limit: z.coerce.number().int().min(1).max(500).default(100), ...page }),
        response: { 200: peopleSchema },
      },
    },
    async ({ query: { limit, cursor } }) => {
      const offset = positionOf(cursor);
      const { total, people } = await album.people({ limit, offset });
      return {
        schema: 1 as const,
        total,
        people: people.map(personJson),
        next: nextOf(offset, people.length, total),
      };
    },
  );

  app.get(
    '/people/:uid',
    { schema: { tags, summary: 'One person', params: uid, response: { 200: personSchema } } },
    async ({ params }) => personJson(await album.person(params.uid)),
  );

  app.patch(
    '/people/:uid',
    {
      schema: {
        tags,
        summary: 'Rename, hide or show a person, or tell when they were born or died',
        description:
          'A name that somebody has already is refused (409), unless `merge=true` says that it is the same person.',
        params: uid,
        querystring: z.object({ merge: z.enum(['true', 'false']).default('false') }),
        body: z
          .object({
            person: nameSchema.optional(),
            hidden: z.boolean().optional(),
            born: dateSchema.optional(),
            died: dateSchema.optional(),
          })
          .strict(),
        response: { 200: changedSchema },
      },
    },
    async ({ params: { uid: who }, query, body: { person: name, ...rest }, visitor }) => {
      const merge = query.merge === 'true';
      return changed(events, await albumOf(album, visitor).changePerson(who, { name, ...rest }, { merge }));
    },
  );

  app.get(
    '/people/:uid/faces',
    {
      schema: {
        tags,
        summary: 'The faces of a person',
        params: uid,
        querystring: z.object({ limit: z.coerce.number().int().min(1).max(1000).default(200), ...page }),
        response: { 200: facesSchema },
      },
    },
    async ({ params, query }) =>
      facesJson(
        await album.faces({ person: params.uid }, { limit: query.limit, after: positionOf(query.cursor) }),
      ),
  );

  app.get(
    '/people/:uid/years',
    {
      schema: {
        tags,
        summary: 'The clearest face of a person in each year, the earliest first',
        params: uid,
        response: { 200: yearsSchema },
      },
    },
    async ({ params }) => yearsJson(await album.years(params.uid)),
  );

  app.get(
    '/groups',
    {
      schema: {
        tags,
        summary: 'Groups of faces without a name, the largest first',
        querystring: z.object({
          limit: z.coerce.number().int().min(1).max(500).default(50),
          least: z.coerce.number().int().min(1).default(2).describe('Leave out groups with fewer faces'),
        }),
        response: { 200: groupsSchema },
      },
    },
    async ({ query }) => groupsJson(await album.groups(query)),
  );

  app.get(
    '/groups/:group/faces',
    {
      schema: {
        tags,
        summary: 'The faces of a group',
        params: number,
        querystring: z.object({ limit: z.coerce.number().int().min(1).max(1000).default(200), ...page }),
        response: { 200: facesSchema },
      },
    },
    async ({ params, query }) =>
      facesJson(await album.faces(params, { limit: query.limit, after: positionOf(query.cursor) })),
  );

  app.post(
    '/groups/:group/name',
    {
      schema: {
        tags,
        summary: 'Give a group a name',
        description:
          'A name that somebody has already is refused (409), unless `same` says whether it is that person.',
        params: number,
        body: z.object({ person: nameSchema, same: z.boolean().optional() }).strict(),
        response: {
          200: z
            .object({
              schema: z.literal(1),
              person: z.string(),
              faces: z.number().int(),
              joined: z.boolean(),
              said: z.number().int(),
            })
            .meta({ id: 'Named' }),
        },
      },
    },
    async ({ params: { group }, body: { person, same }, visitor }) => {
      const named = await albumOf(album, visitor).name(group, person, {
        merge: same === true,
        anew: same === false,
      });
      changed(events, [named.said]);
      return { schema: 1 as const, ...named };
    },
  );

  app.get(
    '/faces/:face/why',
    {
      schema: {
        tags,
        summary: 'Why a face has its name: the confirmed faces that speak for it, and who comes next',
        params: face,
        response: { 200: whySchema },
      },
    },
    async ({ params }) => whyJson(await album.why(params.face)),
  );

  app.get(
    '/faces/:face/picture',
    {
      schema: {
        tags,
        summary: `A square of ${faceSide} pixels around a face, as JPEG`,
        params: face,
      },
    },
    async ({ params }, reply) => {
      const picture = await thumbnails.face(params.face);
      return reply.type('image/jpeg').header('cache-control', forEver).send(Buffer.from(picture));
    },
  );
}

function facesJson({ faces, next }: AlbumFaces): z.infer<typeof facesSchema> {
  return { schema: 1, faces: faces.map(albumFaceJson), next: cursorOf(next) };
}

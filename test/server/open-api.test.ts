/** The OpenAPI document, the client's types that are made of it, and random requests by it. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstLine, openApiDocument, typesFile } from '../../scripts/client.ts';
import { fitting, type JsonSchema, nearlyFitting, oddTexts } from './schema-values.ts';
import { type Served, serveMade } from './served-album.ts';

const root = join(import.meta.dirname, '..', '..');

test('the client’s types were made of the document that the server has now (npm run client)', async () => {
  const kept = (await readFile(join(root, typesFile), 'utf8')).split('\n')[0];
  expect(kept).toBe(firstLine(await openApiDocument()));
});

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly body: JsonSchema | undefined;
}

type Described = Partial<Omit<Operation, 'body'>> & {
  readonly requestBody?: {
    readonly content: { readonly 'application/json'?: { readonly schema: JsonSchema } };
  };
};

/** All but the stream of events, which never ends. */
async function operations(call: Served['call']): Promise<Operation[]> {
  const { paths } = (await call('GET', '/openapi.json')).body;
  return Object.entries(paths as Record<string, Record<string, Described>>)
    .filter(([path]) => path !== '/api/v1/events')
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { parameters = [], requestBody }]) => ({
        method: method.toUpperCase(),
        path,
        parameters,
        body: requestBody?.content['application/json']?.schema,
      })),
    );
}

// As schemathesis does: whatever is asked, the server answers in its own words.
test('random requests to every operation are never a fault of the server', async () => {
  const { call } = await serveMade({ people: 2 });
  const asked = await operations(call);
  expect(asked.length).toBeGreaterThan(20);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...asked),
      fc.array(oddTexts, { minLength: 6, maxLength: 6 }),
      fc.option(fc.jsonValue(), { nil: undefined }),
      async ({ method, path, parameters }, values, body) => {
        let address = path;
        const query = new URLSearchParams();
        for (const [i, { name, in: where }] of parameters.entries()) {
          const value = values[i % values.length]!;
          if (where === 'path')
            address = address.replace(`{${name}}`, encodeURIComponent(Buffer.from(value).toString()) || '-');
          else if (where === 'query') query.set(name, value);
        }
        const sends = method === 'GET' ? undefined : (body ?? {});
        const { status } = await call(method, `${address}?${query.toString()}`, sends);
        expect(`${method} ${address} ${status}`).not.toMatch(/ 5\d\d$/);
      },
    ),
    { numRuns: 150 },
  );
});

test('bodies that fit their schema, or nearly do, are answered or refused in words', async () => {
  const { call } = await serveMade({ people: 4 });
  const { groups } = (await call('GET', '/api/v1/groups')).body;
  const named = ['Ann', 'Bob'].map((person, i) =>
    call('POST', `/api/v1/groups/${groups[i].group}/name`, { person }),
  );
  await Promise.all(named);
  const { people } = (await call('GET', '/api/v1/people')).body;
  const { photos } = (await call('GET', '/api/v1/photos')).body;
  const { faces } = (await call('GET', `/api/v1/people/${people[0].uid}/faces`)).body;
  const { questions } = (await call('GET', '/api/v1/questions')).body;
  const texts = (list: object[], key: string): string[] =>
    list.map((one) => String((one as Record<string, unknown>)[key]));
  const ids: Record<string, readonly string[]> = {
    uid: texts(people, 'uid'),
    group: texts(groups, 'group'),
    id: texts(questions, 'id'),
    name: ['album'],
  };
  const known = [
    ...Object.values(ids).flat(),
    ...texts(people, 'person'),
    ...texts(faces, 'face'),
    ...texts(photos.slice(0, 3), 'sha256'),
  ];
  const withBody = (await operations(call)).filter(({ body, path }) => body && path !== '/api/v1/jobs');
  expect(withBody).toHaveLength(7);
  const request = fc.constantFrom(...withBody).chain(({ method, path, body }) =>
    fc.record({
      method: fc.constant(method),
      address: fc
        .constantFrom(...(ids[/\{(\w+)\}/.exec(path)?.[1] ?? 'name'] ?? known), 'nobody')
        .map((one) => path.replace(/\{\w+\}/, encodeURIComponent(one))),
      body: fc.oneof(fitting(body!, known), nearlyFitting(body!, known)),
    }),
  );
  const answers = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(request, async ({ method, address, body }) => {
      const { status } = await call(method, address, body);
      answers.set(status, (answers.get(status) ?? 0) + 1);
      expect(`${method} ${address} ${status}`).not.toMatch(/ 5\d\d$/);
    }),
    { numRuns: 150 },
  );
  for (const status of [200, 400, 404])
    expect([status, (answers.get(status) ?? 0) > 0]).toEqual([status, true]);
  expect((await call('GET', '/api/v1/said')).status).toBe(200);
});

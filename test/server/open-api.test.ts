/** The OpenAPI document, the client's types that are made of it, and random requests by it. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstLine, openApiDocument, typesFile } from '../../scripts/client.ts';
import { serveMade } from './served-album.ts';

const root = join(import.meta.dirname, '..', '..');

test('the client’s types were made of the document that the server has now (npm run client)', async () => {
  const kept = (await readFile(join(root, typesFile), 'utf8')).split('\n')[0];
  expect(kept).toBe(firstLine(await openApiDocument()));
});

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
}

const odd = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.constantFrom(
    '0',
    '-1',
    '1',
    '999999999999',
    'true',
    'null',
    '../../etc/passwd',
    "' or 1=1 --",
    '\u0000',
    '💥',
    'person-1-abc',
  ),
  fc.integer().map(String),
);

// As schemathesis does: whatever is asked, the server answers in its own words.
test('random requests to every operation are never a fault of the server', async () => {
  const { call } = await serveMade({ people: 2 });
  const { paths } = (await call('GET', '/openapi.json')).body;
  const operations = Object.entries(paths as Record<string, Record<string, Partial<Operation>>>).flatMap(
    ([path, methods]) =>
      Object.entries(methods).map(
        ([method, { parameters = [] }]): Operation => ({ method: method.toUpperCase(), path, parameters }),
      ),
  );
  expect(operations.length).toBeGreaterThan(20);
  const asked = operations.filter(({ path }) => path !== '/api/v1/events');
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...asked),
      fc.array(odd, { minLength: 6, maxLength: 6 }),
      fc.option(fc.jsonValue(), { nil: undefined }),
      async ({ method, path, parameters }, values, body) => {
        let address = path;
        const query = new URLSearchParams();
        for (const [i, { name, in: where }] of parameters.entries()) {
          const value = values[i % values.length]!;
          if (where === 'path') address = address.replace(`{${name}}`, encodeURIComponent(value) || '-');
          else if (where === 'query') query.set(name, value);
        }
        const sends = method === 'GET' ? undefined : (body ?? {});
        const { status } = await call(method, `${address}?${query.toString()}`, sends);
        expect(`${method} ${address} ${status}`).not.toMatch(/ 5\d\d$/);
      },
    ),
    { numRuns: 400 },
  );
});

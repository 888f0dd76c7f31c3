import { expect, test } from 'vitest';
import { serveMade } from './served-album.ts';

test('each request is a JSON object a line, with its route and without what was searched for; faults are lines too', async () => {
  const lines: string[] = [];
  const { call, album } = await serveMade({ people: 1, log: (line) => lines.push(line) });
  await call('GET', '/api/v1/photos?q=Grandma');
  await call('GET', '/api/v1/nothing/Grandma');
  await album.close();
  await call('GET', '/api/v1/people');
  const entries = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(entries.map(({ level, method, route, status }) => [level, method, route, status])).toEqual([
    ['info', undefined, undefined, undefined],
    ['info', 'GET', '/api/v1/photos', 404],
    ['info', 'GET', null, 404],
    ['error', undefined, undefined, undefined],
    ['info', 'GET', '/api/v1/people', 500],
  ]);
  expect(entries[0]!['msg']).toContain('listening');
  expect(entries[1]).toMatchObject({ time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string });
  expect(entries[1]!['ms']).toBeGreaterThanOrEqual(0);
  expect(lines.join('')).not.toContain('Grandma');
});

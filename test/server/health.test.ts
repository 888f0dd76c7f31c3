import { expect, test } from 'vitest';
import { serveMade } from './served-album.ts';

test('figures of the album are there for Prometheus; while it does not answer, that is one of them', async () => {
  const { call, album } = await serveMade({ people: 2, takes: 3 });
  const figures = async (): Promise<ReadonlyMap<string, number>> => {
    const { body } = await call('GET', '/metrics');
    const lines = (body as string).split('\n').filter((line) => line.startsWith('whosin_'));
    return new Map(lines.map((line) => [line.split(' ')[0]!, Number(line.split(' ')[1])]));
  };
  const before = await figures();
  expect(
    ['whosin_album_up', 'whosin_photos', 'whosin_faces', 'whosin_said'].map((name) => before.get(name)),
  ).toEqual([1, 6, 6, 0]);
  await album.name((await album.groups()).groups[0]!.group, 'Ann');
  expect((await figures()).get('whosin_said')).toBe(1);
  expect((await call('GET', '/healthz/ready')).status).toBe(200);
  await album.close();
  const after = await figures();
  expect([after.get('whosin_album_up'), after.get('whosin_said')]).toEqual([0, 1]);
  const { status, body } = await call('GET', '/healthz/ready');
  expect([status, body.status]).toEqual([503, 'not-ready']);
});

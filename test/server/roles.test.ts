/** Users of an album: every route as every role, whose words are whose, and how somebody comes in and is let in no more. */

import { describe, expect, test } from 'vitest';
import type { Role } from '../../src/album/users.ts';
import { isAtLeast, leastRole } from '../../src/server/rules.ts';
import { type Answer, answerOf, type Served, serveMade } from './served-album.ts';

const roles: readonly Role[] = ['look', 'answer', 'own'];

/** The requests of a user: with their token. */
async function asUser({ album, call }: Served, name: string, role: Role) {
  const { token, link } = await album.users.add(name, role);
  const headers = { authorization: `Bearer ${token}` };
  return {
    link,
    call: (method: string, path: string, body?: unknown): Promise<Answer> =>
      call(method, path, body, headers),
  };
}

/** As the API's document has them: `/api/v1/people/{uid}` is `/api/v1/people/:uid` to the rules. */
async function routesOf({ call }: Served): Promise<readonly (readonly [method: string, path: string])[]> {
  const { paths } = (await call('GET', '/openapi.json')).body as { paths: Record<string, object> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => [method.toUpperCase(), path] as const),
  );
}

test.each(roles)('every route as "%s": done or refused, as the rules say', async (role) => {
  const served = await serveMade({ people: 2 });
  const routes = await routesOf(served);
  expect(routes.length).toBeGreaterThan(45);
  const user = await asUser(served, 'Ann', role);
  const refused: string[] = [];
  for (const [method, path] of routes) {
    // An event stream has no end; it is tried below.
    if (path.startsWith('/healthz') || path === '/api/v1/events') continue;
    const route = `${method} ${path}`;
    const { status, body } = await user.call(
      method,
      path.replaceAll(/\{\w+\}/g, '1'),
      method === 'GET' || method === 'DELETE' ? undefined : {},
    );
    const least = leastRole(method, path.replaceAll(/\{(\w+)\}/g, ':$1'))!;
    expect([route, status === 403 && body.code === 'not-allowed']).toEqual([route, !isAtLeast(role, least)]);
    if (status === 403) refused.push(route);
  }
  // The rules themselves, as somebody would tell them.
  const writes = refused.filter((route) => !route.startsWith('GET'));
  expect(writes.includes('POST /api/v1/said')).toBe(role === 'look');
  expect(writes.includes('POST /api/v1/said/undo')).toBe(role === 'look');
  expect(refused.includes('POST /api/v1/jobs')).toBe(role !== 'own');
  expect(refused.includes('GET /api/v1/settings')).toBe(role !== 'own');
  expect(refused.includes('GET /metrics')).toBe(role !== 'own');
  expect(refused.includes('GET /api/v1/photos')).toBe(false);
  const changing = routes.filter(([method]) => method !== 'GET').map((route) => route.join(' '));
  expect(writes.length).toBe({ look: changing.length, answer: changing.length - 5, own: 0 }[role]);
});

describe('those who may answer', () => {
  test('say so under their name, and take back their own words and no others’; an owner takes back all', async () => {
    const served = await serveMade({ people: 3 });
    const [ann, bob, eve] = await Promise.all([
      asUser(served, 'Ann', 'answer'),
      asUser(served, 'Bob', 'answer'),
      asUser(served, 'Eve', 'own'),
    ]);
    const name = async (who: { call: Served['call'] }, person: string): Promise<number> => {
      const { group } = (await who.call('GET', '/api/v1/groups')).body.groups[0];
      return (await who.call('POST', `/api/v1/groups/${group}/name`, { person })).body.said;
    };
    const [first, second] = [await name(ann, 'Grandma'), await name(bob, 'Grandpa')];
    const third = await name({ call: served.call }, 'Uncle');
    const log = async () =>
      (await ann.call('GET', '/api/v1/said')).body.said.map((entry: { who: string; kind: string }) => [
        entry.kind,
        entry.who,
      ]);
    expect(await log()).toEqual([
      ['is', ''],
      ['is', 'Bob'],
      ['is', 'Ann'],
    ]);
    const undo = (who: { call: Served['call'] }, ...said: number[]) =>
      who.call('POST', '/api/v1/said/undo', { said });
    for (const other of [second, third]) {
      const { status, body } = await undo(ann, first, other);
      expect([status, body.detail]).toEqual([403, expect.stringContaining('not said by you')]);
    }
    // The last word is that of whoever asks, not the album's.
    expect((await undo(ann)).body.said).toEqual([first]);
    expect((await undo(eve, second, third)).status).toBe(200);
    expect((await log()).slice(0, 3)).toEqual([
      ['undo', 'Eve'],
      ['undo', 'Eve'],
      ['undo', 'Ann'],
    ]);
  });

  test('get no answer that was given to somebody else, whatever Idempotency-Key they send', async () => {
    const served = await serveMade({ people: 1 });
    const { group } = (await served.call('GET', '/api/v1/groups')).body.groups[0];
    const { token } = await served.album.users.add('Ann', 'answer');
    const path = `/api/v1/groups/${group}/name`;
    const key = { 'idempotency-key': 'k' };
    expect((await served.call('POST', path, { person: 'Ann' }, key)).status).toBe(200);
    const other = await served.call(
      'POST',
      path,
      { person: 'Ann' },
      { ...key, authorization: `Bearer ${token}` },
    );
    expect(other.headers.get('idempotent-replayed')).toBeNull();
    expect(other.status).not.toBe(200);
  });

  test('hear what is said, and nothing of the owner’s work', async () => {
    const served = await serveMade({ people: 1 });
    const { token } = await served.album.users.add('Ann', 'answer');
    const stop = new AbortController();
    const heard = await fetch(`${served.server.address}/api/v1/events`, {
      headers: { authorization: `Bearer ${token}` },
      signal: stop.signal,
    });
    await served.call('POST', '/api/v1/jobs', { kind: 'add', paths: [served.folder] });
    const { group } = (await served.call('GET', '/api/v1/groups')).body.groups[0];
    await served.call('POST', `/api/v1/groups/${group}/name`, { person: 'Ann' });
    let text = '';
    for await (const part of heard.body!) {
      text += new TextDecoder().decode(part as Uint8Array);
      if (text.includes('event: said')) break;
    }
    stop.abort();
    expect(text).not.toContain('event: job');
  });
});

describe('a user', () => {
  test('comes in by a link that opens once, and is known by a cookie until they are removed', async () => {
    const served = await serveMade({ people: 1 });
    const { link } = await served.album.users.add('Ann 祖母', 'answer');
    const visit = () => fetch(`${served.server.address}/?token=${link}`, { redirect: 'manual' });
    const first = await visit();
    expect(first.status).toBe(303);
    const cookie = first.headers.get('set-cookie')!.split(';')[0]!;
    expect((await visit()).status).toBe(401);
    const me = async (): Promise<Answer> =>
      answerOf(await fetch(`${served.server.address}/api/v1/me`, { headers: { cookie } }));
    expect((await me()).body).toEqual({ schema: 1, name: 'Ann 祖母', role: 'answer' });
    // Whoever changes the name in it changes what was signed.
    const [until, nonce, , signature] = cookie.split('.');
    for (const forged of [
      [until, nonce, Buffer.from('Eve').toString('base64url'), signature],
      [until, nonce, signature],
    ]) {
      const headers = { cookie: forged.join('.') };
      expect((await fetch(`${served.server.address}/api/v1/me`, { headers })).status).toBe(401);
    }
    await served.album.users.add('Ann 祖母', 'look');
    expect((await me()).status).toBe(401);
    await served.album.users.remove('Ann 祖母');
    expect((await me()).status).toBe(401);
    await expect(served.album.users.remove('Ann 祖母')).rejects.toMatchObject({ code: 'not-found' });
  });

  test('of one album is nobody in another', async () => {
    const [one, other] = [await serveMade({ people: 1 }), await serveMade({ people: 1 })];
    const { token } = await one.album.users.add('Ann', 'own');
    const headers = { authorization: `Bearer ${token}` };
    expect((await one.call('GET', '/api/v1/people', undefined, headers)).status).toBe(200);
    expect((await other.call('GET', '/api/v1/people', undefined, headers)).status).toBe(401);
  });

  test('has a name of one line, and secrets that the album does not store', async () => {
    const { album } = await serveMade({ people: 0 });
    for (const name of ['', ' Ann', 'a\nb', 'x'.repeat(61)]) {
      await expect(album.users.add(name, 'look')).rejects.toMatchObject({ code: 'usage' });
    }
    const { token, link } = await album.users.add('Ann', 'look');
    const rows = JSON.stringify(await album.catalog.read(({ users }) => users.all()));
    expect(rows).not.toContain(token);
    expect(rows).not.toContain(link);
  });
});

/** Who is let in, and who is not. */

import { request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, test } from 'vitest';
import { answerOf, serveMade, token } from './served-album.ts';

/** A request as no browser would send it: `fetch` sets Host and Origin by itself. */
function raw(address: string, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(address);
    request({ hostname, port, path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    })
      .on('error', reject)
      .end();
  });
}

describe('a request', () => {
  test('without a token learns only that the server is there', async () => {
    const { server } = await serveMade({ people: 0 });
    expect((await fetch(`${server.address}/healthz/live`)).status).toBe(200);
    for (const path of [
      '/',
      '/people',
      '/api/v1/album',
      '/openapi.json',
      '/metrics',
      '/version',
      '/assets/x.js',
    ]) {
      const { status, body, headers } = await answerOf(await fetch(server.address + path));
      expect([path, status, body.code]).toEqual([path, 401, 'no-token']);
      expect(headers.get('content-type')).toContain('application/problem+json');
    }
  });

  test('without a token from somebody at a browser is answered by a page', async () => {
    const { server } = await serveMade({ people: 0 });
    const headers = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
    const answer = await fetch(`${server.address}/photos`, { headers });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    const page = await answer.text();
    expect(page).toContain('<h1>This album is locked</h1>');
    expect(page).toContain('Open the link that <code>whosin serve</code> printed');
    const api = await fetch(`${server.address}/api/v1/people`, { headers });
    expect(api.headers.get('content-type')).toContain('application/problem+json');
  });

  test.each([
    ['a wrong token', { authorization: 'Bearer the-token-of-other-tests' }],
    ['half a token', { authorization: `Bearer ${token.slice(0, 12)}` }],
    ['a cookie that was made up', { cookie: 'whosin=9999999999999.abc.def' }],
    ['a cookie without an end', { cookie: 'whosin=' }],
  ])('with %s is refused', async (_, headers) => {
    const { server } = await serveMade({ people: 0 });
    expect((await fetch(`${server.address}/api/v1/album`, { headers })).status).toBe(401);
  });

  test('after thirty wrong tokens in a minute, is told to wait; those who have it are not', async () => {
    const { server, call } = await serveMade({ people: 0 });
    const statuses: number[] = [];
    // A minute may end meanwhile: more than thirty are in one of the two.
    for (let i = 0; i < 70; i++) statuses.push((await fetch(`${server.address}/api/v1/album`)).status);
    expect(new Set(statuses.slice(0, 25))).toEqual(new Set([401]));
    expect(statuses).toContain(429);
    expect((await call('GET', '/api/v1/album')).status).toBe(200);
  });

  // DNS rebinding: a page of the internet has its own name point to 127.0.0.1.
  test('for another host is refused, even with the token', async () => {
    const { server } = await serveMade({ people: 0, allowedHosts: ['nas.local'] });
    const authorization = `Bearer ${token}`;
    const status = (host: string): Promise<number> =>
      raw(server.address, '/api/v1/album', { host, authorization });
    expect(await status('evil.example')).toBe(421);
    expect(await status('127.0.0.1.evil.example')).toBe(421);
    expect(await status('localhost:80')).toBe(200);
    expect(await status('nas.local:4180')).toBe(200);
  });

  test('from a page of another site is refused, unless that site is allowed', async () => {
    const { server } = await serveMade({ people: 0, allowedOrigins: ['https://mine.example'] });
    const { host } = new URL(server.address);
    const status = (origin: string): Promise<number> =>
      raw(server.address, '/api/v1/album', { host, origin, authorization: `Bearer ${token}` });
    expect(await status('https://evil.example')).toBe(403);
    expect(await status('null')).toBe(403);
    // A browser sends our cookie to us from pages of every port of this machine.
    expect(await status('http://127.0.0.1:3000')).toBe(403);
    expect(await status('http://127.0.0.1')).toBe(403);
    expect(await status('https://mine.example')).toBe(200);
    expect(await status(server.address)).toBe(200);
  });
});

test('a page that is allowed reads the answers too, with the token; others are told of no such thing', async () => {
  const { server } = await serveMade({ people: 0, allowedOrigins: ['https://mine.example'] });
  const address = `${server.address}/api/v1/album`;
  const ask = (origin: string, method = 'GET') =>
    fetch(address, {
      method,
      headers: { origin, ...(method === 'GET' && { authorization: `Bearer ${token}` }) },
    });
  const asked = await ask('https://mine.example', 'OPTIONS');
  expect([asked.status, asked.headers.get('access-control-allow-headers')]).toEqual([
    204,
    expect.stringContaining('authorization'),
  ]);
  const answer = await ask('https://mine.example');
  expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([
    200,
    'https://mine.example',
  ]);
  expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
  const refused = await ask('https://evil.example', 'OPTIONS');
  expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([403, null]);
});

describe('the link', () => {
  test('lets a browser in once, by a cookie that scripts cannot read and other sites cannot send', async () => {
    const { server } = await serveMade({ people: 0 });
    const link = server.link();
    const first = await fetch(link, { redirect: 'manual' });
    expect([first.status, first.headers.get('location')]).toEqual([303, '/']);
    const cookie = first.headers.get('set-cookie')!;
    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('SameSite=Strict');
    const headers = { cookie: cookie.split(';')[0]! };
    expect((await fetch(`${server.address}/api/v1/album`, { headers })).status).toBe(200);
    expect((await fetch(link, { redirect: 'manual' })).status).toBe(401);
  });

  test('survives a restart by its cookie, and ends with another token', async () => {
    const first = await serveMade({ people: 0 });
    const cookie = (await fetch(first.server.link(), { redirect: 'manual' })).headers.get('set-cookie')!;
    const headers = { cookie: cookie.split(';')[0]! };
    const again = await serveMade({ people: 0 });
    expect((await fetch(`${again.server.address}/api/v1/album`, { headers })).status).toBe(200);
    const other = await serveMade({ people: 0, token: 'a-token-that-is-another' });
    expect((await fetch(`${other.server.address}/api/v1/album`, { headers })).status).toBe(401);
  });
});

test('every answer forbids frames, scripts within the page, and anything from elsewhere', async () => {
  const { call } = await serveMade({ people: 0 });
  for (const path of ['/api/v1/album', '/api/v1/nothing', '/healthz/live']) {
    const { headers } = await call('GET', path);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('access-control-allow-origin')).toBeNull();
  }
});

test('a client that sends its body slowly or without end does not hold up the others', async () => {
  const { server, call } = await serveMade({ people: 0 });
  const { hostname, port } = new URL(server.address);
  const slow = connect(Number(port), hostname);
  slow.on('error', () => {});
  slow.write(
    `POST /api/v1/said HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{`,
  );
  expect((await call('GET', '/api/v1/album')).status).toBe(200);
  slow.destroy();
  const { status, body } = await call('POST', '/api/v1/said', {
    kind: 'is',
    person: 'x'.repeat(3e6),
    faces: ['1'],
  });
  expect([status, body.code]).toEqual([413, 'too-large']);
});

describe('a server that listens on all addresses', () => {
  test('answers to each address of the machine, and to no name that was not allowed', async () => {
    const { server } = await serveMade({ people: 0, host: '0.0.0.0' });
    const authorization = `Bearer ${token}`;
    const status = (host: string): Promise<number> =>
      raw(server.address, '/api/v1/album', { host, authorization });
    const addresses = Object.values(networkInterfaces()).flatMap((list = []) =>
      list.map(({ address }) => address),
    );
    for (const address of addresses) {
      expect([
        address,
        await status(address.includes(':') ? `[${address}]:4180` : `${address}:4180`),
      ]).toEqual([address, 200]);
    }
    expect(await status('nas.local')).toBe(421);
    expect(await status('203.0.113.7')).toBe(421);
  });
});

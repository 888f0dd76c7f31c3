/** Requests of somebody who means harm, and the answers. Hosts, origins and tokens: guard.test.ts. */

import { writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { serveMade, token } from './served-album.ts';

const authorization = `Bearer ${token}`;

/** A request with its path letter by letter: `fetch` resolves `..` by itself. */
async function raw(address: string, method: string, path: string): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(address);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ hostname, port, path, method, headers: { authorization } }, resolve).on('error', reject).end();
  });
  return { status: response.statusCode!, body: await text(response) };
}

const waysOut = [
  '../../../../etc/passwd',
  '..%2f..%2f..%2f..%2fetc%2fpasswd',
  '%2e%2e%2f%2e%2e%2fserver-token',
  '..%5c..%5cserver-token',
  '%2fetc%2fpasswd',
  '....//....//etc/passwd',
  '%00',
  '%c0%ae%c0%ae%c0%af',
  '%25%32%65%25%32%65',
  `${'0'.repeat(64)}%2f..%2f..%2fetc%2fpasswd`,
];

test('no path and no id leads out of the album', async () => {
  const { server, call, folder } = await serveMade();
  await writeFile(join(folder, 'server-token'), 'root: a secret');
  const { paths } = (await call('GET', '/openapi.json')).body as { paths: Record<string, object> };
  const places = [
    ...Object.entries(paths).flatMap(([path, methods]) =>
      path.includes('{') ? Object.keys(methods).map((method) => [method.toUpperCase(), path] as const) : [],
    ),
    ...['/', '/assets/', '/people/', '/photos/', '/api/v1/', '/api/v1/../', '/api/v1/photos?q=in '].map(
      (path) => ['GET', `${path}{id}`] as const,
    ),
  ];
  expect(places.length).toBeGreaterThan(15);
  for (const [method, path] of places) {
    for (const way of waysOut) {
      const { status, body } = await raw(
        server.address,
        method,
        path.replaceAll(/\{\w+\}/g, way).replace(' ', '%20'),
      );
      // The page itself, a search, or a refusal.
      const isOurs = status !== 200 || /<title>whosin|"meaning"/.test(body);
      expect([method, path, way, status < 500, isOurs]).toEqual([method, path, way, true, true]);
    }
  }
});

/** Bodies that go on until the server says something, and what that is. */
async function endless(
  address: string,
  head: string,
  chunk: Buffer,
): Promise<{ status: string; sent: number }> {
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  let sent = 0;
  const answer: string[] = [];
  socket.on('data', (data) => answer.push(data.toString()));
  const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => {});
  socket.write(head);
  while (answer.length === 0 && !socket.destroyed && sent < 1e9) {
    const size = Buffer.from(`${chunk.length.toString(16)}\r\n`);
    const taken = socket.write(Buffer.concat([size, chunk, Buffer.from('\r\n')]));
    sent += chunk.length;
    if (!taken) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), gone]);
    else await new Promise((resolve) => setImmediate(resolve));
  }
  return { status: answer.join('').slice(0, 12), sent };
}

test('a body without an end is cut off at its limit, before it is read if nobody is let in', async () => {
  const { server, call } = await serveMade({ people: 0 });
  const head = (path: string, type: string, who = `Authorization: ${authorization}\r\n`): string =>
    `POST /api/v1/${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${who}Content-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n`;
  const megabyte = Buffer.alloc(1 << 20, 'a');
  const photo = 'multipart/form-data; boundary=x';
  const begun = '--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\n';
  const upload = `${head('identify', photo)}${begun.length.toString(16)}\r\n${begun}\r\n`;
  const json = await endless(server.address, head('said', 'application/json'), megabyte);
  expect(json.status).toBe('HTTP/1.1 413');
  expect(json.sent).toBeLessThan(20e6);
  const photos = await endless(server.address, upload, megabyte);
  expect(photos.status).toBe('HTTP/1.1 413');
  expect(photos.sent).toBeLessThan(150e6);
  const stranger = await endless(server.address, head('identify', photo, ''), megabyte);
  expect(stranger.status).toBe('HTTP/1.1 401');
  expect(stranger.sent).toBeLessThan(20e6);
  expect((await call('GET', '/api/v1/album')).status).toBe(200);
});

/** Sends the beginning, then a letter now and then. @returns everything that was answered until the server hung up */
function trickle(address: string, beginning: string): Promise<string> {
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  const answer: string[] = [];
  if (beginning !== '') socket.write(beginning);
  const drip = setInterval(() => beginning !== '' && socket.write('a'), 20);
  socket.on('data', (data) => answer.push(data.toString()));
  // It was written to after it was hung up.
  socket.on('error', () => {});
  return new Promise((resolve) =>
    socket.once('close', () => {
      clearInterval(drip);
      resolve(answer.join(''));
    }),
  );
}

test('hundreds of clients that send a byte now and then keep nobody waiting, and are cut off', async () => {
  const { server, call } = await serveMade({ people: 1, patience: 600 });
  const head = (path: string, rest: string): string =>
    `POST /api/v1/${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: ${authorization}\r\n${rest}`;
  const photo = '--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\n';
  const begun = [
    // Nothing at all, headers that never end, then bodies: of JSON, of photos, of a body that is refused.
    '',
    'GET /api/v1/people HTTP/1.1\r\nHost: ',
    head('said', 'X-Long: '),
    head('said', 'Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{"kind":"'),
    head(
      'identify',
      `Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000000\r\n\r\n${photo}`,
    ),
    head('people', 'Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{"kind":"'),
  ];
  const slow = Array.from({ length: 240 }, (_, n) => trickle(server.address, begun[n % begun.length]!));
  expect((await call('GET', '/api/v1/people')).status).toBe(200);
  const { group } = (await call('GET', '/api/v1/groups')).body.groups[0];
  expect((await call('POST', `/api/v1/groups/${group}/name`, { person: 'Ann' })).status).toBe(200);
  // The test ends when the server has hung up on all of them.
  const answers = await Promise.all(slow);
  expect(answers.filter((answer) => /^HTTP\/1.1 [25]/.test(answer))).toEqual([]);
  expect((await call('GET', '/metrics')).body).toContain('whosin_uploads_inside 0\n');
});

// A name is a text, whatever is in it; the page shows it as one (page.slow.test.ts).
test('SQL, HTML and a header in names, searches and cursors are texts', async () => {
  const { call } = await serveMade();
  const names = [
    "Robert'); drop table people;--",
    '<script>alert(1)</script>',
    'a\r\nSet-Cookie: b=c',
    '" or 1=1 --',
    '%s%n',
    '${7*7}',
    '\u202Egnp',
  ];
  for (const person of names) {
    const { group } = (await call('GET', '/api/v1/groups')).body.groups[0];
    const named = await call('POST', `/api/v1/groups/${group}/name`, { person });
    expect([person, named.status]).toEqual([person, 200]);
    expect(named.headers.get('set-cookie')).toBeNull();
    const { people } = (await call('GET', '/api/v1/people')).body;
    expect(people.map((one: { person: string }) => one.person)).toEqual([named.body.person]);
    for (const q of [person, `"${person}"`]) {
      expect((await call('GET', `/api/v1/photos?q=${encodeURIComponent(q)}`)).status).toBeLessThan(500);
    }
    expect((await call('GET', `/api/v1/photos?cursor=${encodeURIComponent(person)}`)).status).toBe(400);
    expect((await call('POST', '/api/v1/said/undo', { said: [named.body.said] })).status).toBe(200);
  }
});

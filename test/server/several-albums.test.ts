/** Several albums: a server for each, by a host name of its own behind one proxy, as docs/CLUSTER.md has it. */

import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { serveMade } from './served-album.ts';

/** Hands each request to the server of its host name, with that name. */
async function openProxy(ports: Readonly<Record<string, string>>): Promise<number> {
  const proxy = createServer((incoming, outgoing) => {
    const { method, url: path, headers } = incoming;
    const to = request({ port: ports[headers.host ?? ''], method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(to);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void proxy.close());
  return (proxy.address() as AddressInfo).port;
}

interface Answer {
  readonly status: number;
  readonly cookie: string;
  readonly body: string;
}

test('each album has its own people and users: who is let into one sees nothing of the other', async () => {
  const names = ['smith.example.org', 'jones.example.org'] as const;
  const albums = await Promise.all(
    names.map((name, i) => serveMade({ token: `the-token-of-${name}`, allowedHosts: [name], people: i + 1 })),
  );
  const ports = albums.map(({ server }, i) => [names[i]!, new URL(server.address).port] as const);
  const port = await openProxy(Object.fromEntries(ports));
  const ask = (host: string, path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      request({ port, path, headers: { host, ...headers } }, (answer) => {
        const [cookie = ''] = answer.headers['set-cookie'] ?? [];
        text(answer).then(
          (body) => resolve({ status: answer.statusCode!, cookie: cookie.split(';')[0]!, body }),
          reject,
        );
      })
        .on('error', reject)
        .end();
    });
  const { link } = await albums[0]!.album.users.add('Ann', 'look');
  const { cookie } = await ask(names[0], `/?token=${link}`);
  const [own, other] = await Promise.all(names.map((name) => ask(name, '/api/v1/album', { cookie })));
  expect([own!.status, JSON.parse(own!.body)]).toEqual([200, expect.objectContaining({ faces: 3 })]);
  expect(other!.status).toBe(401);
  expect((await ask(names[1], `/?token=${link}`)).status).toBe(401);
  const authorization = `Bearer the-token-of-${names[0]}`;
  expect((await ask(names[0], '/api/v1/people', { authorization })).status).toBe(200);
  expect((await ask(names[1], '/api/v1/people', { authorization })).status).toBe(401);
});

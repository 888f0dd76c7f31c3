/** A real server on 127.0.0.1 that hands out one file, as well or as badly as a test asks for. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Loopback {
  readonly address: string;
  /** The Range of each request, in order; nothing where it asked for all. */
  readonly ranges: (string | undefined)[];
  breakOff(): void;
}

export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** Answers the nth request with the nth answer, and all further ones with the last. */
export async function serve(...answers: readonly Answer[]): Promise<Loopback> {
  const ranges: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const answer = answers[Math.min(ranges.length, answers.length - 1)]!;
    ranges.push(request.headers.range);
    answer(response, request);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/model.tgz`,
    ranges,
    breakOff: () => server.closeAllConnections(),
  };
}

/** The file, from where it is asked for. */
export function whole(file: Uint8Array, tag = '"1"'): Answer {
  return (response, request) => {
    const start = startOf(request, tag);
    response.writeHead(start > 0 ? 206 : 200, headers(file, start, tag));
    response.end(file.subarray(start));
  };
}

/** The file until `bytes` of it have been sent, and then nothing more until the connection is broken. */
export function partly(file: Uint8Array, bytes: number, tag = '"1"'): Answer {
  return (response, request) => {
    const start = startOf(request, tag);
    response.writeHead(start > 0 ? 206 : 200, headers(file, start, tag));
    response.write(file.subarray(start, bytes));
  };
}

/** The connection breaks at once. */
export const broken: Answer = (response) => void response.destroy();

export function page(status: number, text = '<html>Please log in</html>'): Answer {
  return (response) => response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(text);
}

export function sendOn(location: string): Answer {
  return (response) => response.writeHead(302, { location }).end();
}

/** A server that still has the same file goes on; any other starts over. */
function startOf({ headers: asked }: IncomingMessage, tag: string): number {
  const [, start] = /^bytes=(\d+)-$/.exec(asked.range ?? '') ?? [];
  return start !== undefined && asked['if-range'] === tag ? Number(start) : 0;
}

function headers(file: Uint8Array, start: number, tag: string): Record<string, string> {
  const range = `bytes ${start}-${file.length - 1}/${file.length}`;
  return {
    'content-type': 'application/x-tar',
    'content-length': String(file.length - start),
    etag: tag,
    ...(start > 0 && { 'content-range': range }),
  };
}

/** A proxy that opens every tunnel to that server, whatever it is asked for. */
export async function proxyTo(
  address: string,
): Promise<{ readonly address: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const proxy = createServer().on('connect', (request: IncomingMessage, client: Socket) => {
    asked.push(request.url!);
    const server = connect(Number(new URL(address).port), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      client.pipe(server).pipe(client);
    });
    for (const socket of [client, server]) socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  return { address: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked };
}

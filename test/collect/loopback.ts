/** A server on loopback that keeps a log of what it was asked. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Loopback {
  /** With a slash at the end. */
  readonly address: string;
  /** Paths with parameters, in the order of asking. */
  readonly asked: readonly string[];
  /** Those whose answer was handed over to the end. */
  readonly answered: readonly string[];
  readonly agents: ReadonlySet<string>;
  close(): Promise<void>;
}

export type Answering = (url: URL, response: ServerResponse, request: IncomingMessage) => unknown;

export async function listen(answer: Answering): Promise<Loopback> {
  const [asked, answered, agents]: [string[], string[], Set<string>] = [[], [], new Set()];
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    asked.push(path);
    agents.add(request.headers['user-agent'] ?? '');
    response.on('finish', () => answered.push(path));
    void Promise.resolve(answer(new URL(path, `http://${request.headers.host}`), response, request)).catch(
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/`,
    asked,
    answered,
    agents,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

export function notFound(response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'text/plain' });
  response.end('not here');
}

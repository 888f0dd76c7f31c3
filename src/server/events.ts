/** Events as they happen (server-sent events of the HTML standard). Who was away takes them up from the last one it saw. */

import type { FastifyReply } from 'fastify';
import { HttpProblem } from './problems.ts';

export interface ServerEvent {
  readonly id: number;
  readonly name: string;
  readonly data: object;
}

export interface Listening {
  /** The last event that the client saw. */
  readonly after?: number;
  readonly wants: (name: string) => boolean;
}

export interface Events {
  send(name: string, data: object): void;
  /** Sends those after `after` that are remembered, then each as it happens, until the client goes. */
  stream(reply: FastifyReply, how: Listening): void;
  readonly listeners: number;
  close(): void;
}

const remembered = 1000;

/** A browser opens one for each of its tabs. */
const mostListeners = 64;

/** Milliseconds between signs of life, so that nothing in between takes the connection for dead. */
const heartbeat = 15_000;

/** A client that reads nothing is let go once so many bytes wait for it. */
const mostWaiting = 1_000_000;

export function openEvents(): Events {
  const past: ServerEvent[] = [];
  const clients = new Map<FastifyReply['raw'], Listening['wants']>();
  let last = 0;
  const write = (client: FastifyReply['raw'], text: string): void => {
    client.write(text);
    if (client.writableLength > mostWaiting) client.destroy();
  };
  const beat = setInterval(() => {
    for (const client of clients.keys()) write(client, ':\n\n');
  }, heartbeat).unref();

  return {
    get listeners() {
      return clients.size;
    },
    send(name, data) {
      const event = { id: ++last, name, data };
      past.push(event);
      if (past.length > remembered) past.shift();
      const text = textOf(event);
      for (const [client, wants] of clients) if (wants(name)) write(client, text);
    },
    stream(reply, { after: lastId, wants }) {
      if (clients.size >= mostListeners) {
        throw new HttpProblem(429, 'too-many', `${mostListeners} clients listen already: close some.`, {
          'retry-after': '10',
        });
      }
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      clients.set(raw, wants);
      raw.once('close', () => clients.delete(raw));
      raw.write(`retry: 2000\n\n`);
      // An id that this run of the server never gave: all that it remembers.
      const after = lastId !== undefined && lastId <= last ? lastId : lastId === undefined ? last : 0;
      for (const event of past) if (event.id > after && wants(event.name)) write(raw, textOf(event));
    },
    close() {
      clearInterval(beat);
      for (const client of clients.keys()) client.end();
    },
  };
}

function textOf({ id, name, data }: ServerEvent): string {
  return `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

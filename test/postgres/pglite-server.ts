/** PostgreSQL inside this process (PGlite), as a server for one connection at a time, so that the driver meets it as any other. */

import { createServer, type Socket } from 'node:net';
import { PGlite } from '@electric-sql/pglite';

export interface TestDatabase {
  readonly address: string;
  close(): Promise<void>;
}

export async function openPglite(): Promise<TestDatabase> {
  const database = await PGlite.create();
  // Else each answer waits for the acknowledgement of the one before, 40 ms.
  const server = createServer({ noDelay: true }, (socket) => void answer(socket, database));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { readonly port: number };
  return {
    address: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async close() {
      await new Promise((resolve) => server.close(resolve));
      await database.close();
    },
  };
}

async function answer(socket: Socket, database: PGlite): Promise<void> {
  let waiting = Buffer.alloc(0);
  let isStarted = false;
  socket.on('error', () => {});
  for await (const data of socket as AsyncIterable<Buffer>) {
    waiting = Buffer.concat([waiting, data]);
    // The first message has no type before its length.
    for (let start = isStarted ? 1 : 0; waiting.length >= start + 4; start = 1) {
      const length = start + waiting.readUInt32BE(start);
      if (waiting.length < length) break;
      const message = Uint8Array.from(waiting.subarray(0, length));
      waiting = waiting.subarray(length);
      isStarted = true;
      // X: the client says goodbye.
      if (start === 1 && message[0] === 0x58) return;
      socket.write(await database.execProtocolRaw(message));
    }
  }
}

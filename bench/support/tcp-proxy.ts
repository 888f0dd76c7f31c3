/** A wire between PostgreSQL and its clients that can be cut. */

import { connect, createServer, type Socket } from 'node:net';

export interface Proxy {
  readonly port: number;
  /** Every connection breaks, without a word to either side. */
  cut(): void;
  close(): Promise<void>;
}

/** @param path the socket of the server */
export async function openProxy(path: string): Promise<Proxy> {
  const open = new Set<Socket>();
  const keep = (socket: Socket): void => {
    open.add(socket);
    socket.on('error', () => {}).on('close', () => open.delete(socket));
  };
  const server = createServer({ noDelay: true }, (client) => {
    const database = connect({ path });
    for (const socket of [client, database]) keep(socket);
    client.pipe(database).pipe(client);
    client.on('close', () => database.destroy());
    database.on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    for (const socket of open) socket.destroy();
  };
  return {
    port: (server.address() as { readonly port: number }).port,
    cut,
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

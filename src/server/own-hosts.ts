/** The names and addresses by which browsers reach a server that listens on a host, as they write them. */

import { networkInterfaces } from 'node:os';

const everywhere = new Set(['0.0.0.0', '::']);

/** All addresses of this machine if it listens on all of them: no page of the internet can have its name point here by one. */
export function ownHosts(host: string): string[] {
  const addresses = everywhere.has(host)
    ? Object.values(networkInterfaces()).flatMap((list = []) => list.map(({ address }) => address))
    : [host];
  const written = addresses.map((address) => (address.includes(':') ? `[${address}]` : address));
  return [...new Set(['127.0.0.1', 'localhost', '[::1]', ...written])].map((one) => one.toLowerCase());
}

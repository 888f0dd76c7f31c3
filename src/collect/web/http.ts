/** One HTTP request, held to its limits: which machines may be asked, how long, and how many bytes come back. */

import { type LookupAddress, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import type { Agent } from 'undici';
import { reasonOf, WhosinError } from '../../errors.ts';
import { isPublicAddress } from './public-address.ts';

export interface WebLimits {
  /** The largest size of one answer. */
  readonly bytes: number;
  /** For one answer from the first byte sent to the last one received, each attempt anew. */
  readonly milliseconds: number;
  readonly redirects: number;
}

export interface HttpOptions {
  readonly userAgent: string;
  readonly limits: WebLimits;
  /** Loopback and private networks too, or these of their hosts (with the port): for servers of one's own. */
  readonly allowPrivate: boolean | readonly string[];
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Uint8Array;
}

export interface Http {
  /** Throws `refused` for what can be refused before any name is looked up: a scheme, a password, a machine. */
  check(url: URL): void;
  /**
   * @throws WhosinError `refused` (what DNS answers too), `photo-too-large`; what may pass if tried again is
   *   `cannot-fetch`
   */
  get(url: URL, accept: string): Promise<Answer>;
  close(): Promise<void>;
}

export function openHttp({ userAgent, limits, allowPrivate }: HttpOptions): Http {
  let agents: ReturnType<typeof openAgents> | undefined;
  const isAllowed = ({ host }: URL): boolean =>
    typeof allowPrivate === 'boolean' ? allowPrivate : allowPrivate.includes(host);
  return {
    check: (url) => checkAddress(url, isAllowed(url)),
    async get(url, accept) {
      const allowed = isAllowed(url);
      checkAddress(url, allowed);
      agents ??= openAgents(limits);
      const { request, guarded, unguarded } = await agents;
      const stop = new AbortController();
      const timer = setTimeout(() => stop.abort(), limits.milliseconds);
      try {
        const { statusCode, headers, body } = await request(url, {
          dispatcher: allowed ? unguarded : guarded,
          signal: stop.signal,
          // Nothing is unpacked here, so a small answer cannot grow.
          headers: { 'user-agent': userAgent, accept, 'accept-encoding': 'identity' },
        });
        const declared = Number(headers['content-length'] ?? 0);
        return { status: statusCode, headers, body: await readBody(url, body, declared, limits) };
      } catch (error) {
        const tookTooLong = stop.signal.aborted;
        stop.abort();
        if (error instanceof WhosinError) throw error;
        const seconds = limits.milliseconds / 1000;
        const reason = tookTooLong ? `no whole answer within ${seconds} s` : reasonOf(error);
        throw new WhosinError('cannot-fetch', `Cannot fetch ${url.href}: ${reason}.`, { cause: error });
      } finally {
        clearTimeout(timer);
      }
    },
    async close() {
      const open = await agents;
      await open?.guarded.destroy();
      await open?.unguarded.destroy();
    },
  };
}

/** Loaded when it is needed: most commands ask nobody. */
async function openAgents({ milliseconds }: WebLimits): Promise<{
  readonly request: typeof import('undici').request;
  readonly guarded: Agent;
  readonly unguarded: Agent;
}> {
  const undici = await import('undici');
  const timeouts = { headersTimeout: milliseconds, bodyTimeout: milliseconds };
  // Proxies of the environment are not used: behind one, names are looked up where they cannot be checked.
  return {
    request: undici.request,
    guarded: new undici.Agent({ connect: { timeout: 10_000, lookup: lookupPublic }, ...timeouts }),
    unguarded: new undici.Agent({ connect: { timeout: 10_000 }, ...timeouts }),
  };
}

async function readBody(
  url: URL,
  body: AsyncIterable<Uint8Array>,
  declared: number,
  limits: WebLimits,
): Promise<Uint8Array> {
  if (declared > limits.bytes) throw tooLarge(url, limits, `announces ${declared} bytes`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > limits.bytes) throw tooLarge(url, limits, 'sends more');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function checkAddress(url: URL, allowed: boolean): void {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new WhosinError('refused', `Refused ${url.href}: only http and https addresses are fetched.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new WhosinError(
      'refused',
      `Refused an address at ${url.host}: it carries a user name or a password.`,
    );
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // No lookup takes place for an address in digits.
  if (!allowed && isIP(host) !== 0 && !isPublicAddress(host)) throw notPublic(host, host);
}

/** Connects to nothing but what was checked: the same answer of DNS is checked and used. */
const lookupPublic: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses: readonly LookupAddress[]) => {
    if (error) return callback(error, []);
    const closed = addresses.find(({ address }) => !isPublicAddress(address));
    if (closed) return callback(notPublic(hostname, closed.address), []);
    if (options.all) return callback(null, [...addresses]);
    const [first] = addresses;
    return callback(null, first!.address, first!.family);
  });
};

function notPublic(host: string, address: string): WhosinError {
  const which = host === address ? host : `${host} (${address})`;
  return new WhosinError(
    'refused',
    `Refused ${which}: it is on this machine or in a private network. If it is your own, give --allow-private-addresses.`,
  );
}

function tooLarge(url: URL, limits: WebLimits, what: string): WhosinError {
  return new WhosinError(
    'photo-too-large',
    `Refused ${url.href}: it ${what}, and the limit is ${limits.bytes} bytes.`,
  );
}

/**
 * The one door to the network. Every request waits its turn at its host, is tried again where that may help, and
 * has each redirect checked like an address of its own.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';
import pRetry, { AbortError } from 'p-retry';
import { WhosinError } from '../../errors.ts';
import { type Answer, type HttpOptions, openHttp } from './http.ts';
import { type Robots, readRobots } from './robots.ts';

export interface Web {
  /** The answer of an API. Its operator's terms are kept; robots.txt is for visitors of pages and files. */
  readonly json: (address: string) => Promise<unknown>;
  /** The bytes behind an address, where robots.txt allows. */
  readonly file: (address: string) => Promise<Uint8Array>;
  close(): Promise<void>;
}

export interface WebOptions extends HttpOptions {
  /** Requests that one host gets in a second, at most. */
  readonly perSecond: number;
  /** Times that a failed request is tried again, and the wait before the first time; it doubles. */
  readonly retries?: number;
  readonly backoff?: number;
  /** Time of day in milliseconds, for a Retry-After that names a date. */
  readonly now: () => number;
  /** Keeps what APIs and robots.txt say, so that a run that was cut short need not ask again. */
  readonly memory?: AnswerMemory;
}

export interface AnswerMemory {
  get(address: string): Promise<string | undefined>;
  put(address: string, answer: string): Promise<void>;
}

/** Requests under way at one host at a time. */
const atOnce = 2;

/** A host that wants a longer pause than this is given up for now. */
const longestPause = 120_000;

/** Server errors and limits on haste pass; every other refusal is meant. */
const passing = new Set([408, 425, 429, 500, 502, 503, 504]);

const redirects = new Set([301, 302, 303, 307, 308]);

export function openWeb(options: WebOptions): Web {
  const { limits, perSecond, userAgent, retries = 3, backoff = 1000, now, memory } = options;
  const http = openHttp(options);
  const program = userAgent.split('/')[0]!;
  const hosts = new Map<string, Host>();

  const hostOf = (url: URL): Host => {
    const known = hosts.get(url.origin);
    if (known) return known;
    const host: Host = { queue: paced(1000 / perSecond), robots: undefined };
    hosts.set(url.origin, host);
    return host;
  };

  const attempt = async (host: Host, url: URL, accept: string): Promise<Answer> => {
    const answer = await http.get(url, accept);
    if (!passing.has(answer.status)) return answer;
    const pause = pauseAsked(answer, now);
    const failure = new WhosinError('cannot-fetch', `${url.href} answers with status ${answer.status}.`);
    if (pause > longestPause) {
      throw new AbortError(
        new WhosinError(
          'cannot-fetch',
          `${url.host} asks to wait ${Math.ceil(pause / 1000)} s: try again later.`,
        ),
      );
    }
    // The whole host rests, not just this request.
    host.queue.pause();
    await sleep(pause);
    host.queue.start();
    throw failure;
  };

  const ask = async (host: Host, url: URL, accept: string): Promise<Answer> =>
    host.queue.add(() =>
      pRetry(() => attempt(host, url, accept), {
        retries,
        minTimeout: backoff,
        randomize: true,
        shouldRetry: ({ error }) => error instanceof WhosinError && error.code === 'cannot-fetch',
      }),
    );

  const follow = async (address: string, accept: string, robots: boolean): Promise<Answer> => {
    let url = parse(address);
    for (let hop = 0; hop <= limits.redirects; hop++) {
      http.check(url);
      const host = hostOf(url);
      if (robots) await obey(host, url);
      const answer = await ask(host, url, accept);
      if (!redirects.has(answer.status)) return answer;
      url = parse(String(answer.headers['location'] ?? ''), url);
    }
    throw new WhosinError('refused', `Refused ${address}: more than ${limits.redirects} redirects.`);
  };

  /** The status and the text of an answer, from memory where it is there. */
  const remembered = async (address: string, accept: string): Promise<Told> => {
    const known = await memory?.get(address);
    if (known !== undefined) return JSON.parse(known) as Told;
    const { status, body } = await follow(address, accept, false);
    const told = { status, text: Buffer.from(body).toString('utf8') };
    if (status < 500) await memory?.put(address, JSON.stringify(told));
    return told;
  };

  const obey = async (host: Host, url: URL): Promise<void> => {
    host.robots ??= visit(url);
    const rules = await host.robots;
    if (!rules.allows(url)) {
      throw new WhosinError('refused', `Refused ${url.href}: robots.txt of ${url.host} does not allow it.`);
    }
  };

  const visit = async (url: URL): Promise<Robots> => {
    const address = new URL('/robots.txt', url.origin);
    const answer = await remembered(address.href, 'text/plain').catch((error: unknown) => {
      // A machine that must not be asked says nothing about its rules.
      if (error instanceof WhosinError && error.code === 'cannot-fetch') return undefined;
      throw error;
    });
    const robots = readRobots(address, answer, program);
    if (robots.delay > 1 / perSecond) hostOf(url).queue = paced(robots.delay * 1000);
    return robots;
  };

  return {
    async json(address) {
      const { status, text } = await remembered(address, 'application/json');
      if (status !== 200) throw failed(address, status);
      try {
        return JSON.parse(text) as unknown;
      } catch (error) {
        throw new WhosinError('cannot-fetch', `${address} does not answer in JSON.`, { cause: error });
      }
    },
    async file(address) {
      const { status, body } = await follow(address, 'image/*', true);
      if (status !== 200) throw failed(address, status);
      return body;
    },
    close: () => http.close(),
  };
}

/** An answer that was text. */
interface Told {
  readonly status: number;
  readonly text: string;
}

interface Host {
  queue: PQueue;
  robots: Promise<Robots> | undefined;
}

function paced(interval: number): PQueue {
  return new PQueue({ concurrency: atOnce, intervalCap: 1, interval });
}

function parse(address: string, base?: URL): URL {
  try {
    return new URL(address, base);
  } catch (error) {
    throw new WhosinError('refused', `Refused "${address}": it is no address.`, { cause: error });
  }
}

function failed(address: string, status: number): WhosinError {
  return new WhosinError('cannot-fetch', `${address} answers with status ${status}.`);
}

/** Milliseconds in Retry-After, as seconds or as a date (RFC 9110, 10.2.3). */
function pauseAsked({ headers }: Answer, now: () => number): number {
  const value = String(headers['retry-after'] ?? '').trim();
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now());
}

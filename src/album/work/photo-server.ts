/** Files of photos that wait to be read, from a `whosin serve` that sees them, by their content. */

import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { reasonOf, WhosinError } from '../../errors.ts';

export interface FetchedFile {
  readonly path: string;
  readonly bytes: number;
  /** As the server's own file was. */
  readonly modified: Date;
}

export interface PhotoServer {
  /** Throws `cannot-fetch`, `refused` or `not-found`; also if what comes is something else. The file is the caller's to remove. */
  bring(sha256: string, extension: string): Promise<FetchedFile>;
  /** Removes what is left of all that was fetched. */
  close(): Promise<void>;
}

export interface PhotoServerOptions {
  /** As `whosin serve` prints it: `http://host:port`. */
  readonly address: string;
  readonly token: string;
}

/** Milliseconds within which an answer begins. */
const longestWait = 30_000;

/** @throws WhosinError `usage` */
export function openPhotoServer({ address, token }: PhotoServerOptions): PhotoServer {
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    throw new WhosinError('usage', `"${address}" is not the address of a server: http://host:port.`);
  }
  let folder: Promise<string> | undefined;
  return {
    async bring(sha256, extension) {
      folder ??= mkdtemp(join(tmpdir(), 'whosin-worker-'));
      const path = join(await folder, `${sha256}${extension}`);
      const url = new URL(`/api/v1/waiting/${sha256}/file`, address);
      try {
        const modified = await download(url, token, path, sha256);
        return { path, modified, bytes: (await stat(path)).size };
      } catch (error) {
        await rm(path, { force: true });
        throw error;
      }
    },
    async close() {
      if (folder !== undefined) await rm(await folder, { recursive: true, force: true });
    },
  };
}

/** @returns when the file was changed last */
async function download(url: URL, token: string, path: string, sha256: string): Promise<Date> {
  const signal = new AbortController();
  const timer = setTimeout(() => signal.abort(), longestWait);
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(url, { headers, signal: signal.signal, redirect: 'error' })
    .catch((error: unknown) => {
      const reason = signal.signal.aborted ? 'does not answer' : `cannot be reached: ${reasonOf(error)}`;
      throw WhosinError.about('cannot-fetch', url.origin, reason, error);
    })
    .finally(() => clearTimeout(timer));
  if (!answer.ok || answer.body === null) {
    await answer.body?.cancel();
    if (answer.status === 401) throw WhosinError.about('refused', url.origin, 'does not take the token');
    if (answer.status === 404) throw WhosinError.about('not-found', url.origin, 'does not have the file');
    throw WhosinError.about('cannot-fetch', url.origin, `answers ${answer.status}`);
  }
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  try {
    await pipeline(Readable.fromWeb(answer.body), hashing, createWriteStream(path, { mode: 0o600 }));
  } catch (error) {
    throw WhosinError.about('cannot-fetch', url.origin, `broke off: ${reasonOf(error)}`, error);
  }
  if (hash.digest('hex') !== sha256) {
    throw WhosinError.about('cannot-fetch', url.origin, 'sent another file than was asked for');
  }
  const modified = new Date(answer.headers.get('last-modified') ?? Number.NaN);
  if (Number.isNaN(modified.getTime())) {
    throw WhosinError.about('cannot-fetch', url.origin, 'does not report when the file was changed');
  }
  await utimes(path, modified, modified);
  return modified;
}

/**
 * Fetches one large file. The bytes fetched before an interruption stay beside the target as `.part`, and the
 * next attempt goes on behind it, if the server still has the same file (RFC 9110, Range and If-Range).
 */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import pRetry, { AbortError } from 'p-retry';
import { type Dispatcher, EnvHttpProxyAgent } from 'undici';
import { reasonOf, WhosinError } from '../errors.ts';
import { makeFolder } from '../runtime/make-folder.ts';
import { reachDisk } from '../runtime/reach-disk.ts';
import { follow, rangeStart, refuseAnswer, single, strongTag } from './http-answer.ts';

export interface DownloadOptions {
  readonly maxBytes: number;
  readonly onProgress?: (bytes: number, total: number | undefined) => void;
  /** Stops the transfer; what has come so far is kept for the next attempt. */
  readonly signal?: AbortSignal;
  /** Milliseconds before the first of the further attempts; it doubles each time. */
  readonly retryDelay?: number;
  /** Milliseconds without a byte after which an attempt is given up. */
  readonly patience?: number;
}

/** Attempts after the first. */
const retries = 4;

/** The facts stored about a `.part` file: without a validator it cannot be gone on with. */
interface Part {
  readonly address: string;
  /** An ETag, or a time of last change. */
  readonly validator?: string;
}

/**
 * HTTP_PROXY, HTTPS_PROXY and NO_PROXY are honoured.
 *
 * @param path where the file will be: whole, or not at all
 * @returns the sha256 of the file
 * @throws WhosinError `cannot-fetch`, `cannot-write`, or `cancelled` if the signal stopped it
 */
export async function download(address: string, path: string, options: DownloadOptions): Promise<string> {
  const { signal, retryDelay = 1000, patience = 30_000 } = options;
  const dispatcher = new EnvHttpProxyAgent({
    headersTimeout: patience,
    bodyTimeout: patience,
    connectTimeout: patience,
  });
  try {
    await makeFolder(dirname(path));
    await pRetry(() => attempt(address, path, dispatcher, options), {
      retries,
      minTimeout: retryDelay,
      shouldRetry: ({ error }) => !isDiskFault(error),
      ...(signal && { signal }),
    });
    await rename(`${path}.part`, path);
    await rm(`${path}.part.json`, { force: true });
    return await sha256Of(path);
  } catch (error) {
    // A disk that was filled up is not left full.
    if (isFull(error)) for (const end of ['', '.json']) await rm(`${path}.part${end}`, { force: true });
    throw failure(error, address, path, signal);
  } finally {
    await dispatcher.destroy();
  }
}

/** The sha256 of a file of any size. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function attempt(
  address: string,
  path: string,
  dispatcher: Dispatcher,
  options: DownloadOptions,
): Promise<void> {
  const part = `${path}.part`;
  const known = await readPart(part);
  const have = known?.address === address && known.validator !== undefined ? await sizeOf(part) : 0;
  const range = have > 0 ? { range: `bytes=${have}-`, 'if-range': known!.validator! } : {};
  const { statusCode, headers, body } = await follow(address, range, dispatcher, options.signal);
  try {
    const goesOn = statusCode === 206 && rangeStart(headers['content-range']) === have;
    if (statusCode === 416 || (statusCode === 206 && !goesOn)) {
      // The part is not a beginning of this file.
      await rm(part, { force: true });
      throw new Error(`the server has another file than before (HTTP ${statusCode})`);
    }
    refuseAnswer(statusCode, headers['content-type']);
    const start = goesOn ? have : 0;
    const length = headers['content-length'] === undefined ? undefined : Number(headers['content-length']);
    const total = length === undefined ? undefined : start + length;
    await checkSize(total, start, options.maxBytes, path);
    const validator = strongTag(headers['etag']) ?? single(headers['last-modified']);
    await writeFile(
      `${part}.json`,
      JSON.stringify({ address, ...(validator !== undefined && { validator }) }),
    );
    const file = await open(part, goesOn ? 'a' : 'w');
    try {
      await receive(body, file, start, total, options);
      await reachDisk(file);
    } finally {
      await file.close();
    }
  } finally {
    body.on('error', () => {});
    body.destroy();
  }
}

async function receive(
  body: Dispatcher.ResponseData['body'],
  file: FileHandle,
  start: number,
  total: number | undefined,
  { maxBytes, onProgress, signal }: DownloadOptions,
): Promise<void> {
  let bytes = start;
  onProgress?.(bytes, total);
  for await (const chunk of body as AsyncIterable<Buffer>) {
    signal?.throwIfAborted();
    bytes += chunk.length;
    if (bytes > maxBytes) throw new AbortError(tooLarge(maxBytes));
    await file.appendFile(chunk);
    onProgress?.(bytes, total);
  }
  if (total !== undefined && bytes !== total) throw new Error(`it ended after ${bytes} of ${total} bytes`);
}

async function checkSize(
  total: number | undefined,
  start: number,
  maxBytes: number,
  path: string,
): Promise<void> {
  if (total === undefined) return;
  if (total > maxBytes) throw new AbortError(tooLarge(maxBytes));
  const { bavail, bsize } = await statfs(dirname(path));
  const free = bavail * bsize;
  if (total - start > free)
    throw new AbortError(new WhosinError('cannot-write', full(path, total - start, free)));
}

function failure(
  cause: unknown,
  address: string,
  path: string,
  signal: AbortSignal | undefined,
): WhosinError {
  if (cause instanceof WhosinError) return cause;
  if (signal?.aborted) {
    return new WhosinError(
      'cancelled',
      `Stopped fetching ${address}. The same command goes on where it was.`,
      { cause },
    );
  }
  if (isFull(cause)) return new WhosinError('cannot-write', full(path), { cause });
  if (isDiskFault(cause)) {
    return new WhosinError('cannot-write', `Cannot write ${path}: ${reasonOf(cause)}.`, { cause });
  }
  const reason = reasonOf(cause) || codeOf(cause);
  const end = reason.endsWith('?') ? '' : '.';
  return new WhosinError('cannot-fetch', `Cannot fetch ${address}: ${reason}${end}`, { cause });
}

function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes(codeOf(error));
}

/** Nothing that another attempt could mend. */
function isDiskFault(error: unknown): boolean {
  return (
    isFull(error) ||
    ['EACCES', 'EEXIST', 'EFBIG', 'EIO', 'EISDIR', 'ENOTDIR', 'EPERM', 'EROFS'].includes(codeOf(error))
  );
}

function codeOf(error: unknown): string {
  return (error as { readonly code?: string }).code ?? '';
}

function full(path: string, needed?: number, free?: number): string {
  const sizes = needed === undefined ? '' : ` (${megabytes(needed)} needed, ${megabytes(free!)} free)`;
  return `The disk of ${dirname(path)} is full${sizes}: make room and run the same command again.`;
}

function tooLarge(maxBytes: number): string {
  return `it is larger than ${megabytes(maxBytes)}, which no file of this kind is`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

async function readPart(part: string): Promise<Part | undefined> {
  try {
    return JSON.parse(await readFile(`${part}.json`, 'utf8')) as Part;
  } catch {
    return undefined;
  }
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

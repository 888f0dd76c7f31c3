/** The content of a photo's file. */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { WhosinError } from '../errors.ts';
import type { ContentHashes } from './content-hashes.ts';
import { readFile, stat } from './file-calls.ts';
import type { NamedBytes, PhotoSource } from './photo-input.ts';
import { unreadable } from './unreadable.ts';

export interface PhotoContent {
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/** No photo is larger; a larger file is a video or a disk image with a wrong name. */
const maxFileBytes = 512 * 1024 * 1024;

/**
 * @param hashes notes the sha256 of a file
 * @throws WhosinError as `readPhotoFile`
 */
export async function contentOf(
  source: Exclude<PhotoSource, { kind: 'pixels' }>,
  hashes?: ContentHashes,
): Promise<PhotoContent> {
  const { path } = source;
  if (source.kind === 'bytes') {
    requireBytes(path, source.bytes.length);
    return source;
  }
  const read = async (): Promise<PhotoContent> => {
    const bytes = await readPhotoFile(path);
    return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
  };
  return hashes ? hashes.reading(path, read) : read();
}

/**
 * The sha256 of a photo's file.
 *
 * @param hashes have it if the file is as it was
 * @throws WhosinError as `requirePhotoSize`; what the system says
 */
export async function sha256OfFile(path: string, hashes?: ContentHashes): Promise<string> {
  requirePhotoSize(path, (await stat(path)).size);
  const read = async (): Promise<{ readonly sha256: string }> => {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) hash.update(chunk);
    return { sha256: hash.digest('hex') };
  };
  const known = await hashes?.recall(path);
  return known ?? (await (hashes ? hashes.reading(path, read) : read())).sha256;
}

/** Bytes that reading a photo's file will take: none if it has a reason not to be read, which reading it tells. */
export async function bytesToRead(path: string): Promise<number> {
  const info = await stat(path).catch(() => undefined);
  return info?.isFile() && info.size <= maxFileBytes ? info.size : 0;
}

/** A photo that a person named: the path of a file, or what was read already because it can be read only once. */
export type GivenPhoto = string | NamedBytes;

export function nameOf(photo: GivenPhoto): string {
  return typeof photo === 'string' ? photo : photo.name;
}

/** Throws as `readPhotoFile` does. */
export async function bytesOf(photo: GivenPhoto): Promise<Uint8Array> {
  return typeof photo === 'string' ? readPhotoFile(photo) : photo.bytes;
}

/** The bytes behind a path on the command line: a pipe is read now, for it can be read only once. */
export async function openSource(path: string): Promise<GivenPhoto> {
  const isPipe = await stat(path).then(
    (info) => info.isFIFO(),
    () => false,
  );
  return isPipe ? { name: path, bytes: await readPhotoFile(path) } : path;
}

/** Throws `not-found`, `not-a-photo` (a folder, a device, an empty file) or `photo-too-large`. */
async function readPhotoFile(path: string): Promise<Uint8Array> {
  try {
    const info = await stat(path);
    if (info.isFIFO()) return await readToEnd(createReadStream(path), path);
    if (!info.isFile()) throw WhosinError.about('not-a-photo', path, 'is not a file');
    requireBytes(path, info.size);
    return await readFile(path);
  } catch (error) {
    if (error instanceof WhosinError) throw error;
    throw unreadable(path, error);
  }
}

/** All that a pipe has to give; throws `photo-too-large` rather than fill the memory. */
export async function readToEnd(stream: AsyncIterable<Uint8Array>, name: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxFileBytes) throw tooLarge(name, `more than ${maxFileBytes} bytes`);
  }
  return Buffer.concat(chunks);
}

function requireBytes(path: string, bytes: number): void {
  if (bytes === 0) throw WhosinError.about('not-a-photo', path, 'is empty (0 bytes)');
  requirePhotoSize(path, bytes);
}

/** Throws `photo-too-large`: a file of holes takes a moment to make and hours to read. */
export function requirePhotoSize(path: string, bytes: number): void {
  if (bytes > maxFileBytes) throw tooLarge(path, `${bytes} bytes`);
}

function tooLarge(name: string, size: string): WhosinError {
  return WhosinError.about('photo-too-large', name, `is too large for a photo (${size})`);
}

/** What the file of a photo holds. */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { WhosinError } from '../errors.ts';
import type { ContentHashes } from './content-hashes.ts';
import { unreadable } from './photo-files.ts';
import type { PhotoSource } from './photo-input.ts';

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

/** Of a file of any size. @param hashes know it where the file is as it was */
export async function sha256OfFile(path: string, hashes?: ContentHashes): Promise<string> {
  const read = async (): Promise<{ readonly sha256: string }> => {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) hash.update(chunk);
    return { sha256: hash.digest('hex') };
  };
  const known = await hashes?.recall(path);
  return known ?? (await (hashes ? hashes.reading(path, read) : read())).sha256;
}

/** Throws `not-found`, `not-a-photo` (a folder, a device, an empty file) or `photo-too-large`. */
export async function readPhotoFile(path: string): Promise<Uint8Array> {
  try {
    const info = await stat(path);
    if (!info.isFile()) throw WhosinError.about('not-a-photo', path, 'is not a file');
    requireBytes(path, info.size);
    return await readFile(path);
  } catch (error) {
    if (error instanceof WhosinError) throw error;
    throw unreadable(path, error);
  }
}

function requireBytes(path: string, bytes: number): void {
  if (bytes === 0) throw WhosinError.about('not-a-photo', path, 'is empty (0 bytes)');
  if (bytes <= maxFileBytes) return;
  throw WhosinError.about('photo-too-large', path, `is too large for a photo (${bytes} bytes)`);
}

/** Where the bytes of a photo come from: a file, or what can be read only once, such as a pipe. */

import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { reasonOf, WhosinError } from '../errors.ts';

/** A photo that lies in no file, with the name under which it is reported. */
export interface PhotoBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The path of a file, or the bytes themselves. */
export type PhotoSource = string | PhotoBytes;

/** No photo is larger; a larger file is a video or a disk image with a wrong name. */
const maxFileBytes = 512 * 1024 * 1024;

export function nameOf(photo: PhotoSource): string {
  return typeof photo === 'string' ? photo : photo.name;
}

/** Throws `not-found`, `not-a-photo` (a folder, a device) or `photo-too-large`. */
export async function bytesOf(photo: PhotoSource): Promise<Uint8Array> {
  if (typeof photo !== 'string') return photo.bytes;
  try {
    const info = await stat(photo);
    if (info.isFIFO()) return await readToEnd(createReadStream(photo), photo);
    if (!info.isFile()) throw WhosinError.about('not-a-photo', photo, 'is not a file');
    requireFileSize(photo, info.size);
    return await readFile(photo);
  } catch (error) {
    if (error instanceof WhosinError) throw error;
    const why = reasonOf(error);
    const reason = `cannot be read: ${why}`;
    throw new WhosinError('not-found', `Cannot read ${photo}: ${why}.`, {
      cause: error,
      path: photo,
      reason,
    });
  }
}

/** Throws `photo-too-large`. @param size in bytes */
export function requireFileSize(path: string, size: number): void {
  if (size > maxFileBytes) throw tooLarge(path, `${size} bytes`);
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

/** What a path on the command line names: a pipe is read now, for it can be read only once. */
export async function openSource(path: string): Promise<PhotoSource> {
  const isPipe = await stat(path).then(
    (info) => info.isFIFO(),
    () => false,
  );
  return isPipe ? { name: path, bytes: await bytesOf(path) } : path;
}

function tooLarge(name: string, size: string): WhosinError {
  return WhosinError.about('photo-too-large', name, `is too large for a photo (${size})`);
}

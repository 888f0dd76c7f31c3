/** Reads photo files, and tells what is wrong with a photo from what is wrong with the machine. */

import { readFile, stat } from 'node:fs/promises';
import { type ErrorCode, reasonOf, WhosinError } from '../errors.ts';

/** What can be wrong with one photo while the next one is fine. */
const photoFaults: ReadonlySet<ErrorCode> = new Set([
  'not-found',
  'not-a-photo',
  'damaged-photo',
  'photo-too-large',
]);

export function isPhotoFault(error: unknown): error is WhosinError {
  return error instanceof WhosinError && photoFaults.has(error.code);
}

/** No photo is larger; a larger file is a video or a disk image with a wrong name. */
const maxFileBytes = 512 * 1024 * 1024;

/** Throws `not-found`, `not-a-photo` (a folder, a device) or `photo-too-large`. */
export async function readPhotoFile(path: string): Promise<Uint8Array> {
  try {
    const info = await stat(path);
    if (!info.isFile()) throw new WhosinError('not-a-photo', `${path} is not a file.`);
    if (info.size > maxFileBytes) {
      throw new WhosinError('photo-too-large', `${path} is too large for a photo (${info.size} bytes).`);
    }
    return await readFile(path);
  } catch (error) {
    if (error instanceof WhosinError) throw error;
    throw new WhosinError('not-found', `Cannot read ${path}: ${reasonOf(error)}`, { cause: error });
  }
}

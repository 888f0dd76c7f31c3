/** Every reader of bytes that others may have written. A new one gets a row in one of these files. */

import { modelReaders } from './model-readers.ts';
import { photoReaders } from './photo-readers.ts';
import type { Reader } from './reader.ts';
import { storeReaders } from './store-readers.ts';
import { textReaders } from './text-readers.ts';

/** @param folder for the files of those that read files; whoever asks removes it */
export async function openReaders(folder: string): Promise<readonly Reader[]> {
  return [...modelReaders(), ...textReaders(), ...(await storeReaders(folder)), ...(await photoReaders())];
}

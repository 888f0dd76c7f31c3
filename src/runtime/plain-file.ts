/** Reads a file that has to be one: a pipe could wait for ever, a device never end. */

import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** Node reads no larger file at once. */
const most = 2 ** 31 - 1;

/** Throws what the system says, or an Error with a reason that reads on from "Cannot read it: ". */
export async function readPlainFile(path: string): Promise<Uint8Array> {
  // Opening a pipe would wait for its writer already.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const info = await file.stat();
    if (info.isDirectory()) throw new Error('it is a folder: name the file in it');
    if (!info.isFile()) throw new Error('it is not a plain file');
    if (info.size > most) throw new Error('it is larger than 2 GB');
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** A file that grows while others read it: a log, of which every part written so far is of use. */

import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { reasonOf, WhosinError } from '../errors.ts';
import { makeFolder } from './make-folder.ts';

export interface AppendFile {
  append(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** Begins the file anew, with the folders on the way. Throws `cannot-write` naming the file. */
export async function openAppendFile(path: string): Promise<AppendFile> {
  const failed = (error: unknown): never => {
    throw new WhosinError('cannot-write', `Cannot write ${path}: ${reasonOf(error)}.`, { cause: error });
  };
  await makeFolder(dirname(path)).catch(failed);
  const handle = await open(path, 'w').catch(failed);
  return {
    async append(bytes) {
      await handle.writeFile(bytes).catch(failed);
    },
    close: () => handle.close(),
  };
}

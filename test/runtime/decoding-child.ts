/** Decodes a photo in a process of its own, so that what the process writes and takes can be seen. */

import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryFolder } from '../temporary-folder.ts';

interface Taken {
  readonly read: readonly string[];
  readonly stderr: string;
  /** Bytes by which the peak of the process grew. */
  readonly grown: number;
}

export async function decodeInChild(bytes: Uint8Array): Promise<Taken> {
  const path = join(await temporaryFolder(), 'photo');
  await writeFile(path, bytes);
  const program = fileURLToPath(new URL('decode-in-child.ts', import.meta.url));
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    '--import',
    import.meta.resolve('tsx'),
    program,
    path,
  ]);
  return { ...(JSON.parse(stdout) as Taken), stderr };
}

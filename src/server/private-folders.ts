/** Temporary folders that nobody else on the machine can look into; they end with the server, and with the next one if it was killed. */

import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface PrivateFolders {
  make(): Promise<string>;
  remove(folder: string): Promise<void>;
  /** Removes all. */
  close(): Promise<void>;
}

const name = /^whosin-serve-(\d+)-/;

export function openPrivateFolders(parent: string = tmpdir()): PrivateFolders {
  const made = new Set<string>();
  const swept = removeThoseOfTheDead(parent);
  const remove = async (folder: string): Promise<void> => {
    made.delete(folder);
    // Somebody may write into it at this moment.
    await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
  };
  return {
    async make() {
      // For its maker alone, whatever the umask.
      const folder = await mkdtemp(join(parent, `whosin-serve-${process.pid}-`));
      made.add(folder);
      return folder;
    },
    remove,
    async close() {
      await swept;
      await Promise.all([...made].map(remove));
    },
  };
}

async function removeThoseOfTheDead(parent: string): Promise<void> {
  const entries = await readdir(parent).catch((): string[] => []);
  for (const entry of entries) {
    const [, pid] = name.exec(entry) ?? [];
    if (pid === undefined || isAlive(Number(pid))) continue;
    // Those of other users cannot be removed, and are theirs.
    await rm(join(parent, entry), { recursive: true, force: true }).catch(() => {});
  }
}

/** Whether a process of this number runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

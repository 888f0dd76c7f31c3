/** A process at work on an album is killed at some moment; what it was told to have been said has to be there. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Album, openAlbum } from '../../src/album/open-album.ts';
import type { LogEntry } from '../../src/album/said/log.ts';
import { madeConfig, madeFaces } from './made-album.ts';

const worker = fileURLToPath(new URL('kill-worker.ts', import.meta.url));

export interface Killed {
  /** Entries and undos that the process had reported. */
  readonly told: number;
  /** Those of them that are not in the album. */
  readonly lost: readonly string[];
  /** Faults of the file. */
  readonly problems: readonly string[];
}

/** @param after milliseconds of work after which it is killed */
export async function killAtWork(folder: string, seed: number, after: number): Promise<Killed> {
  const child = spawn(process.execPath, ['--import', 'tsx', worker, folder, String(seed)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  let isOpen = (): void => {};
  const opened = new Promise<void>((resolve) => {
    isOpen = resolve;
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line === 'open') isOpen();
    else lines.push(line);
  });
  const closed = once(child, 'close');
  await Promise.race([opened, closed]);
  await pause(after);
  child.kill('SIGKILL');
  await closed;

  const album = await openMade(folder);
  try {
    const problems = await album.check();
    const log = new Map((await album.log({ limit: 1_000_000 })).map((entry) => [entry.number, entry]));
    const lost = lines.filter((line) => {
      const [kind, number] = line.split(' ') as [string, string];
      const entry = log.get(Number(number));
      return kind === 'undone' ? entry?.undone !== true : entry === undefined;
    });
    // Whatever was cut off between an entry and its consequences is made up for.
    await album.status();
    // No entry is taken back without an undo in the log.
    for (const [number, entry] of log) {
      if (entry.undone && entry.kind !== 'undo' && !isUndone(log, number))
        lost.push(`undone ${number}, unasked`);
    }
    return { told: lines.length, lost, problems };
  } finally {
    await album.close();
  }
}

/** Whether an undo stands in the log, though nobody was told of it any more. */
function isUndone(log: ReadonlyMap<number, LogEntry>, number: number): boolean {
  return [...log.values()].some(({ undoes }) => undoes === number);
}

export function openMade(folder: string): Promise<Album> {
  const home = join(folder, '.home');
  return openAlbum(join(home, 'album.db'), { config: madeConfig(home), faces: async () => madeFaces(home) });
}

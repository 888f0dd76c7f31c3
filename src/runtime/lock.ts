/** One process at a time: a lock file beside what it guards, renewed while its process lives and taken over once it does not. */

import { rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { reasonOf, WhosinError } from '../errors.ts';
import { makeFolder } from './make-folder.ts';

export interface LockOptions {
  /** Told where another process holds the lock, and this one waits for it. */
  readonly onWait?: (() => void) | undefined;
  /** Seconds to wait then; for ever if left out. */
  readonly patience?: number;
}

export interface Lock {
  /** Aborted where the lock file was removed or taken over: another process may be at work now. */
  readonly lost: AbortSignal;
  readonly release: () => Promise<void>;
}

/** Milliseconds after which the lock of a process that was killed is taken over; a living one renews it in time. */
const stale = 10_000;
const update = 2_000;

/**
 * @param path of the lock file, below the folder that is made for it
 * @throws WhosinError `in-use` if patience runs out, `cannot-write`
 */
export async function takeLock(path: string, { onWait, patience }: LockOptions): Promise<Lock> {
  const lost = new AbortController();
  const options = {
    lockfilePath: path,
    realpath: false,
    stale,
    update,
    onCompromised: (error: Error) => lost.abort(error),
  };
  const retries =
    patience === undefined
      ? { forever: true, minTimeout: 200, maxTimeout: 1000 }
      : { retries: patience, factor: 1, minTimeout: 1000 };
  try {
    await makeFolder(dirname(path));
    await removeIfAhead(path);
    const { lock } = await import('proper-lockfile');
    const release = await lock(path, options).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ELOCKED') throw error;
      onWait?.();
      return lock(path, { ...options, retries });
    });
    return {
      lost: lost.signal,
      // A lock that was lost is not ours to remove.
      release: () => release().catch(() => {}),
    };
  } catch (error) {
    const isHeld = (error as NodeJS.ErrnoException).code === 'ELOCKED';
    throw new WhosinError(isHeld ? 'in-use' : 'cannot-write', `Cannot lock ${path}: ${reasonOf(error)}.`, {
      cause: error,
    });
  }
}

/**
 * A lock whose time lies ahead would count until then: its process was killed, and the clock was set back. A living process
 * renews its lock meanwhile, whatever its clock says.
 */
async function removeIfAhead(path: string): Promise<void> {
  const timeAhead = async (): Promise<number | undefined> => {
    const time = (await stat(path).catch(() => undefined))?.mtimeMs;
    return time !== undefined && time > Date.now() + stale ? time : undefined;
  };
  const time = await timeAhead();
  if (time === undefined) return;
  await wait(2 * update);
  if ((await timeAhead()) === time) await rm(path, { recursive: true, force: true });
}

/**
 * A set on the disk, open for changes by one process at a time. Each change is written down before it is made: a
 * process may be killed at any moment, and the next one finishes what the last line says.
 */

import { createHash } from 'node:crypto';
import { access, copyFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { reasonOf, WhosinError } from '../errors.ts';
import type { ContentHashes } from '../photos/content-hashes.ts';
import { type Lock, takeLock } from '../runtime/lock.ts';
import { makeFolder } from '../runtime/make-folder.ts';
import {
  type CopyEntry,
  type FailedEntry,
  type MarkEntry,
  openJournal,
  type PhotoEntry,
  type Reason,
  readJournal,
  type Untimed,
} from './journal.ts';
import { journalFile, listSet, placeOf, workFolder } from './set-files.ts';
import { applyMove, keyOf, photoOf, reconcile, replay, type SetPhoto, type SetState } from './set-state.ts';

export interface PhotoSet extends Omit<SetState, 'photos'> {
  readonly root: string;
  readonly photos: ReadonlyMap<string, SetPhoto>;
  /** The path of the bytes behind an address until they have their place. */
  staged(address: string): string;
  /** Takes in what is staged. False if the name has the same bytes already: that is written down instead. */
  add(photo: Omit<PhotoEntry, 'event' | 'time' | 'path'>, extension: string): Promise<boolean>;
  note(entry: Untimed<CopyEntry | FailedEntry | MarkEntry>): Promise<void>;
  move(photo: SetPhoto, reason: Reason | null, by: 'whosin' | 'person', why?: string): Promise<void>;
  close(): Promise<void>;
}

export interface OpenSetOptions {
  /** Time of day in milliseconds. */
  readonly now: () => number;
  /** Told when another process, or one that was killed a moment ago, holds the folder. */
  readonly onWait?: () => void;
  /** Seconds to wait then; longer than the lock of a process that was killed counts, if left out. */
  readonly patience?: number;
  /** Hashes of files that were read before. */
  readonly hashes?: ContentHashes;
}

/** @throws WhosinError `in-use` if another process works on the folder, then or from then on; `cannot-write` */
export async function openSet(root: string, options: OpenSetOptions): Promise<PhotoSet> {
  const { now, hashes } = options;
  const incoming = join(root, workFolder, 'incoming');
  await makeFolder(incoming).catch((error: unknown) => {
    throw new WhosinError('cannot-write', `Cannot write to ${root}: ${reasonOf(error)}.`, { cause: error });
  });
  const { lost, release } = await lockFolder(root, options);
  const staged = (address: string): string => join(incoming, sha256Hex(address).slice(0, 40));
  const journalPath = join(root, journalFile);
  const entries = await readJournal(journalPath);
  await finishLast(root, entries.at(-1), staged);
  await clear(incoming, (name) => name.endsWith('.tmp'));
  const { photos, ...state } = replay(entries);
  const handMoves = reconcile(photos, await listSet(root, hashes));
  const journal = await openJournal(journalPath, now);
  for (const move of handMoves) await journal.append(move);

  // One change after another: only the last line of the journal may be undone.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(() => {
      if (lost.aborted) throw lockLost(root, lost.reason);
      return work();
    });
    last = next.catch(() => {});
    return next;
  };
  const remember = ({ address, name }: { readonly address: string; readonly name: string }): void => {
    state.addresses.set(address, (state.addresses.get(address) ?? new Set()).add(name));
  };
  return {
    ...state,
    root,
    photos,
    staged,
    add: (photo, extension) =>
      inTurn(async () => {
        const { name, sha256, reason, why: _why, ...provenance } = photo;
        const key = keyOf(name, sha256);
        const from = staged(photo.address);
        remember(photo);
        if (photos.has(key)) {
          await journal.append({ event: 'copy', name, sha256, ...provenance });
          await rm(from, { force: true });
          return false;
        }
        const path = await freePath(root, placeOf(name, reason, sha256, extension));
        const entry = (await journal.append({ event: 'photo', ...photo, path })) as PhotoEntry;
        await put(from, join(root, path));
        photos.set(key, photoOf(entry));
        return true;
      }),
    note: (entry) =>
      inTurn(async () => {
        await journal.append(entry);
        if (entry.event === 'copy' || entry.event === 'failed') remember(entry);
        if (entry.event === 'failed') state.failed.add(entry.address);
        if (entry.event === 'end') await clear(incoming, () => true);
      }),
    move: ({ name, sha256, path: from }, reason, by, why) =>
      inTurn(async () => {
        if (from === null) return;
        const extension = from.split('.').at(-1)!;
        const path = await freePath(root, placeOf(name, reason, sha256, extension));
        const entry = { event: 'moved', name, sha256, from, path, reason, by, ...(why && { why }) } as const;
        await journal.append(entry);
        await put(join(root, from), join(root, path));
        applyMove(photos, entry);
      }),
    async close() {
      await last;
      await journal.close();
      await release();
    },
  };
}

/** The result of work on a set, which is closed then, however the work ends. */
export async function closing<T>(set: PhotoSet, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } finally {
    await set.close();
  }
}

/** Reads a set without changing anything, whoever else works on it. */
export async function readSet(root: string, hashes?: ContentHashes): Promise<SetState> {
  await checkFolder(root);
  const state = replay(await readJournal(join(root, journalFile)));
  reconcile(state.photos, await listSet(root, hashes));
  return state;
}

/** Throws `not-found`: `openSet` makes a folder that is not there, which is not what every command wants. */
export async function checkFolder(root: string): Promise<void> {
  if (!(await stat(root).catch(() => undefined))?.isDirectory()) {
    throw new WhosinError('not-found', `${root} is not a folder.`);
  }
}

/** Longer than the lock of a process that was killed counts. */
const usualPatience = 12;

async function lockFolder(root: string, { onWait, patience = usualPatience }: OpenSetOptions): Promise<Lock> {
  return takeLock(join(root, workFolder, 'lock'), { onWait, patience }).catch((error: unknown) => {
    const isHeld = error instanceof WhosinError && error.code === 'in-use';
    throw isHeld
      ? new WhosinError('in-use', `Another whosin is collecting into ${root}: wait until it is done.`, {
          cause: error,
        })
      : error;
  });
}

function lockLost(root: string, cause: unknown): WhosinError {
  return new WhosinError(
    'in-use',
    `The lock of ${root} was removed or taken over by another process: nothing more was changed. Run the same command again, and it goes on.`,
    { cause },
  );
}

/** Makes the last change that was written down, where the process was killed before it was made. */
async function finishLast(
  root: string,
  entry: Awaited<ReturnType<typeof readJournal>>[number] | undefined,
  staged: (address: string) => string,
): Promise<void> {
  if (entry?.event !== 'photo' && entry?.event !== 'moved') return;
  if (entry.path === null || (await exists(join(root, entry.path)))) return;
  const from = entry.event === 'photo' ? staged(entry.address) : join(root, entry.from);
  if (await exists(from)) await put(from, join(root, entry.path));
}

/** Removes what interrupted writes left behind, and files that were received and not wanted in the end. */
async function clear(folder: string, unwanted: (name: string) => boolean): Promise<void> {
  for (const name of await readdir(folder)) {
    if (unwanted(name)) await rm(join(folder, name), { force: true });
  }
}

async function put(from: string, to: string): Promise<void> {
  try {
    await makeFolder(dirname(to));
    await rename(from, to);
  } catch (error) {
    throw new WhosinError('cannot-write', `Cannot write ${to}: ${reasonOf(error)}.`, { cause: error });
  }
}

/** A person may have put something there. */
async function freePath(root: string, path: string): Promise<string> {
  const end = path.lastIndexOf('.');
  let free = path;
  for (let n = 2; await exists(join(root, free)); n++) free = `${path.slice(0, end)}-${n}${path.slice(end)}`;
  return free;
}

/** Stages bytes that the set has already, for another name. */
export async function stageCopy(set: PhotoSet, photo: SetPhoto, address: string): Promise<void> {
  const to = set.staged(address);
  await copyFile(join(set.root, photo.path!), `${to}.tmp`);
  await rename(`${to}.tmp`, to);
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * `provenance.jsonl`: one line for everything that happened to a set, added at the end and never changed. It is both
 * the record of where each photo comes from and what a run that was cut short goes on from.
 */

import { open, readFile } from 'node:fs/promises';
import { reasonOf, WhosinError } from '../errors.ts';
import { reachDisk } from '../runtime/reach-disk.ts';
import { type Candidate, member } from './source.ts';

/** Why a photo was set aside; each is a folder below rejected/. */
export const reasons = ['duplicate', 'someone-else', 'small-face', 'no-face', 'broken', 'removed'] as const;

export type Reason = (typeof reasons)[number];

/** The origin of a photo. */
export interface Provenance extends Omit<Candidate, 'from'> {
  readonly source: string;
  /** http, https or, for a photo of the person's own, file. */
  readonly address: string;
  /** ISO 8601 */
  readonly time: string;
}

/** The place of a photo, relative to the set, with forward slashes; `reason` is null if it is part of the set. */
interface Place {
  readonly name: string;
  readonly sha256: string;
  readonly path: string;
  readonly reason: Reason | null;
  /** Reads on from the path: "looks like Bob". */
  readonly why?: string;
}

export interface PhotoEntry extends Place, Provenance {
  readonly event: 'photo';
}

/** The same bytes again, from another address: not kept twice. */
export interface CopyEntry extends Provenance {
  readonly event: 'copy';
  readonly name: string;
  readonly sha256: string;
}

export interface FailedEntry extends Provenance {
  readonly event: 'failed';
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

export interface MovedEntry extends Omit<Place, 'path'> {
  readonly event: 'moved';
  readonly from: string;
  /** Null if a person deleted the file. */
  readonly path: string | null;
  readonly by: 'whosin' | 'person';
  readonly time: string;
}

/** Photos were fetched and are being judged together; until `round`, moves may be missing. */
export interface MarkEntry {
  readonly event: 'judging' | 'round' | 'end';
  readonly time: string;
}

export type Entry = PhotoEntry | CopyEntry | FailedEntry | MovedEntry | MarkEntry;

/** An entry as it is handed in: the journal puts the time. */
export type Untimed<E extends Entry> = E extends Entry ? Omit<E, 'time'> : never;

/**
 * Nothing if there is no journal yet. Passed over are a line that a crash cut off, and lines that name a place
 * outside the set: a set may come from strangers, and files are moved by what is written here.
 */
export async function readJournal(path: string): Promise<Entry[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw new WhosinError('not-found', `Cannot read ${path}: ${reasonOf(error)}.`, { cause: error });
  });
  return text.split('\n').flatMap((line) => {
    try {
      const entry = JSON.parse(line) as unknown;
      return isSound(entry) ? [entry] : [];
    } catch {
      return [];
    }
  });
}

function isSound(entry: unknown): entry is Entry {
  const event = member(entry, 'event');
  if (event === 'judging' || event === 'round' || event === 'end') return true;
  const within = (key: string): boolean => {
    const path = member(entry, key);
    return typeof path === 'string' && path.split('/').every((part) => /^(?!\.{0,2}$)[^\\\0]+$/.test(part));
  };
  const named = within('name') && !(member(entry, 'name') as string).includes('/');
  const sourced = typeof member(entry, 'address') === 'string' && typeof member(entry, 'source') === 'string';
  const sha256 = member(entry, 'sha256');
  const hashed = typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256);
  if (event === 'photo') return named && sourced && hashed && within('path');
  if (event === 'copy') return named && sourced && hashed;
  if (event === 'failed') return named && sourced;
  const placed = member(entry, 'path') === null || within('path');
  return event === 'moved' && named && hashed && placed && within('from');
}

export interface Journal {
  /** Returns when the line is on the disk. */
  append(entry: Untimed<Entry>): Promise<Entry>;
  close(): Promise<void>;
}

/** @param now the time of day in milliseconds */
export async function openJournal(path: string, now: () => number): Promise<Journal> {
  const handle = await open(path, 'a+');
  const { size } = await handle.stat();
  const last = Buffer.alloc(1);
  if (size > 0) await handle.read(last, 0, 1, size - 1);
  // A line that a crash cut off must not run into the next one.
  if (size > 0 && last[0] !== 0x0a) await handle.appendFile('\n');
  return {
    async append(untimed) {
      const entry = { ...untimed, time: new Date(now()).toISOString() } as Entry;
      await handle.appendFile(`${JSON.stringify(entry)}\n`);
      await reachDisk(handle);
      return entry;
    },
    close: () => handle.close(),
  };
}

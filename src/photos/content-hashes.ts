/**
 * The sha256 of files as they were when they were last read, so that a file that has not changed since need not be
 * read again. Whether it has is told as git tells it for its index (gitformat-index, "racy git"): by device, inode,
 * size and times of change.
 *
 * `<home>/seen/<start of the sha256 of the folder's path>.log`: records of one length, appended, without the names of
 * files. A record that is torn or was written over is dropped; to lose all of them costs time and nothing else.
 */

import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { appendFile, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { crc32 } from 'node:zlib';
import { readFile, stat } from './file-calls.ts';

/** Writes a file whole or not at all, with the folders on the way; several processes may write one file. */
export type WriteFile = (path: string, bytes: Uint8Array) => Promise<void>;

/** The file's properties in the file system, as far as they change with the content; 40 bytes. */
type State = Buffer;

const stateBytes = 5 * 8;
const hashBytes = 32;
const checkBytes = 4;
const recordBytes = stateBytes + hashBytes + checkBytes;

/** Folders whose records are held at one time: photos come folder by folder. */
const openFolders = 16;

/** Records that may wait to be written: so many hashes are lost when the process is killed. */
const waitingRecords = 1024;

/** Longer than the steps in which any file system or attribute cache tells times that count at all. */
const racyMilliseconds = 5000;

/** FAT, exFAT, HFS+ and some network drives tell times in steps of 10 milliseconds to 2 seconds, too coarse to trust. */
const finestCoarseStep = 10_000_000n;

interface Folder {
  readonly log: string;
  /** The last record of each inode that was read from the log or added since. */
  readonly records: Map<bigint, Buffer>;
  /** To be appended. */
  waiting: Buffer[];
  /** The log holds a torn record, or more that are outdated than not: it is written anew. */
  isStale: boolean;
}

export interface ContentHashes {
  /** The sha256 of the file, if it is known and the file is as it was then. */
  recall(path: string): Promise<string | undefined>;
  /**
   * Reads a file and notes its hash, in a way that no change in between goes unseen.
   *
   * @param read gives what the file holds, and its sha256
   */
  reading<T extends { readonly sha256: string }>(path: string, read: () => Promise<T>): Promise<T>;
  /** Writes what was noted. Never throws: a disk that is full costs time later. */
  flush(): Promise<void>;
  clear(): Promise<void>;
}

/** @param now milliseconds since 1970 */
export function openContentHashes(
  home: string,
  write: WriteFile,
  now: () => number = Date.now,
): ContentHashes {
  const root = join(home, 'seen');
  const folders = new Map<string, Promise<Folder>>();
  let waiting = 0;

  const folderOf = async (path: string): Promise<Folder> => {
    const place = dirname(resolve(path));
    const known = folders.get(place);
    if (known) return known;
    const opened = openFolder(
      join(root, `${createHash('sha256').update(place).digest('hex').slice(0, 32)}.log`),
    );
    folders.set(place, opened);
    const [oldest] = folders;
    if (folders.size > openFolders && oldest) {
      folders.delete(oldest[0]);
      await writeOut(await oldest[1], write);
    }
    return opened;
  };

  const flush = async (): Promise<void> => {
    waiting = 0;
    for (const folder of folders.values()) await writeOut(await folder, write);
  };

  return {
    async recall(path) {
      const info = await stat(path, { bigint: true }).catch(() => undefined);
      if (!info?.isFile()) return undefined;
      const state = stateOf(info);
      const record = (await folderOf(path)).records.get(inodeOf(state));
      if (!record?.subarray(0, stateBytes).equals(state)) return undefined;
      return record.toString('hex', stateBytes, stateBytes + hashBytes);
    },

    async reading(path, read) {
      const began = now();
      const before = await stat(path, { bigint: true }).catch(() => undefined);
      const content = await read();
      if (!before?.isFile() || !isTrusted(before, began)) return content;
      const after = await stat(path, { bigint: true }).catch(() => undefined);
      const state = stateOf(before);
      if (!after || !stateOf(after).equals(state)) return content;
      const folder = await folderOf(path);
      const record = sealed(Buffer.concat([state, Buffer.from(content.sha256, 'hex')]));
      folder.records.set(inodeOf(state), record);
      folder.waiting.push(record);
      waiting++;
      if (waiting >= waitingRecords) await flush();
      return content;
    },

    flush,

    async clear() {
      folders.clear();
      await rm(root, { recursive: true, force: true });
    },
  };
}

function stateOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): State {
  const state = Buffer.alloc(stateBytes);
  for (const [i, value] of [dev, ino, size, mtimeNs, ctimeNs].entries()) {
    state.writeBigUInt64LE(BigInt.asUintN(64, value), i * 8);
  }
  return state;
}

function inodeOf(state: State): bigint {
  return state.readBigUInt64LE(8);
}

/** The time of change, unlike that of the content, cannot be set back; a change within the same tick leaves it. */
function isTrusted({ ctimeNs }: BigIntStats, now: number): boolean {
  return Number(ctimeNs / 1_000_000n) < now - racyMilliseconds && ctimeNs % finestCoarseStep !== 0n;
}

async function openFolder(log: string): Promise<Folder> {
  const bytes = await readFile(log).catch(() => Buffer.alloc(0));
  const records = new Map<bigint, Buffer>();
  let isStale = bytes.length % recordBytes !== 0;
  for (let at = 0; at + recordBytes <= bytes.length; at += recordBytes) {
    const record = bytes.subarray(at, at + recordBytes);
    if (sealed(record.subarray(0, -checkBytes)).equals(record)) records.set(inodeOf(record), record);
    else isStale = true;
  }
  return {
    log,
    records,
    waiting: [],
    isStale: isStale || bytes.length > 2 * recordBytes * (records.size + 100),
  };
}

/** Appended in one write, so that two processes that append at once do not mix their records. */
async function writeOut(folder: Folder, write: WriteFile): Promise<void> {
  const { log, records, waiting, isStale } = folder;
  if (waiting.length === 0) return;
  folder.waiting = [];
  folder.isStale = false;
  const content = Buffer.concat(isStale ? [...records.values()] : waiting);
  try {
    if (isStale) return await write(log, content);
    // A folder that is not there yet is made by whoever writes a file whole.
    await appendFile(log, content).catch(() => write(log, content));
  } catch {
    // If the disk is full or read-only, the bottleneck cache reports it.
  }
}

function sealed(content: Buffer): Buffer {
  const record = Buffer.alloc(content.length + checkBytes);
  record.set(content);
  record.writeUInt32LE(crc32(content), content.length);
  return record;
}

/**
 * The outputs of networks for photos, stored by the photo's content and by everything else that they depend on,
 * the space. A lost or damaged entry costs time and nothing else: it is a miss, never an error.
 *
 * `<home>/bottlenecks/<space with / as _>/<first two digits of the sha256>/<sha256>.bin`
 */

import { createHash, randomUUID } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpaceId } from '../core/embedding.ts';
import { reasonOf, WhosinError } from '../errors.ts';
import { type ContentHashes, openContentHashes, type WriteFile } from './content-hashes.ts';
import { readFile, stat, writeFile } from './file-calls.ts';

export interface BottleneckCache {
  /** The hashes of files that were read before: entries are looked up by them. */
  readonly hashes: ContentHashes;
  /** A copy of what was put, at offset 0 of a buffer of its own; undefined if it is not there. */
  get(space: SpaceId, sha256: string): Promise<Uint8Array | undefined>;
  /** False if it could not be kept. */
  put(space: SpaceId, sha256: string, bytes: Uint8Array): Promise<boolean>;
  info(): Promise<readonly SpaceUse[]>;
  /** Removes one space, or all and the hashes of files, and tells what was removed. Throws `cannot-write`. */
  clear(space?: SpaceId): Promise<Omit<SpaceUse, 'space'>>;
}

export interface SpaceUse {
  /** As its folder is named. */
  readonly space: string;
  readonly entries: number;
  readonly bytes: number;
}

/** 'WHOB', the version and the length as uint32 little-endian, then 20 bytes of the seal. */
const magic = 0x424f4857;
const version = 1;
const headerBytes = 32;

/**
 * @param home the folder for everything that can be computed again
 * @param onFailure hears of the first entry that could not be kept (a full disk, a read-only folder) and of no
 *   other: a run goes on without its cache
 * @param now milliseconds since 1970: a file that was changed just now may change again unseen
 */
export function openCache(
  home: string,
  write: WriteFile,
  onFailure: (reason: string) => void = () => {},
  now?: () => number,
): BottleneckCache {
  const root = join(home, 'bottlenecks');
  const fileOf = (space: SpaceId, sha256: string): string => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new RangeError(`"${sha256}" is not a sha256`);
    return join(root, folderOf(space), sha256.slice(0, 2), `${sha256}.bin`);
  };
  const info = async (): Promise<SpaceUse[]> => {
    const folders = (await list(root)).filter((entry) => entry.isDirectory());
    return Promise.all(folders.map(({ name }) => useOf(root, name)));
  };
  const hashes = openContentHashes(home, write, now);
  let failed = false;
  return {
    hashes,
    info,

    async get(space, sha256) {
      const path = fileOf(space, sha256);
      const file = await readFile(path).catch(() => undefined);
      return file && unpack(file, space, sha256);
    },

    async put(space, sha256, bytes) {
      const path = fileOf(space, sha256);
      const file = pack(bytes, space, sha256);
      try {
        // A torn entry is a miss: it takes no name of its own first, and no waiting for the disk. Whoever writes a file
        // whole makes the folder too, and replaces what is there; twice, because another process may clear the cache
        // between the making of the folder and the writing.
        await writeFile(path, file, { flag: 'wx' })
          .catch(() => write(path, file))
          .catch(() => write(path, file));
        return true;
      } catch (error) {
        if (!failed) onFailure(reasonOf(error));
        failed = true;
        return false;
      }
    },

    async clear(space) {
      const wanted = space === undefined ? undefined : folderOf(space);
      const uses = (await info()).filter((use) => wanted === undefined || use.space === wanted);
      for (const use of uses) await remove(join(root, use.space));
      if (space === undefined) await hashes.clear();
      const sum = (key: 'entries' | 'bytes'): number => uses.reduce((total, use) => total + use[key], 0);
      return { entries: sum('entries'), bytes: sum('bytes') };
    },
  };
}

/** Spaces are named in code, but a name never leaves the cache's folder, whoever wrote it. */
function folderOf(space: SpaceId): string {
  if (!/^[a-z0-9][a-z0-9._/-]{0,199}$/i.test(space)) throw new RangeError(`"${space}" cannot name a space`);
  return space.replaceAll('/', '_');
}

function pack(bytes: Uint8Array, space: SpaceId, sha256: string): Uint8Array {
  const file = Buffer.alloc(headerBytes + bytes.length);
  file.writeUInt32LE(magic, 0);
  file.writeUInt32LE(version, 4);
  file.writeUInt32LE(bytes.length, 8);
  file.set(bytes, headerBytes);
  file.set(seal(file, space, sha256), 12);
  return file;
}

function unpack(file: Buffer, space: SpaceId, sha256: string): Uint8Array | undefined {
  if (file.length < headerBytes) return undefined;
  if (file.readUInt32LE(0) !== magic || file.readUInt32LE(4) !== version) return undefined;
  if (file.readUInt32LE(8) !== file.length - headerBytes) return undefined;
  if (!seal(file, space, sha256).equals(file.subarray(12, headerBytes))) return undefined;
  return new Uint8Array(file.subarray(headerBytes));
}

/**
 * Over the key too, so an entry under a wrong name is a miss ("a/b" and "a_b" share a folder). The start of a
 * SHA-256, because Node has a CRC-32 only from 20.15 on.
 */
function seal(file: Buffer, space: SpaceId, sha256: string): Buffer {
  const hash = createHash('sha256').update(`${space}\n${sha256}\n`);
  return hash
    .update(file.subarray(headerBytes))
    .digest()
    .subarray(0, headerBytes - 12);
}

/** Leftovers of interrupted writes count as bytes: they take up space until the cache is cleared. */
async function useOf(root: string, space: string): Promise<SpaceUse> {
  let entries = 0;
  let bytes = 0;
  for (const shard of await list(join(root, space))) {
    const folder = join(root, space, shard.name);
    const files = shard.isDirectory() ? await list(folder) : [];
    // Another process may remove what was listed.
    const sizes = await Promise.all(
      files.map(({ name }) =>
        stat(join(folder, name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
    );
    entries += files.filter(({ name }) => name.endsWith('.bin')).length;
    bytes += sizes.reduce((sum, size) => sum + size, 0);
  }
  return { space, entries, bytes };
}

/** Sorted; nothing if there is no such folder. */
async function list(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Moved aside first: another process that writes at the same time would keep the folder from getting empty. */
async function remove(folder: string): Promise<void> {
  const aside = `${folder}.removed-${randomUUID().slice(0, 8)}`;
  try {
    await rename(folder, aside);
    await rm(aside, { recursive: true, force: true });
  } catch (error) {
    // Another process that clears at the same time was first.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw new WhosinError('cannot-write', `Cannot remove ${folder}: ${reasonOf(error)}.`, { cause: error });
  }
}

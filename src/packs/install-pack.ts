/** Puts packs in their places and takes them away. A pack is written beside its place and renamed: it is there whole or not at all. */

import { createHash, randomUUID } from 'node:crypto';
import { readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Config } from '../config.ts';
import { reasonOf, WhosinError } from '../errors.ts';
import { detectorNetwork } from '../models/face-detector-pack.ts';
import { facePackOf } from '../models/face-embedder-pack.ts';
import type { GraphSpec } from '../models/network.ts';
import type { Pack, PackKind, PackOf } from '../models/pack.ts';
import { writePack } from '../models/pack-file.ts';
import { pictureGraph } from '../models/picture-graph.ts';
import type { FolderFile } from '../models/weight-file.ts';
import { graphFilesOf } from '../runtime/compiled-graphs.ts';
import { removeGraphs } from '../runtime/graph-files.ts';
import { takeLock } from '../runtime/lock.ts';
import { makeFolder } from '../runtime/make-folder.ts';
import { checkPackName, comesWithWhosin, findPack, findPackOf, packFile, packNames } from './pack-store.ts';

/** Puts the files of a pack into an empty folder, tries it out there, and tells what it is. */
export type MakePack<K extends PackKind> = (folder: string) => Promise<PackOf<K>>;

/** The files beside the place of a pack that is being made; the next process of that name removes those that a kill left. */
export function besidePack(packs: string, name: string, what: 'incoming' | 'download' | 'lock'): string {
  return join(packs, `.${name}.${what}`);
}

/**
 * Gives a name to a pack; making it may take long.
 *
 * @throws WhosinError `usage` if the name is taken or is none, and as `make` does: nothing is added then
 */
export async function addPack<K extends PackKind>(
  packs: string,
  kind: K,
  name: string,
  make: MakePack<K>,
  onWait?: () => void,
): Promise<PackOf<K>> {
  checkPackName(name);
  if (comesWithWhosin(name)) {
    throw new WhosinError('usage', `${name} comes with whosin: give the model another name.`);
  }
  return withPackLock(packs, name, onWait, async (lost) => {
    if ((await packNames(packs)).includes(name)) {
      throw new WhosinError(
        'usage',
        `There is a model "${name}" already: remove it first (whosin models remove ${name}).`,
      );
    }
    return installPack(packs, kind, name, make, lost);
  });
}

/** Puts a pack in its place, and away what was there. For whoever holds the lock of its name. */
export async function installPack<K extends PackKind>(
  packs: string,
  kind: K,
  name: string,
  make: MakePack<K>,
  lost: AbortSignal,
): Promise<PackOf<K>> {
  const incoming = besidePack(packs, name, 'incoming');
  try {
    await rm(incoming, whole);
    await makeFolder(incoming);
    await writeFile(join(incoming, packFile), writePack(await make(incoming)));
    lost.throwIfAborted();
    await takeAway(packs, name);
    await rename(incoming, join(packs, name));
  } catch (error) {
    if (error instanceof WhosinError || lost.aborted) throw error;
    const message = `Cannot write the model into ${join(packs, name)}: ${reasonOf(error)}.`;
    throw new WhosinError('cannot-write', message, { cause: error });
  } finally {
    await rm(incoming, whole).catch(() => {});
  }
  const pack = await findPackOf(packs, kind, name);
  if (pack) return pack;
  throw new WhosinError('not-found', `The model ${name} was taken away as soon as it was there.`);
}

/** A damaged archive ends its unpacking while files of it are still being written: the folder is not empty at once. */
const whole = { recursive: true, force: true, maxRetries: 10, retryDelay: 50 } as const;

/** Writes one file of a pack that is being made. */
export async function writePackFile(folder: string, path: string, bytes: Uint8Array): Promise<FolderFile> {
  await makeFolder(dirname(join(folder, path)));
  await writeFile(join(folder, path), bytes);
  return { folder, path, sha256: createHash('sha256').update(bytes).digest('hex') };
}

export interface Removed {
  readonly files: number;
  readonly bytes: number;
}

/**
 * Removes a model, what was compiled of it, and what attempts at fetching it have left; not the sum of its first pull.
 *
 * @throws WhosinError `usage` if it comes with whosin, `not-found`, `cannot-write`
 */
export async function removePack(
  { home, packs }: Pick<Config, 'home' | 'packs'>,
  name: string,
  onWait?: () => void,
): Promise<Removed> {
  checkPackName(name);
  if (comesWithWhosin(name)) throw new WhosinError('usage', `${name} comes with whosin, and stays.`);
  return withPackLock(packs, name, onWait, async () => {
    const pack = await findPack(packs, name).catch(() => undefined);
    const download = besidePack(packs, name, 'download');
    const left = [besidePack(packs, name, 'incoming'), download, `${download}.part`, `${download}.part.json`];
    const removed = [await takeAway(packs, name)];
    for (const path of left) removed.push(await remove(path));
    if (pack) removed.push(await removeGraphs(home, graphsOf(pack).flatMap(graphFilesOf)));
    const sum = (of: keyof Removed): number => removed.reduce((total, each) => total + each[of], 0);
    if (sum('files') > 0) return { files: sum('files'), bytes: sum('bytes') };
    throw new WhosinError('not-found', `There is no model "${name}" to remove (whosin models list).`);
  });
}

/** Runs work that only one process may do on a pack at a time. Throws `in-use` where the lock is lost meanwhile. */
export async function withPackLock<T>(
  packs: string,
  name: string,
  onWait: (() => void) | undefined,
  work: (lost: AbortSignal) => Promise<T>,
): Promise<T> {
  const path = besidePack(packs, name, 'lock');
  const { lost, release } = await takeLock(path, { onWait });
  try {
    return await work(lost);
  } catch (error) {
    if (!lost.aborted) throw error;
    throw new WhosinError(
      'in-use',
      `The lock ${path} was removed or taken over by another process: nothing was changed, run the same command again.`,
      { cause: error },
    );
  } finally {
    await release();
  }
}

/** Moved aside first, so that nobody sees half of it. */
async function takeAway(packs: string, name: string): Promise<Removed> {
  // A process that was killed while it removed a model: this one finishes the work.
  for (const left of await readdir(packs).catch((): string[] => [])) {
    if (left.startsWith('.outgoing-')) await rm(join(packs, left), whole).catch(() => {});
  }
  const outgoing = join(packs, `.outgoing-${randomUUID()}`);
  try {
    await rename(join(packs, name), outgoing);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { files: 0, bytes: 0 };
    const message = `Cannot remove ${join(packs, name)}: ${reasonOf(error)}.`;
    throw new WhosinError('cannot-write', message, { cause: error });
  }
  return remove(outgoing);
}

/** A file or a folder, if it is there. */
async function remove(path: string): Promise<Removed> {
  try {
    const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => undefined);
    const inside = entries
      ?.filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const infos = await Promise.all((inside ?? [path]).map((file) => stat(file).catch(() => undefined)));
    const sizes = infos.flatMap((info) => (info ? [info.size] : []));
    await rm(path, whole);
    return { files: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
  } catch (error) {
    throw new WhosinError('cannot-write', `Cannot remove ${path}: ${reasonOf(error)}.`, { cause: error });
  }
}

function graphsOf(pack: Pack): readonly GraphSpec[] {
  if (pack.kind === 'face-detector') return [detectorNetwork(pack)];
  if (pack.kind === 'face-embedder') return facePackOf(pack).embedders.map(({ network }) => network);
  return (['bottleneck', 'scores', 'objects'] as const)
    .filter((output) => pack[output] !== undefined)
    .map((output) => pictureGraph(pack, output));
}

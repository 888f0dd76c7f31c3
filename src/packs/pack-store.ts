/**
 * Models that were pulled or added, each in a folder of its own: `<packs>/<name>/pack.json` and its files. A
 * folder is written beside its place and renamed, so a model is there whole or not at all.
 */

import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { reasonOf, WhosinError } from '../errors.ts';
import { cocoMobilenetV3 } from '../models/coco-mobilenet-v3.ts';
import type { PicturePack } from '../models/picture-pack.ts';
import { readPicturePack, writePicturePack } from '../models/picture-pack-file.ts';
import { makeFolder } from '../runtime/make-folder.ts';
import { readVerified } from '../runtime/model-store.ts';

/** Come with whosin, and need no folder. */
export const builtInPacks: readonly PicturePack[] = [cocoMobilenetV3];

export const packFile = 'pack.json';

/** Throws `usage` where a name could be taken for a path or for a file. */
export function checkPackName(name: string): void {
  if (/^[a-z0-9][a-z0-9._-]{0,63}$/i.test(name) && !/\.(onnx|pb|json|bin|txt|part|lock)$/i.test(name)) return;
  const wanted = 'letters, digits, dots, dashes and underlines, at most 64, and no ending of a file';
  throw new WhosinError('usage', `"${name}" cannot be the name of a model: ${wanted}.`);
}

/** The names of the models in the folder, whether they can be read or not. */
export async function packNames(packs: string): Promise<readonly string[]> {
  const entries = await readdir(packs, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new WhosinError('not-found', `Cannot read the folder of models ${packs}: ${reasonOf(error)}.`, {
      cause: error,
    });
  });
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .toSorted();
}

/** The built-in pack of that name, or the one in the folder; nothing where there is none. Throws `bad-weights`. */
export async function findPack(packs: string, name: string): Promise<PicturePack | undefined> {
  const builtIn = builtInPacks.find((pack) => pack.name === name);
  if (builtIn) return builtIn;
  const json = await readPackJson(packs, name);
  const folder = join(packs, name);
  return json === undefined ? undefined : readPicturePack(json, folder, join(folder, packFile));
}

/** Nothing where there is no model of that name; throws `bad-weights` where its `pack.json` cannot be read. */
export async function readPackJson(packs: string, name: string): Promise<string | undefined> {
  const folder = join(packs, name);
  const path = join(folder, packFile);
  return readFile(path, 'utf8').catch(async (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && !(await isFolder(folder))) return undefined;
    if (error.code === 'ENOTDIR') return undefined;
    throw new WhosinError(
      'bad-weights',
      `Cannot read ${path}: ${reasonOf(error)}. Pull or add the model again.`,
      { cause: error },
    );
  });
}

/** Throws `bad-weights` where a file of the pack is not the one that was pulled or added. */
export async function verifyPack(pack: PicturePack): Promise<void> {
  for (const file of pack.graph.files) await readVerified(file);
}

/** As `installFolder`. */
export async function installPack(
  packs: string,
  name: string,
  write: (folder: string) => Promise<PicturePack>,
): Promise<PicturePack> {
  await installFolder(packs, name, async (folder) => writePicturePack(await write(folder)));
  return (await findPack(packs, name))!;
}

/**
 * Puts a pack in its place, and away what was there.
 *
 * @param write puts the files of the pack into a folder, and says its `pack.json`
 */
export async function installFolder(
  packs: string,
  name: string,
  write: (folder: string) => Promise<string>,
): Promise<void> {
  const folder = join(packs, name);
  const beside = (what: string): string => join(packs, `.${what}-${randomUUID()}`);
  const incoming = beside('incoming');
  const outgoing = beside('outgoing');
  try {
    await makeFolder(incoming);
    await writeFile(join(incoming, packFile), await write(incoming));
    if (await isFolder(folder)) await rename(folder, outgoing);
    await rename(incoming, folder);
  } catch (error) {
    if (error instanceof WhosinError) throw error;
    throw new WhosinError('cannot-write', `Cannot write the model into ${folder}: ${reasonOf(error)}.`, {
      cause: error,
    });
  } finally {
    for (const left of [incoming, outgoing]) await rm(left, { recursive: true, force: true }).catch(() => {});
  }
}

/** Writes one file of a pack that is being put together. */
export async function writePackFile(
  folder: string,
  path: string,
  bytes: Uint8Array,
): Promise<{ readonly folder: string; readonly path: string; readonly sha256: string }> {
  await makeFolder(dirname(join(folder, path)));
  await writeFile(join(folder, path), bytes);
  return { folder, path, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** Throws `not-found` where there is none of that name. */
export async function removePack(packs: string, name: string): Promise<void> {
  const outgoing = join(packs, `.outgoing-${randomUUID()}`);
  try {
    await rename(join(packs, name), outgoing);
    await rm(outgoing, { recursive: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new WhosinError('not-found', `There is no model "${name}" to remove (whosin models list).`, {
        cause: error,
      });
    }
    throw new WhosinError('cannot-write', `Cannot remove ${join(packs, name)}: ${reasonOf(error)}.`, {
      cause: error,
    });
  }
}

/** Runs work that only one process may do on a pack at a time; says so once where another one is at it. */
export async function withPackLock<T>(
  packs: string,
  name: string,
  onWait: () => void,
  work: () => Promise<T>,
): Promise<T> {
  const path = join(packs, `.${name}`);
  const options = { realpath: false, lockfilePath: `${path}.lock`, stale: 20_000, update: 5_000 };
  let release: () => Promise<void>;
  try {
    await makeFolder(packs);
    const { lock } = await import('proper-lockfile');
    release = await lock(path, options).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ELOCKED') throw error;
      onWait();
      return lock(path, { ...options, retries: { forever: true, minTimeout: 200, maxTimeout: 1000 } });
    });
  } catch (error) {
    throw new WhosinError(
      'cannot-write',
      `Cannot write to the folder of models ${packs}: ${reasonOf(error)}.`,
      { cause: error },
    );
  }
  try {
    return await work();
  } finally {
    // A lock that was taken over meanwhile is not ours to remove.
    await release().catch(() => {});
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
}

/**
 * Models that were pulled or added, of every kind, each in a folder of its own: `<packs>/<name>/pack.json` and its
 * files.
 */

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf, WhosinError } from '../errors.ts';
import { cocoMobilenetV3 } from '../models/coco-mobilenet-v3.ts';
import { faceApiPack } from '../models/face-api.ts';
import { filesOf, isPackOf, type Pack, type PackKind, type PackOf } from '../models/pack.ts';
import type { PicturePack } from '../models/picture-pack.ts';
import { readVerified } from '../runtime/weight-files.ts';

/** Come with whosin, and need no folder. */
export const builtInPacks: readonly PicturePack[] = [cocoMobilenetV3];

export const packFile = 'pack.json';

export function comesWithWhosin(name: string): boolean {
  return name === faceApiPack.name || builtInPacks.some((pack) => pack.name === name);
}

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

/** The built-in pack of that name, or the one in the folder; nothing if there is none. Throws `bad-weights`. */
export async function findPack(packs: string, name: string): Promise<Pack | undefined> {
  const builtIn = builtInPacks.find((pack) => pack.name === name);
  // Anything else is a path to a file.
  if (builtIn || !/^[^./\\][^/\\]*$/.test(name)) return builtIn;
  const folder = join(packs, name);
  const path = join(folder, packFile);
  const json = await readFile(path, 'utf8').catch(async (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOTDIR' || (error.code === 'ENOENT' && !(await isFolder(folder)))) return undefined;
    const remedy = `Remove the model (whosin models remove ${name}), and pull or add it again.`;
    throw new WhosinError('bad-weights', `Cannot read ${path}: ${reasonOf(error)}. ${remedy}`, {
      cause: error,
    });
  });
  if (json === undefined) return undefined;
  // Most runs use the networks that whosin comes with, and need no reader.
  const { readPack } = await import('../models/pack-file.ts');
  return readPack(json, folder, path);
}

/** As `findPack`; nothing if the pack is of another kind. */
export async function findPackOf<K extends PackKind>(
  packs: string,
  kind: K,
  name: string,
): Promise<PackOf<K> | undefined> {
  const pack = await findPack(packs, name);
  return pack && isPackOf(kind, pack) ? pack : undefined;
}

/** Those in the folder that can be read; `whosin models list` shows the others. */
export async function packsOf<K extends PackKind>(packs: string, kind: K): Promise<readonly PackOf<K>[]> {
  const found: PackOf<K>[] = [];
  for (const name of await packNames(packs)) {
    const pack = await findPackOf(packs, kind, name).catch(() => undefined);
    if (pack) found.push(pack);
  }
  return found;
}

/** Throws `bad-weights` where a file of the pack is not the one that was pulled or added. */
export async function verifyPack(pack: Pack): Promise<void> {
  for (const file of filesOf(pack)) await readVerified(file);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
}

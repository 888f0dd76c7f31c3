/** The models that are here, and how much everything that whosin stores takes. */

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { faceApiPack } from '../models/face-api.ts';
import type { NetworkSpec } from '../models/network.ts';
import { filesOf, type Pack } from '../models/pack.ts';
import { listedPacks } from '../packs/listed-packs.ts';
import { openCache } from '../photos/bottleneck-cache.ts';
import type { ModelJson } from '../report/schema/model-schema.ts';
import { writeFileAtomically } from '../runtime/atomic-file.ts';
import { graphUse, removeGraphs, removeLeftGraphs } from '../runtime/graph-files.ts';
import type { Use } from './messages.ts';

/** Those that come with whosin and those that were pulled or added. */
export async function modelsHere({ packs }: Pick<Config, 'packs'>): Promise<ModelJson[]> {
  const { detector, landmarks, embedders } = faceApiPack;
  const ofFaces = [detector, landmarks, ...embedders.map(({ network }) => network)];
  const listed = (await listedPacks(packs)).filter(({ state }) => state !== 'pull');
  return [
    ...listed.map(
      ({ name, state, pack, licence = null, source = null, problem = null }): ModelJson => ({
        name,
        kind: kindOf(pack),
        state: state as 'built-in' | 'here' | 'damaged',
        labels: pack?.kind === 'picture' ? ((pack.scores ?? pack.objects)?.labels.length ?? null) : null,
        teaches: pack?.kind === 'picture' && pack.bottleneck !== undefined,
        licence,
        source,
        version: pack ? filesOf(pack)[0]!.sha256.slice(0, 12) : null,
        made: null,
        problem,
      }),
    ),
    ...ofFaces.map(networkJson),
  ];
}

function kindOf(pack: Pack | undefined): ModelJson['kind'] {
  if (pack?.kind !== 'picture') return pack === undefined ? 'pictures' : 'faces';
  return pack.objects && !pack.scores ? 'objects' : 'pictures';
}

function networkJson({ name, licence, source, files }: NetworkSpec): ModelJson {
  const version = files.at(-1)!.sha256.slice(0, 12);
  return {
    name,
    kind: 'faces',
    state: 'built-in',
    labels: null,
    teaches: false,
    licence,
    source,
    version,
    made: null,
    problem: null,
  };
}

/** The use of the cache: photos, thumbnails among them, and compiled networks. */
export async function cacheUse({ home }: Pick<Config, 'home'>): Promise<{ photos: Use; networks: Use }> {
  const spaces = await openCache(home, writeFileAtomically).info();
  const sum = (key: 'entries' | 'bytes'): number => spaces.reduce((total, use) => total + use[key], 0);
  return { photos: { files: sum('entries'), bytes: sum('bytes') }, networks: await graphUse(home) };
}

/** @returns what was removed. Throws `cannot-write`. */
export async function clearCache({ home }: Pick<Config, 'home'>, what: 'photos' | 'networks'): Promise<Use> {
  await removeLeftGraphs(home);
  if (what === 'networks') return removeGraphs(home);
  const { entries: files, bytes } = await openCache(home, writeFileAtomically).clear();
  return { files, bytes };
}

/** A folder that is not there holds nothing. */
export async function folderUse(folder: string): Promise<Use> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  let [files, bytes] = [0, 0];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    files++;
    bytes += await stat(join(entry.parentPath, entry.name)).then(
      ({ size }) => size,
      () => 0,
    );
  }
  return { files, bytes };
}

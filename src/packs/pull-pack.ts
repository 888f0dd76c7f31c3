/** RECIPE: fetch a model from where its makers keep it. */

import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf, WhosinError } from '../errors.ts';
import { filesOf, isPackOf, type PackKind, type PackOf } from '../models/pack.ts';
import type { PullablePack } from '../models/pullable-pack.ts';
import { writeFileAtomically } from '../runtime/atomic-file.ts';
import { type DownloadOptions, download, sha256Of } from './download.ts';
import { besidePack, installPack, withPackLock } from './install-pack.ts';
import { findPack, verifyPack } from './pack-store.ts';

/** More than any archive here, or file in one, has: the largest are 90 MB. */
export const mostBytes = 256e6;

export interface PullOptions extends Omit<DownloadOptions, 'maxBytes'> {
  /** Another place that has the same file. */
  readonly from?: string;
  /** Told where another process is at work on the same model, and this one waits for it. */
  readonly onWait?: () => void;
}

export interface Pulled<K extends PackKind> {
  readonly pack: PackOf<K>;
  /** The model was here already, and its files are right. */
  readonly already: boolean;
  /** The sha256 of the fetched file. */
  readonly sha256?: string;
  /**
   * How it is known to be the right one: by a sum that whosin carries, by that of an earlier pull, or by nothing
   * yet (its sum was written down now).
   */
  readonly trust?: 'known' | 'recorded' | 'first';
}

/** How what was fetched becomes a pack. */
export interface MakePulled<K extends PackKind> {
  readonly kind: K;
  /** Throws where it could not become one, before anything is fetched. */
  readonly check?: () => void;
  readonly make: (fetched: string, folder: string) => Promise<PackOf<K>>;
}

/**
 * @throws WhosinError `cannot-fetch`, `cannot-write`, `bad-weights` if what came is not what it should be, or why no
 *   pack can be made of it: what is known to be right is kept for the next attempt
 */
export async function pullPack<K extends PackKind>(
  packs: string,
  wanted: PullablePack,
  { kind, check, make }: MakePulled<K>,
  options: PullOptions = {},
): Promise<Pulled<K>> {
  const { name } = wanted;
  return withPackLock(packs, name, options.onWait, async (lost): Promise<Pulled<K>> => {
    const there = await rightOne(packs, kind, wanted);
    if (there) return { pack: there, already: true };
    check?.();
    const fetched = besidePack(packs, name, 'download');
    let isPublished = false;
    try {
      const sha256 = await fetchFile(wanted, fetched, lost, options);
      const trust = await judge(packs, wanted, sha256);
      isPublished = wanted.sha256 !== undefined;
      const pack = await installPack(packs, kind, name, (folder) => make(fetched, folder), lost);
      if (trust === 'first') await writeFileAtomically(recordPath(packs, name), `${sha256}\n`);
      isPublished = false;
      return { pack, already: false, sha256, trust };
    } finally {
      // A file that was not right must not be gone on with, and one that became a pack is not needed any more.
      if (!isPublished) await rm(fetched, { force: true });
    }
  });
}

/** The model that is here under its name; nothing if there is none, or its files were damaged. */
async function rightOne<K extends PackKind>(
  packs: string,
  kind: K,
  wanted: PullablePack,
): Promise<PackOf<K> | undefined> {
  const { name } = wanted;
  const there = await findPack(packs, name).catch(() => undefined);
  if (there === undefined) return undefined;
  const sum = wanted.kind === 'picture' ? wanted.graph.sha256 : wanted.sha256;
  if (!isPackOf(kind, there) || (sum !== undefined && filesOf(there)[0]!.sha256 !== sum)) {
    throw new WhosinError(
      'usage',
      `There is another model "${name}" already: remove it first (whosin models remove ${name}).`,
    );
  }
  return verifyPack(there).then(
    () => there,
    () => undefined,
  );
}

/** Files that an earlier attempt fetched are not fetched again. */
async function fetchFile(
  { address, sha256 }: PullablePack,
  path: string,
  lost: AbortSignal,
  { from = address, signal, ...options }: PullOptions,
): Promise<string> {
  if (sha256 !== undefined && (await sha256Of(path).catch(() => undefined)) === sha256) return sha256;
  const stop = AbortSignal.any(signal ? [lost, signal] : [lost]);
  return download(from, path, { ...options, signal: stop, maxBytes: mostBytes });
}

/** By the published sum, else by that of the first pull, else by those of its files. */
async function judge(
  packs: string,
  wanted: PullablePack,
  sha256: string,
): Promise<NonNullable<Pulled<'picture'>['trust']>> {
  const { name } = wanted;
  const first = wanted.sha256 === undefined ? await recorded(packs, name) : undefined;
  const expected = wanted.sha256 ?? first;
  if (expected !== undefined && expected !== sha256) {
    const what = wanted.kind === 'picture' ? 'archive' : 'file';
    const origin = wanted.sha256 ? 'published for it' : 'of what was pulled the first time';
    throw new WhosinError(
      'bad-weights',
      `The ${what} of ${name} has sha256 ${sha256}, not the one ${origin}, ${expected}: nothing of it was stored.`,
    );
  }
  const isKnown = wanted.sha256 !== undefined || (wanted.kind === 'picture' && wanted.graph.sha256);
  if (isKnown) return 'known';
  return first === undefined ? 'first' : 'recorded';
}

/** The sum of an archive that nobody published, as it was at the first pull; removing the model does not forget it. */
function recordPath(packs: string, name: string): string {
  return join(packs, `${name}.sha256`);
}

async function recorded(packs: string, name: string): Promise<string | undefined> {
  const path = recordPath(packs, name);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new WhosinError('bad-weights', `Cannot read ${path}: ${reasonOf(error)}.`, { cause: error });
  });
  if (text === undefined || /^[0-9a-f]{64}\s*$/.test(text)) return text?.trim();
  const remedy = 'remove it, and the next pull is trusted as the first';
  throw new WhosinError('bad-weights', `${path} holds no sha256: ${remedy}.`);
}

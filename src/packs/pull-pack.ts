/** RECIPE: fetch a model from where its makers keep it. */

import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf, WhosinError } from '../errors.ts';
import type { PicturePack } from '../models/picture-pack.ts';
import type { ArchiveMember, PullablePack } from '../models/tensorflow-packs.ts';
import { writeFileAtomically } from '../runtime/atomic-file.ts';
import { unpack } from './archive.ts';
import { type DownloadOptions, download, sha256Of } from './download.ts';
import { findPack, installPack, verifyPack, withPackLock } from './pack-store.ts';

/** More than any archive here, or file in one, has: the largest are 90 MB. */
const maxBytes = 256e6;

export interface PullOptions extends Omit<DownloadOptions, 'maxBytes'> {
  /** Another place that has the same archive. */
  readonly from?: string;
  /** Told where another process fetches the same model, and this one waits for it. */
  readonly onWait?: () => void;
}

export interface Pulled {
  readonly pack: PicturePack;
  /** The model was here already, and its files are right. */
  readonly already: boolean;
  readonly archiveSha256?: string;
  /**
   * How it is known to be the right one: by a sum that whosin carries, by that of an earlier pull, or by nothing
   * yet (its sum was written down now).
   */
  readonly trust?: 'known' | 'recorded' | 'first';
}

/** Throws `cannot-fetch`, `cannot-write`, or `bad-weights` where what came is not what it should be. */
export async function pullPack(
  packs: string,
  wanted: PullablePack,
  options: PullOptions = {},
): Promise<Pulled> {
  return withPackLock(packs, wanted.name, options.onWait ?? (() => {}), async () => {
    const there = await findPack(packs, wanted.name).catch(() => undefined);
    if (there && (await isRight(there))) return { pack: there, already: true };

    const archive = join(packs, `.${wanted.name}.tgz`);
    const sha256 = await download(options.from ?? wanted.archive.address, archive, { ...options, maxBytes });
    try {
      const trust = await judge(packs, wanted, sha256);
      const pack = await installPack(packs, wanted.name, async (folder) => {
        const members = [wanted.graph, ...wanted.labels];
        await unpack(
          archive,
          folder,
          members.map(({ path }) => path),
          maxBytes,
        );
        for (const member of members) await check(folder, member, wanted);
        const texts = new Map<string, string>();
        for (const { path } of wanted.labels) texts.set(path, await readFile(join(folder, path), 'utf8'));
        const graph = {
          folder,
          path: wanted.graph.path,
          sha256: await sha256Of(join(folder, wanted.graph.path)),
        };
        return wanted.pack(graph, (path) => texts.get(path)!);
      });
      if (trust === 'first') await writeFileAtomically(recordPath(packs, wanted.name), `${sha256}\n`);
      return { pack, already: false, archiveSha256: sha256, trust };
    } finally {
      // What was not right must not be gone on with, and what was right is unpacked.
      await rm(archive, { force: true });
    }
  });
}

async function isRight(pack: PicturePack): Promise<boolean> {
  return verifyPack(pack).then(
    () => true,
    () => false,
  );
}

/** By the published sum, else by that of the first pull, else by those of its files. */
async function judge(
  packs: string,
  { name, archive, graph }: PullablePack,
  sha256: string,
): Promise<NonNullable<Pulled['trust']>> {
  const first = archive.sha256 === undefined ? await recorded(packs, name) : undefined;
  const expected = archive.sha256 ?? first;
  if (expected !== undefined && expected !== sha256) {
    const origin = archive.sha256 ? 'published for it' : 'of what was pulled the first time';
    throw new WhosinError(
      'bad-weights',
      `The archive of ${name} has sha256 ${sha256}, not the one ${origin}, ${expected}: nothing of it was kept.`,
    );
  }
  if (archive.sha256 !== undefined || graph.sha256 !== undefined) return 'known';
  return first === undefined ? 'first' : 'recorded';
}

async function check(folder: string, { path, sha256 }: ArchiveMember, { name }: PullablePack): Promise<void> {
  const found = await sha256Of(join(folder, path));
  if (sha256 === undefined || sha256 === found) return;
  throw new WhosinError(
    'bad-weights',
    `${path} of ${name} has sha256 ${found}, expected ${sha256}: nothing of it was kept.`,
  );
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

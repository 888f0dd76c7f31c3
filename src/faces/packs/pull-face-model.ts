/** RECIPE: fetch a model of faces from where its makers keep it. */

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../config.ts';
import { WhosinError } from '../../errors.ts';
import type { FaceDetectorPack } from '../../models/face-detector-pack.ts';
import type { FaceEmbedderPack } from '../../models/face-embedder-pack.ts';
import type { PullableFaceModel } from '../../models/opencv-zoo.ts';
import { type DownloadOptions, download, sha256Of } from '../../packs/download.ts';
import { findFaceDetector, findFaceEmbedder, verifyFacePack } from '../../packs/face-pack-store.ts';
import { findPack, withPackLock } from '../../packs/pack-store.ts';
import { installDetector, readDetector } from './add-face-detector.ts';
import {
  type AddFaceEmbedderOptions,
  checkOdds,
  installEmbedder,
  readEmbedder,
} from './add-face-embedder.ts';

/** More than any file here has: the largest is of 39 MB. */
const maxBytes = 256e6;

export interface PullFaceOptions
  extends Omit<DownloadOptions, 'maxBytes'>,
    Omit<AddFaceEmbedderOptions, 'licence' | 'preparation'> {
  /** Another place that has the same file. */
  readonly from?: string;
  /** Told where another process is at work on the same model, and this one waits for it. */
  readonly onWait?: () => void;
}

export interface PulledFaceModel {
  readonly pack: FaceDetectorPack | FaceEmbedderPack;
  /** The model was here already, and its files are right. */
  readonly already: boolean;
}

/**
 * An embedder comes with no odds: they are fitted on a reference, or taken from a background that was fitted before.
 *
 * @throws WhosinError `cannot-fetch`, `cannot-write`, `bad-weights` where what came is not what it should be, or why
 *   no odds can be fitted: what was fetched is kept then for the next attempt
 */
export async function pullFaceModel(
  config: Config,
  wanted: PullableFaceModel,
  options: PullFaceOptions = {},
): Promise<PulledFaceModel> {
  const { packs } = config;
  const { kind, name, licence, source } = wanted;
  return withPackLock(packs, name, options.onWait ?? (() => {}), async () => {
    const there = await rightOne(packs, wanted);
    if (there) return { pack: there, already: true };
    if (kind === 'face-embedder') checkOdds(name, options);
    const file = join(packs, `.${name}.onnx`);
    await fetchFile(wanted, file, options);
    const about = { name, licence, source };
    const pack =
      kind === 'face-detector'
        ? await installDetector(packs, await readDetector(config, file, about))
        : await installEmbedder(packs, await readEmbedder(config, file, about, { ...options, licence }));
    await rm(file, { force: true });
    return { pack, already: false };
  });
}

/** The model that is here under its name; nothing where there is none, or its files were damaged. */
async function rightOne(
  packs: string,
  { name, sha256 }: PullableFaceModel,
): Promise<PulledFaceModel['pack'] | undefined> {
  const unreadable = (): undefined => undefined;
  const faces =
    (await findFaceDetector(packs, name).catch(unreadable)) ??
    (await findFaceEmbedder(packs, name).catch(unreadable));
  const other = faces ? faces.graph.sha256 !== sha256 : await findPack(packs, name).catch(unreadable);
  if (other) {
    throw new WhosinError(
      'usage',
      `There is another model "${name}" already: remove it first (whosin models remove ${name}).`,
    );
  }
  return faces && verifyFacePack(faces).then(() => faces, unreadable);
}

/** What an earlier attempt fetched is not fetched again. */
async function fetchFile(
  { name, address, sha256 }: PullableFaceModel,
  file: string,
  { from = address, ...options }: PullFaceOptions,
): Promise<void> {
  if ((await sha256Of(file).catch(() => undefined)) === sha256) return;
  const found = await download(from, file, { ...options, maxBytes });
  if (found === sha256) return;
  await rm(file, { force: true });
  throw new WhosinError(
    'bad-weights',
    `The file of ${name} has sha256 ${found}, not the one published for it, ${sha256}: nothing of it was kept.`,
  );
}

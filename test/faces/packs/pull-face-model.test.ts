/** Models of faces from a server: what came is the file that was meant, and an embedder has odds before it is there. */

import { createHash } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Config } from '../../../src/config.ts';
import { fetchedDetector, fromDetectorFile } from '../../../src/faces/packs/add-face-detector.ts';
import { fetchedEmbedder } from '../../../src/faces/packs/add-face-embedder.ts';
import { facePackOf } from '../../../src/models/face-embedder-pack.ts';
import { openCvZooModels } from '../../../src/models/opencv-zoo.ts';
import type { PullableFaceModel } from '../../../src/models/pullable-pack.ts';
import { addPack } from '../../../src/packs/install-pack.ts';
import { findPack } from '../../../src/packs/pack-store.ts';
import { type Pulled, type PullOptions, pullPack } from '../../../src/packs/pull-pack.ts';
import { published, toyYunet } from '../../models/toy-detectors.ts';
import { toyEmbedder } from '../../models/toy-embedders.ts';
import { toyFacePack } from '../../models/toy-face-packs.ts';
import { serve, whole } from '../../runtime/loopback.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const quick: PullOptions = { retryDelay: 1, patience: 5000 };
const toys = { yunet: toyYunet(published), sface: toyEmbedder('sface') } as const;
const sum = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function place(): Promise<Config> {
  const home = await temporaryFolder();
  return { home, packs: join(home, 'packs'), albums: join(home, 'albums'), threads: 1 };
}

/** The model as whosin knows it, with the toy in the place of the real file. */
function wanted(name: keyof typeof toys, address: string): PullableFaceModel {
  const real = openCvZooModels.find((model) => model.name === name)!;
  return { ...real, address, sha256: sum(toys[name]) };
}

function pullDetector(config: Config, model: PullableFaceModel): Promise<Pulled<'face-detector'>> {
  return pullPack(config.packs, model, fetchedDetector(config, model), quick);
}

function pullEmbedder(
  config: Config,
  model: PullableFaceModel,
  background?: string,
): Promise<Pulled<'face-embedder'>> {
  return pullPack(config.packs, model, fetchedEmbedder(config, model, { background }), quick);
}

async function kept({ packs }: Config): Promise<readonly string[]> {
  return (await readdir(packs)).filter((name) => !name.endsWith('.lock')).toSorted();
}

describe('a detector', () => {
  test('is there by its name with its licence, and is not fetched twice', async () => {
    const config = await place();
    const { address, ranges } = await serve(whole(toys.yunet));
    const first = await pullDetector(config, wanted('yunet', address));
    expect(first).toMatchObject({ already: false, pack: { name: 'yunet', licence: 'MIT' } });
    expect(await findPack(config.packs, 'yunet')).toEqual(first.pack);
    expect(first.pack.graph.sha256).toBe(sum(toys.yunet));
    expect(await pullDetector(config, wanted('yunet', address))).toMatchObject({ already: true });
    expect(ranges).toHaveLength(1);
    expect(await kept(config)).toEqual(['yunet']);
  });

  test('is fetched again where it was damaged', async () => {
    const config = await place();
    const { address } = await serve(whole(toys.yunet));
    await pullDetector(config, wanted('yunet', address));
    await writeFile(join(config.packs, 'yunet', 'graph.onnx'), 'damaged');
    expect(await pullDetector(config, wanted('yunet', address))).toMatchObject({ already: false });
  });

  test('of another sum is refused, and nothing of it is kept', async () => {
    const config = await place();
    const { address } = await serve(whole(toys.sface));
    await expect(pullDetector(config, wanted('yunet', address))).rejects.toMatchObject({
      code: 'bad-weights',
      message: `The file of yunet has sha256 ${sum(toys.sface)}, not the one published for it, ${sum(toys.yunet)}: nothing of it was stored.`,
    });
    expect(await kept(config)).toEqual([]);
  });

  test('does not take the place of another model of that name', async () => {
    const config = await place();
    const file = join(config.home, 'mine.onnx');
    await writeFile(file, toyYunet({ ...published, faces: { 16: 4 } }));
    const about = { name: 'yunet', licence: 'MIT', source: file };
    await addPack(config.packs, 'face-detector', 'yunet', fromDetectorFile(config, file, about));
    const { address, ranges } = await serve(whole(toys.yunet));
    await expect(pullDetector(config, wanted('yunet', address))).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('There is another model "yunet" already'),
    });
    expect(ranges).toEqual([]);
  });
});

describe('an embedder', () => {
  test('is not fetched before it is said where its odds come from', async () => {
    const config = await place();
    const { address, ranges } = await serve(whole(toys.sface));
    await expect(pullEmbedder(config, wanted('sface', address))).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('Give --reference FOLDER with photos of a few hundred people'),
    });
    expect(ranges).toEqual([]);
  });

  test('gets its odds, after a mistake too, for which it is not fetched again', async () => {
    const config = await place();
    const { address, ranges } = await serve(whole(toys.sface));
    const pull = (background: string): ReturnType<typeof pullEmbedder> =>
      pullEmbedder(config, wanted('sface', address), background);
    const other = await toyFacePack(join(config.home, 'toy'), 'arcface');
    const wrong = join(other.background.folder, other.background.path);
    await expect(pull(wrong)).rejects.toMatchObject({ code: 'wrong-space' });
    expect(await findPack(config.packs, 'sface')).toBeUndefined();

    const own = await toyFacePack(join(config.home, 'toy'), 'sface');
    const { pack } = await pull(join(own.background.folder, own.background.path));
    expect(pack).toMatchObject({ name: 'sface', licence: 'Apache-2.0' });
    expect(facePackOf(pack).space).toBe(facePackOf(own).space);
    // Animals lie in a direction of the default pack's space.
    expect(facePackOf(pack).animals).toBeUndefined();
    expect(ranges).toHaveLength(1);
    expect(await kept(config)).toEqual(['sface']);
  });
});

test('what is known by name is OpenCV Zoo’s, over https, at a commit, with a sum and a licence', () => {
  expect(openCvZooModels.map(({ name, licence }) => [name, licence])).toEqual([
    ['yunet', 'MIT'],
    ['sface', 'Apache-2.0'],
  ]);
  for (const { address, sha256 } of openCvZooModels) {
    expect(address).toMatch(
      /^https:\/\/media\.githubusercontent\.com\/media\/opencv\/opencv_zoo\/[0-9a-f]{40}\/models\//,
    );
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  }
});

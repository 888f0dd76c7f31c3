import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { softmax } from '../../src/learn/layer/head.ts';
import { logitsOf } from '../../src/learn/layer/labelled-vectors.ts';
import { openCache } from '../../src/photos/bottleneck-cache.ts';
import { exportPictureModel } from '../../src/pictures/export-model.ts';
import { readPictureModel, writePictureModel } from '../../src/pictures/picture-model.ts';
import { openPictureReader } from '../../src/pictures/read-picture.ts';
import { type PictureTrainOptions, type TrainedPictures, trainPictures } from '../../src/pictures/train.ts';
import { writeFileAtomically } from '../../src/runtime/atomic-file.ts';
import { openComputation } from '../../src/runtime/computation.ts';
import { decodePhoto } from '../../src/runtime/decode.ts';
import { encode, fourColours } from '../photo-fixtures.ts';
import { sharedFolder } from '../shared-folder.ts';
import { writeColours, writeToyPack } from './toy-pictures.ts';

const shared = sharedFolder();

/** A folder of its own for each test, with colours to tell apart. */
async function colours(name: string, count = 30): Promise<string> {
  const root = join(shared.path, name);
  await writeColours(root, { grün: [60, 160, 70], 'Rot 1': [170, 60, 60], blau: [60, 70, 170] }, count);
  return root;
}

async function train(root: string, options: PictureTrainOptions = {}): Promise<TrainedPictures> {
  const config = { home: join(shared.path, 'home'), threads: 1 };
  const pack = await writeToyPack(join(shared.path, 'pack'));
  const reader = openPictureReader(pack, config);
  const cache = openCache(config.home, writeFileAtomically);
  try {
    return await trainPictures(root, pack, reader, cache, (graph) => openComputation(graph, config), options);
  } finally {
    await reader.close();
  }
}

describe('a folder of pictures', () => {
  test.each([
    { validation: 1 },
    { testing: -0.1 },
    { validation: 0.5, testing: 0.5 },
    { distortions: { flip: true, crop: 0, scale: 0, brightness: 0, copies: 0 } },
    { distortions: { flip: true, crop: -1, scale: 0, brightness: 0, copies: 4 } },
  ])('is not read with options that make no sense: %j', async (options) => {
    await expect(train('/no/such/folder', options)).rejects.toMatchObject({ code: 'usage' });
  });

  test('becomes a model that tells its labels apart, which are called as the folders are', async () => {
    const { model, report } = await train(await colours('apart'));
    expect(model.labels).toEqual(['Rot 1', 'blau', 'grün']);
    expect(report.test!.accuracy.value).toBe(1);
    expect(report.test!.accuracy.of).toBeGreaterThan(2);
    expect(report.labels.map((l) => l.training + l.validation + l.testing)).toEqual([30, 30, 30]);
    expect(readPictureModel(writePictureModel(model), 'x')).toEqual(model);
  });

  test('gives the same bytes again, now without computing a bottleneck', async () => {
    const root = await colours('again');
    const [first, second] = [await train(root), await train(root)];
    expect(second.report).toEqual({ ...first.report, computed: 0, cached: 90 });
    expect(Buffer.compare(writePictureModel(second.model), writePictureModel(first.model))).toBe(0);
  });

  test('a bad file is listed with its reason, and the rest is learnt from', async () => {
    const root = await colours('bad', 6);
    await writeFile(join(root, 'blau', 'broken.jpg'), 'no picture');
    await cp(join(root, 'blau', '0.png'), join(root, 'blau', 'copy.png'));
    const { report } = await train(root);
    expect(report.unreadable).toBe(1);
    expect(report.skipped).toEqual([
      { path: 'blau/copy.png', reason: 'is an exact copy of blau/0.png' },
      { path: 'blau/broken.jpg', reason: 'is not a photo: no known picture format' },
    ]);
  });

  test('nothing held out: everything is learnt from, and nothing is measured', async () => {
    const { report } = await train(await colours('all', 6), { validation: 0, testing: 0 });
    expect(report.test).toBeNull();
    expect(report.points.every(({ l2 }) => l2 !== undefined)).toBe(true);
    expect(report.labels).toEqual(
      ['Rot 1', 'blau', 'grün'].map((label) => ({ label, training: 6, validation: 0, testing: 0 })),
    );
  });

  test('variants of one picture stay on one side', async () => {
    const root = await colours('variants', 20);
    for (let n = 0; n < 20; n++) {
      const turned = encode(fourColours(40 + n, 30))
        .rotate(n * 7)
        .modulate({ hue: 17 * n });
      await turned.png().toFile(join(root, 'blau', `rose_nohash_${n}.png`));
    }
    const { report } = await train(root);
    const { training, validation, testing } = report.labels.find(({ label }) => label === 'blau')!;
    expect([training, validation, testing].filter((n) => n >= 20).length).toBe(1);
  });

  test('one label alone is refused: there is nothing to tell apart', async () => {
    const root = join(shared.path, 'one');
    await writeColours(root, { blau: [60, 70, 170] }, 3);
    await expect(train(root)).rejects.toThrow(
      expect.objectContaining({ code: 'too-few-photos', message: expect.stringContaining('"blau" alone') }),
    );
  });
});

describe('exported whole', () => {
  test.each(['bilinear', 'lanczos'] as const)(
    'a picture of any size goes in, and the probabilities are those of whosin (%s)',
    async (resize) => {
      const { model } = await train(await colours(`export-${resize}`, 6));
      const toy = await writeToyPack(join(shared.path, 'pack'));
      const pack = { ...toy, input: { ...toy.input, resize } };
      const reader = openPictureReader(pack, { home: join(shared.path, 'home'), threads: 1 });
      const session = await InferenceSession.create(await exportPictureModel(model, pack), {
        logSeverityLevel: 3,
      });
      for (const [width, height] of [
        [48, 64],
        [8, 8],
        [5, 21],
        [31, 7],
      ] as const) {
        const bytes = await encode(fourColours(width, height)).png().toBuffer();
        const { image } = await decodePhoto(bytes, 'x.png');
        const picture = new Tensor('uint8', image.data, [1, height, width, 3]);
        const { probabilities } = await session.run({ picture });
        const wanted = softmax(logitsOf(model.head, await reader.bottleneck(image)));
        for (const [i, p] of wanted.entries()) {
          expect(Math.abs((probabilities!.data as Float32Array)[i]! - p)).toBeLessThan(
            resize === 'bilinear' ? 1e-5 : 0.02,
          );
        }
      }
      await reader.close();
    },
  );
});

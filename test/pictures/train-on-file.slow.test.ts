/** A layer of one's own on the trunk of a model file that nobody gave a name. */

import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { Config } from '../../src/config.ts';
import { inspectModel } from '../../src/packs/inspect-model.ts';
import { exportPictureModel } from '../../src/pictures/export-model.ts';
import { openPictureModel } from '../../src/pictures/open-model.ts';
import { savePictureModel, trainOnFolder } from '../../src/pictures/train-on-folder.ts';
import { ToyKeras } from '../models/graph/keras/toy-keras.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** A trunk of one convolution, and a head of two layers, as Teachable Machine has it. */
async function kerasFile(folder: string): Promise<string> {
  const m = new ToyKeras([8, 8, 3]);
  const trunk = m.layer('GlobalAveragePooling2D', {}, m.conv(m.input, 3, 6, { activation: 'relu' }));
  m.dense(m.dense(trunk, 6, 4, 'relu'), 4, 2);
  const path = join(folder, 'keras_model.h5');
  await writeFile(path, await m.hdf5());
  return path;
}

/** Pictures in shades of red and of blue, each another one. */
async function twoColours(folder: string): Promise<string> {
  for (const [label, channel] of [
    ['red', 0],
    ['blue', 2],
  ] as const) {
    await mkdir(join(folder, 'photos', label), { recursive: true });
    for (let i = 0; i < 12; i++) {
      const noise = (at: number): number => ((at * 31 + i * 17) % 23) * 3;
      const pixels = Uint8Array.from(
        { length: 16 * 12 * 3 },
        (_, at) => (at % 3 === channel ? 190 : 20) + noise(at),
      );
      const png = await sharp(pixels, { raw: { width: 16, height: 12, channels: 3 } })
        .png()
        .toBuffer();
      await writeFile(join(folder, 'photos', label, `${i}.png`), png);
    }
  }
  return join(folder, 'photos');
}

test('train, ask, export: the trunk is found, is a model with a name from then on, and answers alike in plain ONNX Runtime', async () => {
  const folder = await temporaryFolder();
  const config: Config = {
    home: folder,
    packs: join(folder, 'packs'),
    albums: join(folder, 'albums'),
    threads: 1,
  };
  const backbone = await kerasFile(folder);
  const { layers, output } = await inspectModel(backbone, undefined, {});
  expect(layers[0]).toEqual({ node: 'globalaveragepooling2d_0', size: 6 });
  expect(output).toEqual({ node: 'dense_1', logits: false });

  const { model, pack } = await trainOnFolder(await twoColours(folder), { backbone, config });
  expect(pack.name).toMatch(/^keras_model-[0-9a-f]{8}$/);
  expect(pack.bottleneck).toEqual({ nodes: ['globalaveragepooling2d_0'], size: 6 });
  // The same file again is the same model.
  await trainOnFolder(join(folder, 'photos'), { backbone, config });
  expect(await readdir(config.packs)).toEqual([pack.name]);

  await savePictureModel(join(folder, 'mine.onnx'), model);
  const opened = await openPictureModel(join(folder, 'mine.onnx'), { config });
  const image = {
    width: 8,
    height: 8,
    data: Uint8Array.from({ length: 192 }, (_, i) => (i % 3 === 0 ? 200 : 30)),
  };
  const own = await opened.probabilities!(image);
  expect(opened.labels[own.indexOf(Math.max(...own))]).toBe('red');
  await opened.close();

  const session = await InferenceSession.create(await exportPictureModel(model, pack), {
    logSeverityLevel: 3,
  });
  const { probabilities } = await session.run({ picture: new Tensor('uint8', image.data, [1, 8, 8, 3]) });
  expect([...(probabilities!.data as Float32Array)]).toEqual([...own].map((p) => expect.closeTo(p, 4)));
  await session.release();
});

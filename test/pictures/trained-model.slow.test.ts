import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Config, readConfig } from '../../src/config.ts';
import { explain } from '../../src/pictures/explain.ts';
import { openProbableModel } from '../../src/pictures/open-model.ts';
import { readPictureModel, writePictureModel } from '../../src/pictures/picture-model.ts';
import { decodePhoto } from '../../src/runtime/decode.ts';
import { disc, trainOn, writeDiscs } from '../coloured-things.ts';
import { sharedFolder } from '../shared-folder.ts';

const files = sharedFolder();
let config: Config;
let model = '';

beforeAll(async () => {
  config = { ...readConfig({ WHOSIN_HOME: files.path }), threads: 1 };
  model = join(files.path, 'discs.onnx');
  await writeDiscs(join(files.path, 'lessons'), { red: 'red', 'lime green': 'limegreen' }, 12);
  await trainOn(join(files.path, 'lessons'), model, files.path);
});

describe('a model of pictures', () => {
  test('opens by its path, and tells what it was taught in pictures that it has not seen', async () => {
    const classifier = await openProbableModel(model, { config });
    expect([classifier.name, classifier.labels]).toEqual([model, ['lime green', 'red']]);
    for (const [i, colour] of ['limegreen', 'red'].entries()) {
      const { image } = await decodePhoto(await disc(colour, 90, 70, 77).toBuffer(), colour);
      const p = await classifier.probabilities(image);
      expect(p[i]).toBeGreaterThan(0.5);
      expect(p[0]! + p[1]!).toBeCloseTo(1, 5);
    }
    await classifier.close();
  });

  test('is explained by the disc that its label hangs on', async () => {
    const classifier = await openProbableModel(model, { config });
    const { image } = await decodePhoto(await disc('red', 180, 50, 78).toBuffer(), 'red');
    const map = await explain(image, (picture) => classifier.probabilities(picture), classifier.labels);
    await classifier.close();
    expect(map.label).toBe('red');
    const cells = map.drops.flatMap((row, r) =>
      row.map((drop, c) => ({ drop, x: (c + 0.5) * 15, y: (r + 0.5) * 14.5 })),
    );
    const best = cells.reduce((a, b) => (b.drop > a.drop ? b : a));
    expect(Math.hypot(best.x - 180, best.y - 50)).toBeLessThan(45);
  });

  test('of another backbone, or of other weights of it, is refused', async () => {
    const trained = readPictureModel(await readFile(model), model);
    const problem = { code: 'wrong-space', message: expect.stringContaining('is not here') };
    const other = join(files.path, 'other.onnx');
    await writeFile(other, writePictureModel({ ...trained, backbone: 'vgg' }));
    await expect(openProbableModel(other, { config })).rejects.toMatchObject(problem);
    await writeFile(other, writePictureModel({ ...trained, space: 'coco-mobilenet-v3/0/0' }));
    await expect(openProbableModel(other, { config })).rejects.toMatchObject({ code: 'wrong-space' });
  });

  test('that is not there, or is something else, is said to be', async () => {
    await expect(openProbableModel(join(files.path, 'none.onnx'), { config })).rejects.toMatchObject({
      code: 'not-found',
    });
    const photo = join(files.path, 'photo.jpg');
    await sharp(await disc('red', 90, 70).toBuffer())
      .jpeg()
      .toFile(photo);
    await expect(openProbableModel(photo, { config })).rejects.toMatchObject({ code: 'not-a-model' });
  });
});

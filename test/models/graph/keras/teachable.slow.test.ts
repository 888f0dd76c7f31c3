/** Real exports of Teachable Machine: the answers of TensorFlow.js, which made them. */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Config } from '../../../../src/config.ts';
import { centreCrop } from '../../../../src/core/centre-crop.ts';
import { openPictureModel } from '../../../../src/pictures/open-model.ts';
import { decodePhoto } from '../../../../src/runtime/decode.ts';
import { resize } from '../../../../src/runtime/resize.ts';
import { describeWithSharedData, sharedData } from '../../../shared-data.ts';
import { sharedFolder } from '../../../shared-folder.ts';
import { openTensorFlowJs } from '../tensorflow/tensorflow-js.ts';

const home = sharedFolder();

const dogs = /hound|terrier|retriever|spaniel|sheepdog|shepherd|bulldog|husky|poodle|hunting_dog/;
const cats = /Egyptian_cat/;

describeWithSharedData('Teachable Machine', () => {
  const config = (): Config => ({
    home: home.path,
    packs: join(home.path, 'packs'),
    albums: join(home.path, 'albums'),
    threads: 1,
  });
  const exported = (name: string): string => sharedData('models', 'teachable', name);

  test('its TensorFlow.js export answers as TensorFlow.js does, on 50 pictures', {
    timeout: 300_000,
  }, async () => {
    const [json, weights] = await Promise.all([
      readFile(join(exported('tfjs'), 'model.json'), 'utf8'),
      readFile(join(exported('tfjs'), 'weights.bin')),
    ]);
    const reference = await (await openTensorFlowJs('wasm')).openLayers(json, weights);
    const model = await openPictureModel(exported('tfjs'), { config: config() });
    expect(model.labels).toEqual(['Class 1', 'Class 2']);
    const folder = sharedData('images', 'imagenet-dev');
    for (const name of (await readdir(folder)).toSorted().slice(0, 50)) {
      const { image } = await decodePhoto(await readFile(join(folder, name)), name);
      const size = { width: 224, height: 224 };
      const seen = await resize(centreCrop(image, size), 224, 224);
      const values = Float32Array.from(seen.data, (byte) => byte / 127.5 - 1);
      const wanted = reference.run({ values, shape: [1, 224, 224, 3] }).values;
      const found = await model.probabilities!(image);
      for (const [i, value] of wanted.entries()) expect(Math.abs(found[i]! - value)).toBeLessThan(1e-4);
    }
    reference.close();
    await model.close();
  });

  test('its Keras export takes the labels beside it, without their numbers, and sees the middle of a photo', async () => {
    const model = await openPictureModel(join(exported('keras'), 'keras_model.h5'), { config: config() });
    expect(model.labels).toEqual(['Eyes open', 'Eyes closed']);
    const wide = { width: 60, height: 20, data: new Uint8Array(60 * 20 * 3).fill(90) };
    const middle = { width: 20, height: 20, data: new Uint8Array(20 * 20 * 3).fill(90) };
    // The parts left and right of the middle square change nothing.
    for (let y = 0; y < 20; y++) wide.data.fill(250, y * 180, y * 180 + 60);
    expect(await model.probabilities!(wide)).toEqual(await model.probabilities!(middle));
    await model.close();
  });

  test('the same model saved by Keras and as a SavedModel answers the same, on 50 pictures', async () => {
    const models = await Promise.all(
      ['keras', 'savedmodel'].map((name) => openPictureModel(exported(name), { config: config() })),
    );
    const folder = sharedData('images', 'imagenet-dev');
    for (const name of (await readdir(folder)).toSorted().slice(0, 50)) {
      const { image } = await decodePhoto(await readFile(join(folder, name)), name);
      const [keras, saved] = await Promise.all(models.map((model) => model.probabilities!(image)));
      expect(Math.abs(keras![0]! - saved![0]!)).toBeLessThan(1e-4);
    }
    for (const model of models) await model.close();
  }, 300_000);

  test('its export for phones tells dogs from a cat', async () => {
    const model = await openPictureModel(exported('tflite'), { config: config() });
    expect(model.labels).toEqual(['cat', 'dog']);
    const folder = sharedData('images', 'imagenet-dev');
    const names = (await readdir(folder)).filter((name) => dogs.test(name) || cats.test(name));
    expect(names).toHaveLength(18);
    const wrong: string[] = [];
    for (const name of names) {
      const { image, width, height } = await decodePhoto(await readFile(join(folder, name)), name);
      const { labels } = await model.classify({ image, width, height });
      if (labels[0]!.label !== (cats.test(name) ? 'cat' : 'dog')) wrong.push(name);
    }
    // Both nearly undecided, at 0.55 and 0.50.
    expect(wrong.toSorted()).toEqual(['n02097474_Tibetan_terrier.JPEG', 'n02110185_Siberian_husky.JPEG']);
    await model.close();
  });
});

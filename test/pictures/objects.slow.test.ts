import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { cocoMobilenetV3 } from '../../src/models/coco-mobilenet-v3.ts';
import { openPackModel } from '../../src/pictures/classifier.ts';
import { distinctObjects, type FoundObject, heatPeaks } from '../../src/pictures/objects.ts';
import { decodePhoto } from '../../src/runtime/decode.ts';
import { resize } from '../../src/runtime/resize.ts';
import { openTensorFlowJs, type ReferenceGraph } from '../models/graph/tensorflow/tensorflow-js.ts';
import { demoPhoto } from '../photo-fixtures.ts';
import { sharedFolder } from '../shared-folder.ts';

const input = cocoMobilenetV3.objects!;

describe("the peaks of the heat map are those of the network's own tail, run by TensorFlow.js", () => {
  let graph: ReferenceGraph;
  beforeAll(async () => {
    const folder = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/human')), '..', 'models');
    const json = await readFile(join(folder, 'centernet.json'), 'utf8');
    graph = await (await openTensorFlowJs('wasm')).openModel(
      json,
      await readFile(join(folder, 'centernet.bin')),
    );
    return () => graph.close();
  });

  test.each([1, 6])('on sample %i', { timeout: 120_000 }, async (sample) => {
    const { image } = await decodePhoto(await readFile(demoPhoto(sample)), 'sample');
    const square = await resize(image, 512, 512);
    const picture = { 'tower_0/images': { shape: [1, 512, 512, 3], values: Float32Array.from(square.data) } };
    const [heat, sizes, tail] = graph.run(picture, [input.heat, input.sizes, 'tower_0/detections']);
    const rows = Array.from({ length: 100 }, (_, i) => tail!.values.subarray(i * 6, i * 6 + 6));
    const map = (numbers: typeof heat): Parameters<typeof heatPeaks>[0] => ({
      shape: numbers!.shape,
      data: numbers!.values,
    });
    const found = heatPeaks(map(heat), map(sizes), input, 0.05);
    const wanted = rows.filter((row) => row[4]! >= 0.05);
    expect(wanted.length).toBeGreaterThan(3);
    expect(found).toHaveLength(wanted.length);
    for (const [i, [left, top, right, bottom, score, label]] of wanted.entries()) {
      const { box, ...object } = found[i]!;
      expect(object).toEqual({ index: label, score: expect.closeTo(score!, 3) });
      const edges = [box.left, box.top, box.left + box.width, box.top + box.height];
      expect(edges).toEqual([left, top, right, bottom].map((edge): unknown => expect.closeTo(edge!, 3)));
    }
  });
});

describe('what is found', () => {
  const home = sharedFolder();

  test('in a photo of three women is three persons, in the pixels of the photo', async () => {
    const model = await openPackModel(cocoMobilenetV3, { home: home.path, threads: 1 });
    const photo = await decodePhoto(await readFile(demoPhoto(1)), 'sample');
    const { labels, objects } = await model.classify(photo);
    const persons = objects!.filter(({ label }) => label === 'person');
    expect(persons).toHaveLength(3);
    expect(labels[0]).toEqual({ label: 'person', index: 0, score: persons[0]!.score });
    expect(labels.map(({ label }) => label)).toEqual([...new Set(objects!.map(({ label }) => label))]);
    for (const { box } of objects!) {
      expect(box.left).toBeGreaterThanOrEqual(0);
      expect(box.left + box.width).toBeLessThanOrEqual(photo.width);
      expect(box.top + box.height).toBeLessThanOrEqual(photo.height);
    }
    // One a third of the photo: left, middle, right.
    const middles = persons.map(({ box }) => Math.floor(((box.left + box.width / 2) / photo.width) * 3));
    expect(middles.toSorted((a, b) => a - b)).toEqual([0, 1, 2]);
    expect((await model.classify(photo, 0.99)).objects).toEqual([]);
    await model.close();
  });

  const box = (left: number, width = 100): FoundObject['box'] => ({ left, top: 0, width, height: 100 });

  test('twice in one place is one thing; side by side it is two', () => {
    const found = [
      { index: 1, score: 0.9, box: box(0) },
      { index: 1, score: 0.8, box: box(10) },
      { index: 1, score: 0.7, box: box(60) },
      { index: 2, score: 0.6, box: box(30) },
      { index: 3, score: 0.5, box: box(1) },
    ];
    expect(distinctObjects(found, { width: 200, height: 100 })).toEqual([found[0], found[2], found[3]]);
  });

  test('outside the picture is cut, or left out', () => {
    const found = [
      { index: 1, score: 0.9, box: box(-50) },
      { index: 1, score: 0.8, box: box(300) },
    ];
    expect(distinctObjects(found, { width: 200, height: 100 })).toEqual([{ ...found[0]!, box: box(0, 50) }]);
  });
});

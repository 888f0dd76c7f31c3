/**
 * A Teachable Machine model of TensorFlow.js: the compiled graph beside TensorFlow.js WASM, which runs the same file.
 *
 *   npx tsx bench/teachable-machine.ts FOLDER [--quick]
 *
 * FOLDER is an export: model.json, weights.bin, metadata.json. Both get the same picture of 224×224, on one thread and on two; the
 * preparation of the pixels is counted on both sides, decoding on neither.
 */

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPictureModel } from '../src/pictures/open-model.ts';
import { openTensorFlowJs } from '../test/models/graph/tensorflow/tensorflow-js.ts';
import { isQuick, report as keep, median, places, seconds, takeTurns } from './support/results.ts';

const [folder] = places;
if (folder === undefined) throw new Error('Usage: npx tsx bench/teachable-machine.ts FOLDER [--quick]');
const side = 224;
const pixels = Uint8Array.from({ length: side * side * 3 }, (_, i) => (i * 7919) % 256);
const [json, weights] = await Promise.all([
  readFile(join(folder, 'model.json'), 'utf8'),
  readFile(join(folder, 'weights.bin')),
]);
const home = await mkdtemp(join(tmpdir(), 'whosin-teachable-'));
const open = (threads: number) =>
  openPictureModel(folder, {
    config: { home, packs: join(home, 'packs'), albums: join(home, 'albums'), threads },
  });
const [one, two] = [await open(1), await open(2)];
const reference = await (await openTensorFlowJs('wasm')).openLayers(json, weights);
const image = { width: side, height: side, data: pixels };
const byTensorFlow = (): Float32Array => {
  const values = Float32Array.from(pixels, (byte) => byte / 127.5 - 1);
  return reference.run({ values, shape: [1, side, side, 3] }).values;
};
const times = isQuick ? 20 : 200;
const variants = {
  'TensorFlow.js WASM': () => seconds(byTensorFlow),
  'whosin, one thread': () => seconds(() => one.probabilities!(image)),
  'whosin, two threads': () => seconds(() => two.probabilities!(image)),
};
await takeTurns(variants, 5);
const measured = await takeTurns(variants, times);
const base = median(measured['TensorFlow.js WASM']);
const rows = Object.entries(measured).map(([name, values]) => ({
  runtime: name,
  'ms a picture': (median(values) * 1000).toFixed(1),
  'times as fast': (base / median(values)).toFixed(1),
}));
const found = await one.probabilities!(image);
const difference = Math.max(...byTensorFlow().map((value, i) => Math.abs(value - found[i]!)));
await keep('teachable-machine', {
  title: 'A Teachable Machine model of 224×224, median of alternating runs',
  rows,
  notes: [`Largest difference of a probability: ${difference.toExponential(1)}.`],
});
for (const model of [one, two]) await model.close();
reference.close();
await rm(home, { recursive: true });

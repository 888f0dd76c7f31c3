/**
 * How well "none of these" is told from the labels that a classifier knows: trained on ants and bees, asked about
 * other ants and bees, and about pictures of anything. The network is the trunk of @vladmandic/human's CenterNet,
 * mean-pooled.
 *
 *   npx tsx bench/none-of-these.ts IMAGES
 *
 * IMAGES holds hymenoptera/{train,val}/{ants,bees}/ and imagenet-dev/. Every second picture of imagenet-dev is a
 * reference picture, the others are strangers; the one of an ant is neither.
 */

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { resizeBilinear } from '../src/core/bilinear-resize.ts';
import { type Calibration, calibration } from '../src/learn/calibration-metrics.ts';
import { dealByHash } from '../src/learn/folds.ts';
import { addHead, fitHead, type Head } from '../src/learn/head.ts';
import { fitNoneOfThese, probabilityOfNone } from '../src/learn/none-of-these.ts';
import { fitTemperature, softmaxAt } from '../src/learn/temperature.ts';
import { compileTensorFlow } from '../src/models/graph/tensorflow/compile-tensorflow.ts';
import { readTfjsGraph } from '../src/models/graph/tensorflow/tfjs-graph.ts';
import { decodePhoto } from '../src/runtime/decode.ts';

const size = 224;
const node = 'tower_0/extern1/hard_swish/mul_1';

interface Row {
  readonly file: string;
  readonly sha256: string;
  readonly input: Float32Array;
}

const root = process.argv[2];
if (root === undefined) throw new Error('Usage: npx tsx bench/none-of-these.ts IMAGES');
const session = await openTrunk();
const rowsOf = async (...path: string[]): Promise<Row[]> => {
  const folder = join(root, ...path);
  const rows: Row[] = [];
  for (const file of (await readdir(folder)).toSorted()) rows.push(await bottleneck(join(folder, file)));
  return rows;
};
const labels = ['ants', 'bees'];
const train = await Promise.all(labels.map((label) => rowsOf('hymenoptera', 'train', label)));
const val = await Promise.all(labels.map((label) => rowsOf('hymenoptera', 'val', label)));
const anything = (await rowsOf('imagenet-dev')).filter(({ file }) => !file.endsWith('_ant.JPEG'));
const reference = anything.filter((_, i) => i % 2 === 0).map(({ input }) => input);
const strangers = anything.filter((_, i) => i % 2 === 1);

const items = train.flatMap((rows, label) =>
  rows.map(({ sha256, input }) => ({ sha256, label: String(label), input })),
);
const parts = dealByHash(items, 5);
const targets = items.map(({ label }) => Number(label));
const none = fitNoneOfThese({ inputs: items.map(({ input }) => input), labels: targets, parts }, reference);
const known = val.flat().map(({ input }) => probabilityOfNone(none, input));
const unknown = strangers.map(({ input }) => probabilityOfNone(none, input));
console.log(`log odds = ${none.scale.toFixed(2)} · score + ${none.offset.toFixed(2)}`);
report('bottleneck against a reference', known, unknown);
const errors = calibration([
  ...known.map((p, i) => forecast(p, false, `k${i}`, 0.5 / known.length)),
  ...unknown.map((p, i) => forecast(p, true, `s${i}`, 0.5 / unknown.length)),
]);
sayCalibration('"none of these"', errors);

// The head alone; its temperature from logits of photos that it was not fitted on, part after part.
const scaled = (input: Float32Array): Float32Array =>
  input.map((v, i) => (v - none.mean[i]!) / none.deviation[i]!);
const inputs = items.map(({ input }) => scaled(input));
const head = fitOn(inputs, targets);
const heads = [0, 1, 2, 3, 4].map((p) =>
  fitOn(
    inputs.filter((_, i) => parts[i] !== p),
    targets.filter((_, i) => parts[i] !== p),
  ),
);
const held = inputs.map((input, i) => logitsOf(heads[parts[i]!]!, input));
const temperature = fitTemperature(held, targets);
for (const [name, t] of [
  ['as the head has it', 1],
  [`temperature ${temperature.toFixed(2)}`, temperature],
] as const) {
  const answers = val.flatMap((rows, label) =>
    rows.map(({ input }) => ({ label, p: softmaxAt(logitsOf(head, scaled(input)), t) })),
  );
  const loss = answers.reduce((sum, { label, p }) => sum - Math.log(p[label]!), 0) / answers.length;
  const right = answers.filter(({ label, p }) => p[label]! > 0.5).length;
  console.log(`\nants or bees, ${name}: ${right} of ${answers.length} right, log loss ${loss.toFixed(3)}`);
  sayCalibration(
    'the likelier label',
    calibration(
      answers.map(({ label, p }, i) =>
        forecast(Math.max(...p), p[label]! > 0.5, `a${i}`, 1 / answers.length),
      ),
    ),
  );
  const least = (input: Float32Array): number => 1 - Math.max(...softmaxAt(logitsOf(head, scaled(input)), t));
  if (t === 1) {
    report(
      'softmax: 1 − P(likelier label)',
      val.flat().map(({ input }) => least(input)),
      strangers.map(({ input }) => least(input)),
    );
  }
}

function fitOn(rows: readonly Float32Array[], own: readonly number[]): Head {
  const longest = rows.reduce(
    (a, row) =>
      Math.max(
        a,
        row.reduce((sum, v) => sum + v * v, 0),
      ),
    0,
  );
  const training = { inputs: rows, labels: own, offsets: rows.map(() => new Float32Array(labels.length)) };
  const options = { steps: 200, l2: 0.01, learningRate: 2 / (longest + 1) };
  return fitHead(training, { inputs: [], labels: [], offsets: [] }, labels.length, options).head;
}

function logitsOf(of: Head, input: Float32Array): Float32Array {
  const logits = new Float32Array(of.bias.length);
  addHead(of, input, logits);
  return logits;
}

function report(name: string, ofKnown: readonly number[], ofStrangers: readonly number[]): void {
  const pairs = ofKnown.flatMap((k) => ofStrangers.map((s): number => (s > k ? 1 : s === k ? 0.5 : 0)));
  const auroc = pairs.reduce((a, b) => a + b, 0) / pairs.length;
  const limit = ofKnown.toSorted((a, b) => a - b)[Math.floor(0.95 * ofKnown.length)]!;
  const taken = ofStrangers.filter((s) => s <= limit).length;
  const share = (of: readonly number[]): string => `${of.filter((p) => p > 0.5).length} of ${of.length}`;
  console.log(
    `${name}: area under the curve ${auroc.toFixed(3)}; ${taken} of ${ofStrangers.length} strangers pass where 95 % of photos do; above 0.5: ${share(ofKnown)} photos, ${share(ofStrangers)} strangers`,
  );
}

function forecast(
  probability: number,
  cameTrue: boolean,
  subject: string,
  weight: number,
): Parameters<typeof calibration>[0][number] {
  return { probability, cameTrue, subject, enrolled: true, weight };
}

function sayCalibration(name: string, { error }: Calibration): void {
  const { low, high } = error.interval!;
  console.log(
    `  calibration error of ${name} ${error.value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)}), ${error.of} answers`,
  );
}

async function openTrunk(): Promise<InferenceSession> {
  const entry = createRequire(import.meta.url).resolve('@vladmandic/human');
  const path = join(dirname(dirname(entry)), 'models', 'centernet');
  const graph = readTfjsGraph(await readFile(`${path}.json`, 'utf8'), await readFile(`${path}.bin`), path);
  const { bytes } = compileTensorFlow(graph, {
    name: 'trunk',
    inputs: [
      {
        node: 'tower_0/images',
        name: 'pixels',
        shape: ['n', size, size, 3],
        preparation: { mean: [0, 0, 0], scale: 1 },
      },
    ],
    outputs: [{ node, name: 'features' }],
  });
  return InferenceSession.create(bytes);
}

/** [n, height, width, channels], averaged over the places of the picture. */
async function bottleneck(path: string): Promise<Row> {
  const bytes = await readFile(path);
  const { image } = await decodePhoto(bytes, path);
  const pixels = new Tensor('uint8', resizeBilinear(image, size, size).data, [1, size, size, 3]);
  const { data, dims } = (await session.run({ pixels }))['features']!;
  const channels = dims.at(-1)!;
  const input = new Float32Array(channels);
  for (const [i, value] of (data as Float32Array).entries())
    input[i % channels]! += (value * channels) / data.length;
  return { file: path, sha256: createHash('sha256').update(bytes).digest('hex'), input };
}

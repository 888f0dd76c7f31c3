/** Graphs compiled from the models of @vladmandic/human against TensorFlow.js, on photos. */

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { compileTensorFlow } from '../../../../src/models/graph/tensorflow/compile-tensorflow.ts';
import { placeholders } from '../../../../src/models/graph/tensorflow/graph-names.ts';
import { readTfjsGraph } from '../../../../src/models/graph/tensorflow/tfjs-graph.ts';
import { createSession } from '../../../../src/runtime/create-session.ts';
import { demoPhoto } from '../../../photo-fixtures.ts';
import { type Numbers, openTensorFlowJs, type TensorFlowJs } from './tensorflow-js.ts';

interface Golden {
  readonly model: string;
  readonly part?: string;
  readonly outputs: readonly string[];
  /** The values that pixels from 0 to 255 become. */
  readonly range: readonly [low: number, high: number];
  /** The placeholder if left out. */
  readonly input?: string;
  /** As in the file, with two pictures, if left out. */
  readonly shape?: readonly number[];
  readonly type?: 'int32';
}

const trunk = 'tower_0/MobilenetV3/expanded_conv';

const goldens: readonly Golden[] = [
  { model: 'antispoof', outputs: ['Identity'], range: [0, 1] },
  {
    model: 'blazeface',
    outputs: ['Identity', 'Identity_1', 'Identity_2', 'Identity_3'],
    range: [-1, 1],
  },
  { model: 'centernet', outputs: ['tower_0/keypoints', 'tower_0/wh'], range: [0, 255] },
  {
    model: 'centernet',
    part: "the trunk of centernet at another size than the file's",
    outputs: [`${trunk}_5/project/BatchNorm/FusedBatchNorm`, 'tower_0/extern1/hard_swish/mul_1'],
    range: [0, 255],
    shape: [2, 224, 224, 3],
  },
  { model: 'emotion', outputs: ['Identity'], range: [-1, 1] },
  { model: 'facemesh', outputs: ['Identity', 'Identity_1', 'Identity_2'], range: [0, 1] },
  {
    model: 'faceres',
    outputs: ['gender_pred/Sigmoid', 'age_pred/Softmax', 'global_pooling/Mean'],
    range: [0, 255],
  },
  {
    model: 'handlandmark-lite',
    outputs: ['Identity', 'Identity_1', 'Identity_2', 'Identity_3'],
    range: [0, 1],
  },
  {
    model: 'handtrack',
    part: 'handtrack without the loops around it',
    input: 'StatefulPartitionedCall/map/TensorArrayV2Stack/TensorListStack',
    outputs: ['StatefulPartitionedCall/concat', 'StatefulPartitionedCall/concat_1'],
    range: [-1, 1],
    shape: [1, 320, 320, 3],
  },
  { model: 'iris', outputs: ['Identity'], range: [0, 1] },
  { model: 'liveness', outputs: ['Identity'], range: [0, 1] },
  {
    model: 'movenet-lightning',
    outputs: ['Identity'],
    range: [0, 255],
    shape: [1, 192, 192, 3],
    type: 'int32',
  },
];

/** As a share of the range of the reference's own values. */
const tolerance = 1e-4;

/** The package exports its program alone; the models lie beside it. */
const folder = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/human')), '../models');

let tensorFlow: TensorFlowJs;

beforeAll(async () => {
  tensorFlow = await openTensorFlowJs('wasm');
});

const named = goldens.map((golden) => [golden.part ?? golden.model, golden] as const);

test.each(named)('%s agrees on photos', async (_, { model, outputs, range, ...golden }) => {
  const [json, weights] = await Promise.all([
    readFile(join(folder, `${model}.json`), 'utf8'),
    readFile(join(folder, `${model}.bin`)),
  ]);
  const graph = readTfjsGraph(json, weights, model);
  const [placeholder] = placeholders(graph);
  const input = golden.input ?? placeholder!.name;
  const shape = golden.shape ?? [2, ...placeholder!.shape!.slice(1)];
  const compiled = compileTensorFlow(graph, {
    name: model,
    inputs: [{ node: input, name: 'x', shape: shape[0] === 1 ? shape : ['n', ...shape.slice(1)] }],
    outputs: outputs.map((node) => ({ node })),
  });
  const pictures = await photos(shape, range);
  const found = await runOnnx(compiled.bytes, pictures, outputs);
  const reference = await tensorFlow.openModel(withInputShape(json, shape), weights);
  for (const [p, picture] of apart(pictures).entries()) {
    const typed = golden.type ? { ...picture, type: golden.type } : picture;
    for (const [o, wanted] of reference.run({ [input]: typed }, outputs).entries()) {
      const { values } = wanted;
      expect(found[o]!.shape.slice(1)).toEqual(wanted.shape.slice(1));
      const own = found[o]!.values.subarray(p * values.length, (p + 1) * values.length);
      expect(relativeError(own, values)).toBeLessThan(tolerance);
    }
  }
  reference.close();
});

/** TensorFlow.js refuses pictures of another size than the placeholder's. */
function withInputShape(json: string, [, ...sizes]: readonly number[]): string {
  const model = JSON.parse(json) as { modelTopology: { node: { op: string; attr: { shape: object } }[] } };
  const placeholder = model.modelTopology.node.find(({ op }) => op === 'Placeholder');
  placeholder!.attr.shape = { shape: { dim: [-1, ...sizes].map((size) => ({ size })) } };
  return JSON.stringify(model);
}

/** The first photos of face-api's demo, of the asked sizes, one picture behind the other. */
async function photos(sizes: readonly number[], [low, high]: Golden['range']): Promise<Numbers> {
  const [n, height, width, channels] = sizes as [number, number, number, number];
  const pixels = await Promise.all(
    Array.from({ length: n }, (_, i) => {
      const photo = sharp(demoPhoto(i + 1))
        .removeAlpha()
        .resize(width, height, { fit: 'cover' });
      return (channels === 1 ? photo.greyscale().raw() : photo.raw()).toBuffer();
    }),
  );
  const values = Float32Array.from(Buffer.concat(pixels), (v) => low + (v / 255) * (high - low));
  return { shape: sizes, values };
}

function apart({ shape, values }: Numbers): Numbers[] {
  const [n = 1, ...rest] = shape;
  const size = values.length / n;
  return Array.from({ length: n }, (_, i) => ({
    shape: [1, ...rest],
    values: values.slice(i * size, (i + 1) * size),
  }));
}

async function runOnnx(
  bytes: Uint8Array,
  x: Numbers,
  outputs: readonly string[],
): Promise<readonly Numbers[]> {
  const session = await createSession(bytes, { threads: 1 });
  const results = await session.run({ x: new Tensor('float32', x.values, x.shape) });
  await session.release();
  return outputs.map((name) => {
    const { dims, data } = results[name]!;
    return { shape: dims, values: data as Float32Array };
  });
}

function relativeError(found: Float32Array, wanted: Float32Array): number {
  expect(found.length).toBe(wanted.length);
  let [low, high, largest] = [Infinity, -Infinity, 0];
  for (let i = 0; i < wanted.length; i++) {
    low = Math.min(low, wanted[i]!);
    high = Math.max(high, wanted[i]!);
    largest = Math.max(largest, Math.abs(found[i]! - wanted[i]!));
  }
  // A single number has no range of its own.
  return largest / (high > low ? high - low : Math.max(1, Math.abs(high)));
}

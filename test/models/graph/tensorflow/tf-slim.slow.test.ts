/**
 * TensorFlow's own MobileNets, and two that its retrain.py made of them for other people: compiled, compared
 * with TensorFlow.js, and measured on photos.
 */

import { readFile } from 'node:fs/promises';
import { fromBinary } from '@bufbuild/protobuf';
import { Tensor } from 'onnxruntime-node';
import { beforeAll, describe, expect, test } from 'vitest';
import { resizeBilinear } from '../../../../src/core/bilinear-resize.ts';
import type { RgbImage } from '../../../../src/core/image.ts';
import {
  type CompiledGraph,
  compileTensorFlow,
} from '../../../../src/models/graph/tensorflow/compile-tensorflow.ts';
import { finalNodes } from '../../../../src/models/graph/tensorflow/graph-names.ts';
import { graphOf, readGraphDef } from '../../../../src/models/graph/tensorflow/tensorflow-graph.ts';
import { GraphDefSchema } from '../../../../src/models/graph/tensorflow_pb.ts';
import { createSession } from '../../../../src/runtime/create-session.ts';
import { decodePhoto } from '../../../../src/runtime/decode.ts';
import { describeWithSharedData, sharedData } from '../../../shared-data.ts';
import { openTensorFlowJs } from './tensorflow-js.ts';
import { opsIn, runOnnx } from './toy-tensorflow.ts';

const slim224 = 'tf-slim/mobilenet_v1_0.25_224/frozen_graph.pb';
const slim128 = 'tf-slim/mobilenet_v1_0.25_128/frozen_graph.pb';
const quantised = 'tf-slim/mobilenet_v1_0.25_224/quantized_graph.pb';
const bottleneck = 'MobilenetV1/Predictions/Reshape';
const preparation = { mean: [127.5, 127.5, 127.5], scale: 1 / 127.5 } as const;

async function compiled(path: string, size: number): Promise<CompiledGraph> {
  const graph = readGraphDef(await readFile(sharedData('models', path)), path);
  return compileTensorFlow(graph, {
    name: 'mobilenet',
    inputs: [{ node: 'input', shape: ['n', size, size, 3], preparation }],
    outputs: [{ node: `${bottleneck}:0` }, { node: finalNodes(graph)[0]!, name: 'result' }],
  });
}

async function photo(path: string): Promise<RgbImage> {
  return (await decodePhoto(await readFile(path), path)).image;
}

async function imagenet(): Promise<{ readonly label: number; readonly image: RgbImage }[]> {
  const rows = (await readFile(sharedData('images', 'imagenet-dev.tsv'), 'utf8')).trim().split('\n');
  const read = async (row: string): Promise<{ label: number; image: RgbImage }> => {
    const [file, label] = row.split('\t') as [string, string];
    return { label: Number(label), image: await photo(sharedData('images', 'imagenet-dev', file)) };
  };
  return Promise.all(rows.map(read));
}

function pixels(images: readonly RgbImage[], size: number): Tensor {
  const data = Buffer.concat(images.map((image) => resizeBilinear(image, size, size).data));
  return new Tensor('uint8', data, [images.length, size, size, 3]);
}

describeWithSharedData("TensorFlow's frozen MobileNets", () => {
  let photos: Awaited<ReturnType<typeof imagenet>>;
  beforeAll(async () => {
    photos = await imagenet();
  });

  describe('compiled', () => {
    test.each([slim224, quantised])('%s holds nothing but layers', async (path) => {
      const { bytes, outputs } = await compiled(path, 224);
      expect(opsIn(bytes)).toEqual({
        Cast: 1,
        Transpose: 1,
        Mul: 1,
        Add: 1,
        Conv: 28,
        Clip: 27,
        AveragePool: 1,
        Reshape: 3,
        Softmax: 1,
        Identity: 2,
      });
      expect(outputs.map(({ shape }) => shape)).toEqual([
        ['n', 1001],
        ['n', 1001],
      ]);
    });

    // TensorFlow.js does not know the Dequantize of the quantised graph.
    test.each([
      { path: slim224, size: 224 },
      { path: slim128, size: 128 },
      { path: 'retrained/glasses/retrained_graph.pb', size: 224 },
      { path: 'retrained/parts/retrained_graph.pb', size: 128 },
      { path: 'retrained/parts/optimized_graph.pb', size: 128 },
    ])('$path agrees with TensorFlow.js on a batch of photos', async ({ path, size }) => {
      const input = pixels(
        photos.slice(0, 2).map(({ image }) => image),
        size,
      );
      const found = await runOnnx((await compiled(path, size)).bytes, { input });
      const graph = fromBinary(GraphDefSchema, await readFile(sharedData('models', path)));
      const model = await (await openTensorFlowJs('wasm')).openGraph(graph);
      const wanted = (node: string): unknown[] =>
        [0, 1].flatMap((i) => {
          const bytes = (input.data as Uint8Array).subarray(i * size * size * 3, (i + 1) * size * size * 3);
          const picture = {
            shape: [1, size, size, 3],
            values: Float32Array.from(bytes, (v) => v / 127.5 - 1),
          };
          const [result] = model.run({ input: picture }, [node]);
          return Array.from(result!.values, (v): unknown => expect.closeTo(v, 3));
        });
      const [last] = finalNodes(graphOf(graph, path));
      expect([...found['result']!.values]).toEqual(wanted(last!));
      expect([...found[`${bottleneck}:0`]!.values]).toEqual(wanted(bottleneck));
      model.close();
    });
  });

  describe('on 200 photos of ImageNet', () => {
    async function accuracy(path: string, size: number): Promise<{ top1: number; top5: number }> {
      const session = await createSession((await compiled(path, size)).bytes, { threads: 1 });
      const ranks: number[] = [];
      for (const { label, image } of photos) {
        const { result } = await session.run({ input: pixels([image], size) }, ['result']);
        const scores = result!.data as Float32Array;
        ranks.push(scores.filter((score) => score > scores[label]!).length);
      }
      await session.release();
      const share = (rank: number): number => (100 * ranks.filter((r) => r < rank).length) / ranks.length;
      return { top1: share(1), top5: share(5) };
    }

    // TensorFlow 2.21 itself has 57.5 and 81.0, 50.0 and 76.0, 58.5 and 80.5: it decodes JPEGs less exactly.
    test('the float graphs are as right as in TensorFlow, the quantised one within 2 points of them', async () => {
      const large = await accuracy(slim224, 224);
      expect(large.top1).toBeGreaterThanOrEqual(57);
      expect(large.top5).toBeGreaterThanOrEqual(79);
      const small = await accuracy(slim128, 128);
      expect(small.top1).toBeGreaterThanOrEqual(48);
      expect(small.top5).toBeGreaterThanOrEqual(74);
      const fewBits = await accuracy(quantised, 224);
      expect(Math.abs(fewBits.top1 - large.top1)).toBeLessThanOrEqual(2);
      expect(Math.abs(fewBits.top5 - large.top5)).toBeLessThanOrEqual(2);
    });
  });

  test('a retrained graph can be entered at its bottleneck', async () => {
    const path = 'retrained/glasses/retrained_graph.pb';
    const graph = readGraphDef(await readFile(sharedData('models', path)), path);
    const cached = await readFile(sharedData('models/retrained/glasses/example-bottleneck.txt'), 'utf8');
    const { bytes } = compileTensorFlow(graph, {
      name: 'head',
      inputs: [{ node: 'input_1/BottleneckInputPlaceholder', name: 'x' }],
      outputs: [{ node: 'final_result' }],
    });
    const values = Float32Array.from(cached.split(','), Number);
    const { final_result: result } = await runOnnx(bytes, { x: new Tensor('float32', values, [1, 1001]) });
    expect(opsIn(bytes)).toEqual({ Gemm: 1, Softmax: 1, Identity: 1 });
    expect(result!.values[0]! + result!.values[1]!).toBeCloseTo(1, 6);
    expect(Math.max(...result!.values)).toBeGreaterThan(0.9);
  });
});

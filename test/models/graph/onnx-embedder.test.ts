/** An embedder's file is read, and its graph sees exactly the pixels that it was trained with. */

import { Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../src/core/random.ts';
import type { EmbedderParts } from '../../../src/models/face-parts.ts';
import { compileOnnxEmbedder } from '../../../src/models/graph/onnx-embedder.ts';
import { embedderParts } from '../../../src/models/graph/onnx-embedder-parts.ts';
import { createSession } from '../../../src/runtime/create-session.ts';
import { toyEmbedder, toyEmbedders, writeEmbedder } from '../toy-embedders.ts';

const side = 112;

function noise(): Uint8Array {
  const random = seededRandom(2);
  return Uint8Array.from({ length: side * side * 3 }, () => random() * 256);
}

async function run(graph: Uint8Array, feed: Tensor): Promise<Float32Array> {
  const session = await createSession(graph, { threads: 1 });
  const outputs = await session.run({ [session.inputNames[0]!]: feed });
  await session.release();
  return outputs[session.outputNames[0]!]!.data as Float32Array;
}

/** The output of the original graph for floats that were prepared here, channel by channel. */
async function byHand(
  graph: Uint8Array,
  pixels: Uint8Array,
  prepare: (value: number) => number,
  channels: readonly [number, number, number],
): Promise<Float32Array> {
  const planes = channels.flatMap((channel) =>
    Array.from({ length: side * side }, (_, i) => prepare(pixels[i * 3 + channel]!)),
  );
  return run(graph, new Tensor('float32', Float32Array.from(planes), [1, 3, side, side]));
}

async function compiled(graph: Uint8Array, parts: EmbedderParts, pixels: Uint8Array): Promise<Float32Array> {
  const bytes = compileOnnxEmbedder(parts, [graph], 'toy.onnx');
  return run(bytes, new Tensor('uint8', pixels, [1, side, side, 3]));
}

function expectSame(found: Float32Array, wanted: Float32Array): void {
  expect(found).toHaveLength(wanted.length);
  for (const [i, value] of wanted.entries()) expect(found[i]).toBeCloseTo(value, 3);
}

const rgb = [0, 1, 2] as const;
const toMinusOne = (value: number): number => (value - 127.5) / 127.5;

test('a file as InsightFace writes it gets red first, from −1 to 1', async () => {
  const graph = toyEmbedder('arcface');
  const parts = embedderParts(graph, 'toy.onnx');
  const { input, output } = toyEmbedders.arcface;
  expect(parts).toMatchObject({ family: 'arcface', input, output, size: 512, batch: 'n' });
  const pixels = noise();
  expectSame(await compiled(graph, parts, pixels), await byHand(graph, pixels, toMinusOne, rgb));
});

test('a file as OpenCV Zoo has it gets red first, from 0 to 255, one face at a time', async () => {
  const graph = toyEmbedder('sface');
  const parts = embedderParts(graph, 'toy.onnx');
  const { input, output } = toyEmbedders.sface;
  expect(parts).toMatchObject({ family: 'sface', input, output, size: 128, batch: 1 });
  const pixels = noise();
  expectSame(await compiled(graph, parts, pixels), await byHand(graph, pixels, (value) => value, rgb));
});

test('an ArcFace that begins with a Sub and a Mul of its own, as those from MXNet, gets 0 to 255', () => {
  const graph = writeEmbedder('data', 'fc1', [1, 3, side, side], 512, true);
  expect(embedderParts(graph, 'x').preparation).toEqual({ mean: [0, 0, 0], scale: 1 });
});

test('one that wants blue first gets blue first, and its own range', async () => {
  const graph = toyEmbedder('arcface');
  const preparation = { mean: [127.5, 127.5, 127.5], scale: 1 / 128, order: 'bgr' } as const;
  const parts = { ...embedderParts(graph, 'x'), preparation };
  expect(parts.family).toBe('arcface');
  const pixels = noise();
  const wanted = await byHand(graph, pixels, (value) => (value - 127.5) / 128, [2, 1, 0]);
  expectSame(await compiled(graph, parts, pixels), wanted);
});

describe('refused, saying what the file takes or gives instead', () => {
  test.each([
    ['another size', [1, 3, 160, 160], 512, 'takes "in" [1, 3, 160, 160]: an embedder of faces takes float'],
    ['one channel', ['n', 1, side, side], 512, 'takes "in" [n, 1, 112, 112]'],
    ['a single value', ['n', 3, side, side], 1, 'gives "out" [n, 1]'],
  ] as const)('%s', (_, sizes, values, said) => {
    const refused = (): unknown => embedderParts(writeEmbedder('in', 'out', sizes, values), 'toy.onnx');
    expect(refused).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining(said) }),
    );
  });
});

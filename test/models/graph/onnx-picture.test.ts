/** Any ONNX classifier takes bytes of pixels: channels first or last, floats or bytes, logits or probabilities. */

import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { compilePicture } from '../../../src/models/graph/compile-picture.ts';
import { ModelProtoSchema } from '../../../src/models/graph/onnx_pb.ts';
import { onnxParts } from '../../../src/models/graph/onnx-parts.ts';
import type { KnownParts } from '../../../src/models/graph/picture-parts.ts';
import { GraphWriter } from '../../../src/models/graph/writer.ts';
import { type PictureOutput, type PicturePack, pictureRequest } from '../../../src/models/picture-pack.ts';
import { runOnnx } from './tensorflow/toy-tensorflow.ts';

interface Toy {
  readonly layout?: 'planes' | 'channels last';
  readonly type?: 'float32' | 'uint8';
  readonly softmax?: boolean;
  /** The name of the output, which may be one that whosin uses. */
  readonly output?: string;
}

/** The means of the channels, a layer of 3 × 4 and, where asked for, a softmax. */
function toy({ layout = 'planes', type = 'float32', softmax = false, output = 'y' }: Toy = {}): Uint8Array {
  const g = new GraphWriter('toy');
  const x = g.input('pictures', type, layout === 'planes' ? ['n', 3, 6, 8] : ['n', 6, 8, 3]);
  const floats = type === 'uint8' ? g.node('Cast', [x], { to: 1 }) : x;
  const planes = layout === 'planes' ? floats : g.node('Transpose', [floats], { perm: [0, 3, 1, 2] });
  const means = g.node('Flatten', [g.node('GlobalAveragePool', [planes])], { axis: 1 });
  const logits = g.node('Gemm', [means, g.floats([4, 3], [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1])], {
    transB: 1,
  });
  g.output(output, softmax ? g.node('Softmax', [logits], { axis: 1 }) : logits, 'float32', ['n', 4]);
  return g.toBytes();
}

function packOf(bytes: Uint8Array, known: KnownParts = {}): PicturePack {
  const parts = onnxParts(bytes, 'toy.onnx', known);
  return {
    kind: 'picture',
    name: 'toy',
    licence: 'CC0',
    source: 'this test',
    graph: { format: 'onnx', files: [{ folder: '.', path: 'toy.onnx', sha256: '' }] },
    input: { node: parts.input, ...parts.size, preparation: parts.preparation, resize: 'lanczos' },
    scores: { node: parts.output, labels: ['r', 'g', 'b', 'all'], ...(parts.logits && { logits: true }) },
    ...(parts.bottleneck && { bottleneck: { nodes: [parts.bottleneck], size: parts.bottleneckSize! } }),
  };
}

function compiled(pack: PicturePack, bytes: Uint8Array, output: PictureOutput): Promise<Uint8Array> {
  return compilePicture(pictureRequest(pack, output), [bytes], 'toy.onnx');
}

const pixels = Uint8Array.from({ length: 6 * 8 * 3 }, (_, i) => [200, 100, 50][i % 3]!);
const pictures = new Tensor('uint8', pixels, [1, 6, 8, 3]);

/** The input of PyTorch's networks: (x / 255 − mean) / std. */
const imagenet = [200, 100, 50].map(
  (x, c) => (x / 255 - [0.485, 0.456, 0.406][c]!) / [0.229, 0.224, 0.225][c]!,
);

function softmaxOf(values: readonly number[]): unknown[] {
  const powers = values.map(Math.exp);
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power): unknown => expect.closeTo(power / sum, 5));
}

const near = (values: readonly number[]): unknown[] => values.map((v): unknown => expect.closeTo(v, 4));
const withSum = (values: readonly number[]): number[] => [...values, values.reduce((a, b) => a + b, 0)];

describe('scores', () => {
  test.each<Toy>([
    { layout: 'planes' },
    { layout: 'channels last' },
    { layout: 'planes', softmax: true },
    { output: 'scores' },
    { output: 'bottleneck' },
  ])('of %j are the probabilities of what the network makes of a prepared picture', async (form) => {
    const bytes = toy(form);
    const pack = packOf(bytes);
    expect(pack.scores!.logits ?? false).toBe(!form.softmax);
    const { scores } = await runOnnx(await compiled(pack, bytes, 'scores'), { pictures });
    expect(scores!.shape).toEqual([1, 4]);
    expect([...scores!.values]).toEqual(softmaxOf(withSum(imagenet)));
  });

  test('of a network that takes bytes come from the bytes as they are', async () => {
    const bytes = toy({ type: 'uint8' });
    const { scores } = await runOnnx(await compiled(packOf(bytes), bytes, 'scores'), { pictures });
    expect([...scores!.values]).toEqual(softmaxOf([200, 100, 50, 350].map((x) => x - 350)));
  });

  test('follow the preparation that is named', async () => {
    const bytes = toy();
    const pack = packOf(bytes, { preparation: { mean: [0, 0, 0], scale: 1 / 255 } });
    const { scores } = await runOnnx(await compiled(pack, bytes, 'scores'), { pictures });
    expect([...scores!.values]).toEqual(softmaxOf(withSum([200 / 255, 100 / 255, 50 / 255])));
  });
});

describe('the bottleneck', () => {
  test('is what the last layer reads, and the layer itself is not in the graph', async () => {
    const bytes = toy({ softmax: true });
    const graph = await compiled(packOf(bytes), bytes, 'bottleneck');
    const { bottleneck } = await runOnnx(graph, { pictures });
    expect([...bottleneck!.values]).toEqual(near(imagenet));
    expect(fromBinary(ModelProtoSchema, graph).graph!.node.map(({ opType }) => opType)).not.toContain('Gemm');
  });

  test('may be named, and is averaged over the picture where it has one', async () => {
    const bytes = toy();
    const pack = { ...packOf(bytes), bottleneck: { nodes: ['GlobalAveragePool_0'], size: 3 } };
    const { bottleneck } = await runOnnx(await compiled(pack, bytes, 'bottleneck'), { pictures });
    expect([...bottleneck!.values]).toEqual(near(imagenet));
    expect(bottleneck!.shape).toEqual([1, 3]);
  });
});

describe('what a graph does not say', () => {
  test('the sizes of pictures that are free are those of most networks', () => {
    const g = new GraphWriter('free');
    const x = g.input('x', 'float32', ['n', 3, 'h', 'w']);
    g.output('y', g.node('Flatten', [g.node('GlobalAveragePool', [x])]), 'float32', ['n', 3]);
    expect(onnxParts(g.toBytes(), 'free.onnx').size).toEqual({ width: 224, height: 224 });
  });

  test.each<[string, KnownParts, string]>([
    ['an input', { input: 'z' }, 'toy.onnx has no input "z": name one with --input: "pictures".'],
    ['an output', { output: 'z' }, 'toy.onnx has no output "z": name one with --output: "y".'],
  ])('%s that is not there is refused with those that are', (_what, known, message) => {
    expect(() => onnxParts(toy(), 'toy.onnx', known)).toThrow(message);
  });

  test('a network that takes no pictures is refused', () => {
    const g = new GraphWriter('rows');
    g.output('y', g.input('x', 'float32', ['n', 5]), 'float32', ['n', 5]);
    expect(() => onnxParts(g.toBytes(), 'rows.onnx')).toThrow(
      'rows.onnx: its input "x" takes no pictures: it has 2 sizes',
    );
  });

  test('a graph of opset 6 lays the smaller operand where it said, as later ones do by themselves', async () => {
    const g = new GraphWriter('old');
    const x = g.input('x', 'float32', ['n', 3, 6, 8]);
    const moved = g.node('Add', [x, g.floats([3], [1, 2, 3])], { broadcast: 1, axis: 1 });
    g.output('y', g.node('Flatten', [g.node('GlobalAveragePool', [moved])]), 'float32', ['n', 3]);
    const old = fromBinary(ModelProtoSchema, g.toBytes());
    old.opsetImport[0]!.version = 6n;
    const bytes = toBinary(ModelProtoSchema, old);
    const raw = { mean: [0, 0, 0], scale: 1 } as const;
    const pack = packOf(bytes, { preparation: raw, bottleneck: 'y' });
    const scored = { ...pack, scores: { node: 'y', labels: ['r', 'g', 'b'] } };
    const { scores } = await runOnnx(await compiled(scored, bytes, 'scores'), { pictures });
    expect([...scores!.values]).toEqual([201, 102, 53].map((value) => expect.closeTo(value, 3)));
  });

  test('a graph of before 2017 and a value that is not there are refused', async () => {
    const bytes = toy();
    const old = fromBinary(ModelProtoSchema, bytes);
    old.opsetImport[0]!.version = 5n;
    const pack = packOf(bytes);
    await expect(compiled(pack, toBinary(ModelProtoSchema, old), 'scores')).rejects.toThrow('opset 5');
    const lost = { ...pack, bottleneck: { nodes: ['gone'], size: 3 } };
    await expect(compiled(lost, bytes, 'bottleneck')).rejects.toThrow('toy.onnx has no value "gone"');
  });
});

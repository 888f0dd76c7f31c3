import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import type { WhosinError } from '../../src/errors.ts';
import type { EmbedderParts } from '../../src/models/face-parts.ts';
import {
  type ModelProto,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
} from '../../src/models/graph/onnx_pb.ts';
import { GraphWriter } from '../../src/models/graph/writer.ts';
import type { NetworkSpec } from '../../src/models/network.ts';
import { compiledGraph } from '../../src/runtime/compiled-graphs.ts';
import { openNetwork } from '../../src/runtime/session.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { toyNetwork } from './toy-network.ts';

const pixels = Uint8Array.from({ length: 12 }, (_, i) => i * 20);

async function openToy(changes: Partial<NetworkSpec> = {}): ReturnType<typeof openNetwork> {
  return openNetwork(await toyNetwork(changes), { home: await temporaryFolder(), threads: 1 });
}

describe('a network that fits its spec', () => {
  test('opens on an empty home and gives its outputs by name', async () => {
    const network = await openToy();
    const { values } = await network.run(pixels, [1, 2, 2, 3]);
    expect(values).toEqual({ shape: [1, 2, 2, 3], data: Float32Array.from(pixels) });
    await network.close();
  });

  test('takes any batch', async () => {
    const network = await openToy();
    const { values } = await network.run(Buffer.concat([pixels, pixels]), [2, 2, 2, 3]);
    expect(values!.shape).toEqual([2, 2, 2, 3]);
    expect([...values!.data]).toEqual([...pixels, ...pixels]);
    await network.close();
  });

  test('refuses pixels that do not fill their shape', async () => {
    const network = await openToy();
    await expect(network.run(pixels, [2, 2, 2, 3])).rejects.toThrow(/24.*12|12.*24/s);
    await network.close();
  });
});

describe('a stored graph that was damaged', () => {
  test.each([
    ['cut off in the middle', (path: string, size: number) => truncate(path, size >> 1)],
    ['emptied', (path: string) => truncate(path, 0)],
    ['overwritten with something else', (path: string) => writeFile(path, 'no graph at all')],
  ])('%s is made anew and opens', async (_how, damage) => {
    const home = await temporaryFolder();
    const spec = await toyNetwork();
    const path = (await compiledGraph(spec, { home })) as string;
    const whole = await readFile(path);
    await damage(path, whole.length);
    const network = await openNetwork(spec, { home, threads: 1 });
    const { values } = await network.run(pixels, [1, 2, 2, 3]);
    expect([...values!.data]).toEqual([...pixels]);
    await network.close();
    expect(await readFile(path)).toEqual(whole);
    expect(await readdir(dirname(path)), 'no temporary file is left').toHaveLength(1);
  });

  test('a folder in the place of the graph leaves it in memory, and it runs', async () => {
    const home = await temporaryFolder();
    const spec = await toyNetwork();
    const path = (await compiledGraph(spec, { home })) as string;
    await rm(path);
    await mkdir(path);
    const reasons: string[] = [];
    const network = await openNetwork(spec, {
      home,
      threads: 1,
      onNotKept: (reason) => reasons.push(reason),
    });
    const { values } = await network.run(pixels, [1, 2, 2, 3]);
    await network.close();
    expect([...values!.data]).toEqual([...pixels]);
    expect(reasons).toEqual([expect.stringContaining(path)]);
  });
});

describe('a network that does not fit its spec is refused by its name', () => {
  const values = { name: 'values', type: 'float32', shape: ['n', 2, 2, 3] } as const;

  test.each<[string, Partial<NetworkSpec>, string]>([
    [
      'another input shape',
      { input: { name: 'pixels', type: 'uint8', shape: ['n', 4, 4, 3] } },
      'Network toy: "pixels" should be uint8 [n, 4, 4, 3], the file has uint8 [n, 2, 2, 3].',
    ],
    [
      'another input type',
      { input: { name: 'pixels', type: 'float32', shape: ['n', 2, 2, 3] } },
      'Network toy: "pixels" should be float32 [n, 2, 2, 3], the file has uint8 [n, 2, 2, 3].',
    ],
    [
      'another output shape',
      { outputs: [{ ...values, shape: ['n', 128] }] },
      'Network toy: "values" should be float32 [n, 128], the file has float32 [n, 2, 2, 3].',
    ],
    [
      'an output that is not there',
      { outputs: [values, { name: 'scores', type: 'float32', shape: ['n'] }] },
      'Network toy: "scores" should be float32 [n], the file has nothing of that name.',
    ],
  ])('%s', async (_what, changes, message) => {
    await expect(openToy(changes)).rejects.toMatchObject({ code: 'bad-weights', message });
  });
});

describe('a foreign file that ONNX Runtime refuses is named by where the person has it, in words', () => {
  const parts: EmbedderParts = {
    family: 'arcface',
    input: 'x',
    output: 'y',
    size: 3,
    batch: 'n',
    preparation: { mean: [0, 0, 0], scale: 1 },
  };

  /** Opens and runs a graph of two nodes that was tampered with. */
  async function run(change: (model: ModelProto) => void): Promise<unknown> {
    const g = new GraphWriter('toy');
    const x = g.input('x', 'float32', ['n', 3, 112, 112]);
    const means = g.node('GlobalAveragePool', [x]);
    g.output('y', g.node('Reshape', [means, g.ints([2], [-1, 3])]), 'float32', ['n', 3]);
    const model = fromBinary(ModelProtoSchema, g.toBytes());
    change(model);
    const bytes = toBinary(ModelProtoSchema, model);
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'theirs.onnx'), bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const home = await temporaryFolder();
    const spec = await toyNetwork({
      input: { name: 'faces', type: 'uint8', shape: ['n', 112, 112, 3] },
      outputs: [{ name: 'embeddings', type: 'float32', shape: ['n', 3] }],
      files: [{ folder, path: 'theirs.onnx', sha256 }],
      compiler: { name: 'face-embedder', version: 1, settings: parts },
    });
    const open = async (): Promise<void> => {
      const network = await openNetwork(spec, { home, threads: 1 });
      try {
        await network.run(new Uint8Array(112 * 112 * 3), [1, 112, 112, 3]);
      } finally {
        await network.close();
      }
    };
    const error = await open().catch((e: unknown) => e);
    expect(error).toMatchObject({
      name: 'WhosinError',
      code: 'bad-weights',
      path: join(folder, 'theirs.onnx'),
    });
    const { message } = error as Error;
    expect(message.startsWith(`${join(folder, 'theirs.onnx')} cannot be run: `)).toBe(true);
    expect(message).not.toMatch(new RegExp(`${home}|onnxruntime|\\.(?:cc|h):\\d|\n`));
    return (error as WhosinError).reason;
  }

  test.each<[string, (model: ModelProto) => void, string]>([
    [
      'an op that it does not know',
      ({ graph }) => void (graph!.node[0]!.opType = 'Evil'),
      'No Op registered for Evil',
    ],
    ['a format of the future', (model) => void (model.irVersion = 99n), 'Unsupported model IR version: 99'],
    [
      'a circle',
      ({ graph }) => void (graph!.node[0]!.input = [graph!.node[1]!.output[0]!]),
      'the graph is not acyclic',
    ],
    [
      'a node that reads nothing that is there',
      ({ graph }) => void (graph!.node[0]!.input = ['nowhere']),
      'is not a graph input, initializer, or output',
    ],
    [
      'weights that are said to have terabytes',
      ({ graph }) => void (graph!.initializer[0]!.dims = [1n << 40n]),
      'Data size mismatch',
    ],
    [
      'what goes wrong only when it runs',
      ({ graph }) => {
        const rawData = new Uint8Array(BigInt64Array.of(7n, 7n, 7n).buffer);
        graph!.initializer.push(create(TensorProtoSchema, { name: 'i', dataType: 7, dims: [3n], rawData }));
        const axis = { name: 'axis', type: 2, i: 1n };
        const gather = { opType: 'Gather', input: ['x', 'i'], output: ['g'], attribute: [axis] };
        graph!.node.unshift(create(NodeProtoSchema, gather));
        graph!.node[1]!.input = ['g'];
      },
      'indices element out of data bounds, idx=7',
    ],
  ])('%s', async (_what, change, reason) => {
    expect(await run(change)).toContain(reason);
  });
});

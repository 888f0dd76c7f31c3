/** ONNX as exporters write it: labels and ranges in the metadata, tables of scores, weights in other files. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import type { Config } from '../../../src/config.ts';
import {
  AttributeProto_AttributeType as AttributeType,
  type ModelProto,
  ModelProtoSchema,
  NodeProtoSchema,
} from '../../../src/models/graph/onnx_pb.ts';
import { onnxLabels } from '../../../src/models/graph/onnx-labels.ts';
import { onnxParts } from '../../../src/models/graph/onnx-parts.ts';
import { preparations } from '../../../src/models/graph/picture-parts.ts';
import { GraphWriter, type Value } from '../../../src/models/graph/writer.ts';
import type { PicturePack } from '../../../src/models/picture-pack.ts';
import { openPictureModel } from '../../../src/pictures/open-model.ts';
import { describeWithSharedData, sharedData } from '../../shared-data.ts';
import { sharedFolder } from '../../shared-folder.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const home = sharedFolder();
const config = (): Config => ({
  home: home.path,
  packs: join(home.path, 'packs'),
  albums: join(home.path, 'albums'),
  threads: 1,
});

function model(
  body: (g: GraphWriter, x: Value) => Value = (_g, x) => x,
  metadata: Readonly<Record<string, string>> = {},
): ModelProto {
  const g = new GraphWriter('toy');
  const x = body(g, g.input('x', 'float32', ['n', 3, 4, 4]));
  g.output('y', g.node('Softmax', [g.node('Flatten', [g.node('GlobalAveragePool', [x])])]), 'float32', [
    'n',
    3,
  ]);
  for (const [key, value] of Object.entries(metadata)) g.metadata(key, value);
  return fromBinary(ModelProtoSchema, g.toBytes());
}

const red = { width: 4, height: 4, data: Uint8Array.from({ length: 48 }, (_, i) => (i % 3 === 0 ? 255 : 0)) };

describe('labels in the metadata', () => {
  test.each([
    ['names of YOLO, a table of Python', 'names', "{0: 'cat', 1: \"dog's\"}", ['cat', "dog's"]],
    ['JSON', 'classes', '["cat", "dog"]', ['cat', 'dog']],
    ['JSON by number', 'id2label', '{"1": "dog", "0": "cat"}', ['cat', 'dog']],
    ['a list of Python', 'labels', "['cat', 'dog']", ['cat', 'dog']],
    ['commas', 'class_names', 'cat, dog', ['cat', 'dog']],
    ['lines', 'labels', 'cat\ndog', ['cat', 'dog']],
    ['numbers with a gap, which are no labels', 'names', "{0: 'cat', 5: 'dog'}", undefined],
    ['another text of that name', 'names', 'resnet', undefined],
  ])('%s', (_what, key, value, labels) => {
    expect(onnxLabels(model(undefined, { [key]: value }))).toEqual(labels);
  });
});

/** As Custom Vision ends: the place of the best, and a table of scores by label. */
function withZipMap(own: ModelProto): ModelProto {
  const node = (
    opType: string,
    output: string,
    attribute: MessageInitShape<typeof NodeProtoSchema>['attribute'] = [],
  ) => create(NodeProtoSchema, { opType, input: ['y'], output: [output], attribute });
  const strings = ['cat', 'dog', 'elk'].map((text) => new TextEncoder().encode(text));
  const graph = own.graph!;
  graph.node.push(
    {
      ...node('ZipMap', 'loss', [{ name: 'classlabels_strings', type: AttributeType.STRINGS, strings }]),
      domain: 'ai.onnx.ml',
    },
    node('ArgMax', 'classLabel', [{ name: 'axis', type: AttributeType.INT, i: 1n }]),
  );
  graph.output = ['classLabel', 'loss'].map((name) => ({ ...graph.output[0]!, name }));
  return own;
}

describe('Custom Vision', () => {
  test('its scores are the tensor before the table, its labels those of the table, its range that of its example', async () => {
    const bytes = toBinary(ModelProtoSchema, withZipMap(model()));
    expect(onnxParts(bytes, 'x')).toMatchObject({
      output: 'y',
      logits: false,
      preparation: preparations['0..1'],
      grounds: { range: 'family Custom Vision' },
    });
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'model.onnx'), bytes);
    const opened = await openPictureModel(folder, { config: config() });
    expect((await opened.classify({ image: red, width: 4, height: 4 })).labels[0]).toMatchObject({
      label: 'cat',
    });
    await opened.close();
  });

  test('the metadata of an older export counts for more: blue first, bytes', () => {
    const own = withZipMap(
      model(undefined, {
        'Image.BitmapPixelFormat': 'Bgr8',
        'Image.NominalPixelRange': 'NominalRange_0_255',
      }),
    );
    expect(onnxParts(toBinary(ModelProtoSchema, own), 'x')).toMatchObject({
      preparation: { ...preparations['0..255'], order: 'bgr' },
      grounds: { range: 'metadata' },
    });
  });
});

describe('the values of pictures', () => {
  const partsOf = (body: (g: GraphWriter, x: Value) => Value, metadata = {}) =>
    onnxParts(toBinary(ModelProtoSchema, model(body, metadata)), 'x');

  test('follow from what the graph does to them first', () => {
    const { preparation, grounds } = partsOf((g, x) => g.node('Div', [x, g.floats([1], [255])]));
    expect(preparation).toEqual(preparations['0..255']);
    expect(grounds.range).toBe('file');
    expect(partsOf((g, x) => g.node('Mul', [x, g.floats([1], [2])])).preparation).toEqual(
      preparations['0..1'],
    );
  });

  test('follow from who exported it, with the part of the photo', () => {
    expect(partsOf((_g, x) => x, { author: 'Ultralytics' })).toMatchObject({
      preparation: preparations['0..1'],
      crop: 'centre',
      grounds: { range: 'family Ultralytics', crop: 'family Ultralytics' },
    });
  });

  test('are a guess otherwise, which is told', () => {
    expect(partsOf((_g, x) => x).grounds).toEqual({ size: 'file', range: 'guess' });
  });
});

test('probabilities that are written out as exponentials through their sum are no logits', () => {
  const g = new GraphWriter('toy');
  const x = g.node('Flatten', [g.node('GlobalAveragePool', [g.input('x', 'float32', ['n', 3, 4, 4])])]);
  const powers = g.node('Exp', [x]);
  g.output('y', g.node('Div', [powers, g.node('ReduceSum', [powers, g.ints([1], [1])])]), 'float32', [
    'n',
    3,
  ]);
  expect(onnxParts(g.toBytes(), 'x').logits).toBe(false);
});

describe('weights in files beside the model', () => {
  async function folderWith(location: string, bytes: Uint8Array | undefined): Promise<string> {
    const folder = await temporaryFolder();
    const own = model((g, x) => g.node('Mul', [x, g.floats([1, 3, 1, 1], [1, 2, 3])]), { labels: 'r,g,b' });
    const tensor = own.graph!.initializer[0]!;
    tensor.rawData = new Uint8Array();
    tensor.dataLocation = 1;
    tensor.externalData = Object.entries({ location, offset: '8', length: '12' }).map(([key, value]) => ({
      $typeName: 'onnx.StringStringEntryProto',
      key,
      value,
    }));
    await mkdir(join(folder, 'data'));
    if (bytes) await writeFile(join(folder, 'data', 'weights.bin'), bytes);
    await writeFile(join(folder, 'model.onnx'), toBinary(ModelProtoSchema, own));
    return folder;
  }

  const weights = Buffer.concat([Buffer.alloc(8), Buffer.from(Float32Array.of(9, 1, 1).buffer)]);
  const refusal = async (folder: string): Promise<unknown> =>
    openPictureModel(folder, { config: config() }).catch((error: unknown) => error);

  test('are taken from below its folder', async () => {
    let pack: PicturePack | undefined;
    const folder = await folderWith('data/weights.bin', weights);
    const opened = await openPictureModel(folder, { config: config(), onForeign: (found) => (pack = found) });
    expect(pack!.graph.files.map(({ sha256: _, ...file }) => file)).toEqual([
      { folder, path: 'model.onnx' },
      { folder, path: 'data/weights.bin' },
    ]);
    expect((await opened.classify({ image: red, width: 4, height: 4 })).labels[0]!.label).toBe('r');
    await opened.close();
  });

  test.each([
    [
      'above its folder',
      '../weights.bin',
      weights,
      /has weights in a file outside its folder \("..\/weights.bin"\)/,
    ],
    ['that are not there', 'data/weights.bin', undefined, /Cannot read .*weights.bin/],
    [
      'that end too early',
      'data/weights.bin',
      weights.subarray(0, 19),
      /is missing or ends before "constant/,
    ],
  ])('%s are answered with a sentence', async (_what, location, bytes, message) => {
    expect(await refusal(await folderWith(location, bytes))).toMatchObject({
      message: expect.stringMatching(message),
    });
  });
});

describeWithSharedData('odd ONNX files', () => {
  test.each([
    ['customvision', undefined, ['red', 'green', 'blue']],
    ['meta-classes', undefined, ['red', 'green', 'blue']],
    ['fixed8', 'a\nb\nc', ['a', 'b', 'c']],
    ['tiny-opset6', 'a\nb\nc', ['a', 'b', 'c']],
  ])('%s answers', async (name, given, labels) => {
    const file = join(await temporaryFolder(), 'labels.txt');
    if (given) await writeFile(file, given);
    const path = sharedData('cases', 'onnx', `${name}.onnx`);
    const opened = await openPictureModel(path, { config: config(), ...(given && { labels: file }) });
    expect(opened.labels).toEqual(labels);
    const scores = await opened.probabilities!(red);
    expect(scores.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    await opened.close();
  });
});

/** Names that -m/--model takes, and messages about names of nothing that classifies. */

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import type { Config } from '../../src/config.ts';
import { type ModelProto, ModelProtoSchema } from '../../src/models/graph/onnx_pb.ts';
import { type Dimension, GraphWriter } from '../../src/models/graph/writer.ts';
import type { PicturePack } from '../../src/models/picture-pack.ts';
import { fromPictureFile } from '../../src/packs/add-picture-pack.ts';
import { addPack } from '../../src/packs/install-pack.ts';
import { openPictureModel } from '../../src/pictures/open-model.ts';
import { decodePhoto } from '../../src/runtime/decode.ts';
import { demoPhoto } from '../photo-fixtures.ts';
import { toyGraph, toyLabels } from '../runtime/toy-model.ts';
import { describeWithSharedData, sharedData } from '../shared-data.ts';
import { sharedFolder } from '../shared-folder.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const home = sharedFolder();
const config = (): Config => ({
  home: home.path,
  packs: join(home.path, 'packs'),
  albums: join(home.path, 'albums'),
  threads: 1,
});
const red = {
  width: 20,
  height: 10,
  data: Uint8Array.from({ length: 600 }, (_, i) => (i % 3 === 0 ? 255 : 0)),
};
const photo = { image: red, width: 20, height: 10 };

/** The toy's three files in a folder of their own. */
async function toyFolder(): Promise<{
  readonly graph: string;
  readonly labels: string;
  readonly folder: string;
}> {
  const folder = await temporaryFolder();
  const [graph, labels] = [join(folder, 'retrained_graph.pb'), join(folder, 'retrained_labels.txt')];
  await writeFile(graph, toyGraph());
  await writeFile(labels, `\uFEFF${toyLabels.join('\r\n')}\r\n\r\n`);
  return { graph, labels, folder };
}

function add(own: Config, name: string, path: string, options: { labels: string }): Promise<PicturePack> {
  return addPack(own.packs, 'picture', name, fromPictureFile(own, name, path, options));
}

async function refusal(reference: string, labels?: string): Promise<unknown> {
  return openPictureModel(reference, { config: config(), ...(labels !== undefined && { labels }) }).catch(
    (e: unknown) => e,
  );
}

describe('a model may be', () => {
  test('a TensorFlow graph with a file of labels', async () => {
    const { graph, labels } = await toyFolder();
    const model = await openPictureModel(graph, { labels, config: config() });
    expect(model.labels).toEqual(toyLabels);
    const { labels: found } = await model.classify(photo);
    expect(found.map(({ label, index }) => [label, index])).toEqual([
      ['red', 0],
      ['green', 1],
      ['blue', 2],
    ]);
    expect(found[0]!.score).toBeGreaterThan(0.99);
    expect((await model.classify(photo, 0.5)).labels).toHaveLength(1);
    await model.close();
  });

  test('an ONNX classifier with a file of labels', async () => {
    const { folder, labels } = await toyFolder();
    const g = new GraphWriter('toy');
    const x = g.input('x', 'float32', ['n', 3, 8, 8]);
    g.output('y', g.node('Flatten', [g.node('GlobalAveragePool', [x])], { axis: 1 }), 'float32', ['n', 3]);
    await writeFile(join(folder, 'net.onnx'), g.toBytes());
    const model = await openPictureModel(join(folder, 'net.onnx'), { labels, config: config() });
    expect((await model.classify(photo)).labels[0]).toMatchObject({ label: 'red', index: 0 });
    await model.close();
  });

  test('the name of one that was added, with labels of its own or others in their place', async () => {
    const { graph, labels, folder } = await toyFolder();
    await add(config(), 'colours', graph, { labels });
    await writeFile(join(folder, 'deutsch.txt'), 'rot\ngrün\nblau');
    const own = await openPictureModel('colours', { config: config() });
    const german = await openPictureModel('colours', {
      labels: join(folder, 'deutsch.txt'),
      config: config(),
    });
    expect((await own.classify(photo)).labels[0]!.label).toBe('red');
    expect((await german.classify(photo)).labels[0]!.label).toBe('rot');
    await Promise.all([own.close(), german.close()]);
  });
});

describe('labels are taken that lie beside a model', () => {
  test('as retrain.py calls them, without being named', async () => {
    const { graph } = await toyFolder();
    const model = await openPictureModel(graph, { config: config() });
    expect(model.labels).toEqual(toyLabels);
    await model.close();
  });

  test('a folder is the model in it', async () => {
    const { folder } = await toyFolder();
    const model = await openPictureModel(folder, { config: config() });
    expect(model.labels).toEqual(toyLabels);
    await model.close();
  });

  test('a folder of several models, or of none, is answered with what to name', async () => {
    const { folder, graph } = await toyFolder();
    await writeFile(join(folder, 'other.pb'), toyGraph());
    expect(await refusal(folder)).toMatchObject({
      code: 'usage',
      message: `${folder} holds several models: name one of other.pb, retrained_graph.pb.`,
    });
    await Promise.all([rm(graph), rm(join(folder, 'other.pb'))]);
    expect(await refusal(folder)).toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/without a model file/),
    });
  });
});

describe('what names no model', () => {
  test.each([
    [
      'a mistyped name',
      'mobilnet_0.25_224',
      'not-found',
      /no model and no file "mobilnet_0.25_224". Near it: mobilenet_0.25_224,/,
    ],
    [
      'a model that is not fetched',
      'inception-v3',
      'not-found',
      /not here yet. Fetch it with: whosin models pull inception-v3/,
    ],
    ['a file that is not there', 'no/such.onnx', 'not-found', /There is no model file no\/such.onnx/],
    ['a path that goes up', '../no-such-model', 'not-found', /There is no model file/],
  ])('%s', async (_what, reference, code, message) => {
    expect(await refusal(reference)).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('a graph without labels says how to give them', async () => {
    const { graph, labels } = await toyFolder();
    await rm(labels);
    expect(await refusal(graph)).toMatchObject({
      code: 'usage',
      message: `${graph} has no labels of its own: name them with --labels (a text file with one label a line), or put labels.txt beside it.`,
    });
  });

  test('labels that are too few are counted beside the values', async () => {
    const { graph, folder } = await toyFolder();
    const few = join(folder, 'few.txt');
    await writeFile(few, 'one\ntwo\n');
    const message =
      'retrained_graph gives 3 values, and there are 2 labels: give the labels file that belongs to it.';
    // The second time the graph is compiled already, with the labels that fit.
    await (
      await openPictureModel(graph, { labels: join(folder, 'retrained_labels.txt'), config: config() })
    ).close();
    expect(await refusal(graph, few)).toMatchObject({ code: 'bad-weights', message });
    await writeFile(few, '');
    expect(await refusal(graph, few)).toMatchObject({
      code: 'not-a-model',
      message: expect.stringContaining('is empty'),
    });
    expect(await refusal(graph, graph)).toMatchObject({
      code: 'not-a-model',
      message: expect.stringContaining('no list of labels'),
    });
  });

  test.each<[string, string, Uint8Array | string, string, RegExp]>([
    ['an empty file', 'a.onnx', '', 'not-a-model', /is empty \(0 bytes\)/],
    [
      'a picture',
      'a.onnx',
      new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 16]),
      'not-a-model',
      /is not a model file, or it is cut off/,
    ],
    [
      'half a graph',
      'a.pb',
      toyGraph().subarray(0, 200),
      'not-a-model',
      /not a frozen TensorFlow graph \(GraphDef\), or it is cut off/,
    ],
    [
      'text',
      'a.pbtxt',
      'node { name: "input" }',
      'not-a-model',
      /is a graph as text: whosin reads the binary form/,
    ],
    ['JSON of something else', 'a.json', '{"a": 1}', 'not-a-model', /not a TensorFlow.js model/],
    [
      'a model of TensorFlow.js that names a file elsewhere',
      'model.json',
      '{"modelTopology": {}, "weightsManifest": [{"paths": ["../../secret"], "weights": []}]}',
      'not-a-model',
      /names a weight file outside its folder/,
    ],
  ])('%s is refused for what it is', async (_what, name, content, code, message) => {
    const { folder, labels } = await toyFolder();
    await writeFile(join(folder, name), content);
    expect(await refusal(join(folder, name), labels)).toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  test('an ONNX file that was cut off', async () => {
    const { folder, labels } = await toyFolder();
    const g = new GraphWriter('toy');
    g.output('y', g.input('x', 'float32', ['n', 3, 8, 8]), 'float32', ['n', 3, 8, 8]);
    const bytes = g.toBytes();
    await writeFile(join(folder, 'cut.onnx'), bytes.subarray(0, bytes.length - 20));
    expect(await refusal(join(folder, 'cut.onnx'), labels)).toMatchObject({ code: 'not-a-model' });
  });

  test('a model of people is for identify', async () => {
    const { folder } = await toyFolder();
    const g = new GraphWriter('people');
    g.output('y', g.input('x', 'float32', ['n', 3]), 'float32', ['n', 3]);
    g.metadata('whosin.kind', 'people');
    const path = join(folder, 'people.onnx');
    await writeFile(path, g.toBytes());
    expect(await refusal(path)).toMatchObject({
      code: 'not-a-model',
      message: `${path} is a model of people: ask it with whosin identify -m ${path}.`,
    });
  });
});

describe('an ONNX classifier', () => {
  /** A classifier of 8 × 8 pictures: the mean of each channel, a batch of them in one reshape as some exporters write it. */
  function written(batch: Dimension): ModelProto {
    const g = new GraphWriter('toy');
    const x = g.input('x', 'float32', [batch, 3, 8, 8]);
    const means = g.node('Flatten', [g.node('GlobalAveragePool', [x])], { axis: 1 });
    const sizes = typeof batch === 'number' ? [batch, 3] : [-1, 3];
    const rows = g.node('Reshape', [means, g.ints([2], sizes)]);
    g.output('y', g.node('Mul', [rows, g.floats([3], [2, 2, 2], 'twice')]), 'float32', [batch, 3]);
    return fromBinary(ModelProtoSchema, g.toBytes());
  }

  async function file(model: ModelProto): Promise<{ readonly path: string; readonly labels: string }> {
    const { folder, labels } = await toyFolder();
    const path = join(folder, 'theirs.onnx');
    await writeFile(path, toBinary(ModelProtoSchema, model));
    return { path, labels };
  }

  test('that was written for eight pictures at once gives one picture the answer that one for any number gives', async () => {
    const answers: unknown[] = [];
    for (const batch of ['n', 1, 8]) {
      const { path, labels } = await file(written(batch));
      const model = await openPictureModel(path, { labels, config: config() });
      answers.push(await model.classify(photo));
      await model.close();
    }
    expect(answers[0]).toMatchObject({ labels: [{ label: 'red' }, {}, {}] });
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  test('that was written for eight can be added, trained on, and asked by its name', async () => {
    const { path, labels } = await file(written(8));
    const own = { ...config(), packs: join(home.path, 'fixed') };
    expect(await add(own, 'fixed', path, { labels })).toMatchObject({ scores: { labels: toyLabels } });
    const model = await openPictureModel('fixed', { config: own });
    expect((await model.classify(photo)).labels[0]).toMatchObject({ label: 'red' });
    await model.close();
  });

  test.each<[string, (model: ModelProto) => void, RegExp]>([
    [
      'that wants a million pictures at once',
      ({ graph }) => {
        const type = graph!.input[0]!.type!.value;
        if (type.case === 'tensorType')
          type.value.shape!.dim[0]!.value = { case: 'dimValue', value: 10n ** 6n };
      },
      /theirs\.onnx takes 1000000 pictures at once, more than 1024/,
    ],
    [
      'whose weights lie in a file beside it',
      ({ graph }) => void (graph!.initializer.find(({ name }) => name === 'twice')!.dataLocation = 1),
      /theirs\.onnx has weights in a file outside its folder \(""\)/,
    ],
    [
      'that no runtime knows',
      ({ graph }) => void (graph!.node[0]!.opType = 'Evil'),
      /theirs\.onnx cannot be run: .*No Op registered for Evil/,
    ],
  ])('%s is refused with a sentence', async (_what, change, message) => {
    const model = written('n');
    change(model);
    const { path, labels } = await file(model);
    expect(await refusal(path, labels)).toMatchObject({
      code: 'bad-weights',
      message: expect.stringMatching(message),
    });
  });
});

describe('a model that was added', () => {
  test.each([
    ['a path', '../evil', /cannot be the name of a model/],
    ['the name of a file', 'flowers.onnx', /cannot be the name of a model/],
    ['the one that comes with whosin', 'coco-mobilenet-v3', /comes with whosin/],
  ])('cannot be called %s', async (_what, name, message) => {
    const { graph, labels } = await toyFolder();
    await expect(add(config(), name, graph, { labels })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(message),
    });
  });

  test('is not added where its labels do not fit, and what is there is not replaced', async () => {
    const { graph, labels, folder } = await toyFolder();
    const packs = join(folder, 'packs');
    const own = { ...config(), packs };
    await writeFile(join(folder, 'two.txt'), 'a\nb');
    await expect(add(own, 'toy', graph, { labels: join(folder, 'two.txt') })).rejects.toMatchObject({
      code: 'bad-weights',
    });
    expect((await add(own, 'toy', graph, { labels })).bottleneck).toEqual({ nodes: ['pooled'], size: 3 });
    await expect(add(own, 'toy', graph, { labels })).rejects.toMatchObject({
      code: 'usage',
      message: 'There is a model "toy" already: remove it first (whosin models remove toy).',
    });
  });

  test.each<[string, (text: string) => string, RegExp]>([
    ['is cut off', (text) => text.slice(0, 100), /pack.json is damaged/],
    [
      'names a file elsewhere',
      (text) => text.replace('"path": "graph.pb"', '"path": "../../secret"'),
      /its "graph" makes no sense/,
    ],
    [
      'has a size that fills memory',
      (text) => text.replace('"width": 8', '"width": 1e9'),
      /its "input" makes no sense/,
    ],
    [
      'is of another version',
      (text) => text.replace('"schema": 1', '"schema": 7'),
      /its "schema" makes no sense/,
    ],
    ['has labels that are no text', (text) => text.replace('"green"', '7'), /its "scores" makes no sense/],
    ['has lost a label', (text) => text.replace(/"green",\s*/, ''), /gives 3 values, and there are 2 labels/],
    [
      'has another sum',
      (text) => text.replace(/"sha256": "..../, '"sha256": "0000'),
      /has sha256 .* expected 0000/,
    ],
  ])('and whose pack.json %s is refused', async (_what, change, message) => {
    const { graph, labels, folder } = await toyFolder();
    const own = { ...config(), packs: join(folder, 'packs') };
    await add(own, 'toy', graph, { labels });
    const path = join(folder, 'packs', 'toy', 'pack.json');
    const before = await readFile(path, 'utf8');
    expect(change(before)).not.toBe(before);
    await writeFile(path, change(before));
    await expect(openPictureModel('toy', { config: own })).rejects.toMatchObject({
      code: 'bad-weights',
      message: expect.stringMatching(message),
    });
  });

  test('a folder without its pack.json is not a model', async () => {
    await mkdir(join(home.path, 'packs', 'hollow'), { recursive: true });
    expect(await refusal('hollow')).toMatchObject({
      code: 'bad-weights',
      message: expect.stringContaining('pull or add it again'),
    });
  });
});

describeWithSharedData('files as other exporters write them', () => {
  const [blue, green] = [2, 1].map((channel) => ({
    width: 64,
    height: 64,
    data: Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i % 3 === channel ? 255 : 0)),
  }));

  test.each([
    ['for a batch of eight', 'onnx/fixed8.onnx'],
    ['with its labels in the metadata', 'onnx/meta-classes.onnx'],
    ['of TensorFlow.js whose weights have a name of their own', 'tfjs-shards/model.json'],
  ])('a classifier %s answers', async (_what, file) => {
    const labels = sharedData('cases', 'tfjs-shards', 'labels.txt');
    const model = await openPictureModel(sharedData('cases', file), { labels, config: config() });
    for (const [image, label] of [
      [blue, 'blue'],
      [green, 'green'],
    ] as const) {
      const { labels: found } = await model.classify({ image: image!, width: 64, height: 64 });
      expect(found[0]).toMatchObject({ label });
    }
    await model.close();
  });
});

describeWithSharedData("TensorFlow's files", () => {
  test.each([
    ['retrained/glasses/retrained_graph.pb', 'retrained/glasses/retrained_labels.txt', 2],
    ['retrained/parts/retrained_graph.pb', 'retrained/parts/retrained_labels.txt', 6],
    ['retrained/parts/optimized_graph.pb', 'retrained/parts/retrained_labels.txt', 6],
    ['tf-slim/mobilenet_v1_0.25_128/frozen_graph.pb', 'tf-slim/mobilenet_v1_0.25_128/labels.txt', 1001],
    ['tf-slim/mobilenet_v1_0.25_224/quantized_graph.pb', 'tf-slim/mobilenet_v1_0.25_224/labels.txt', 1001],
  ])('%s classifies a photo: probabilities of its labels', async (graph, labels, count) => {
    const path = sharedData('models', graph);
    const model = await openPictureModel(path, { labels: sharedData('models', labels), config: config() });
    const sample = await decodePhoto(await readFile(demoPhoto(3)), 'sample');
    const { labels: found } = await model.classify(sample);
    expect(found).toHaveLength(count);
    expect(found.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 4);
    expect(found.map(({ score }) => score)).toEqual(
      found.map(({ score }) => score).toSorted((a, b) => b - a),
    );
    await model.close();
  });

  test('an electric ray is one for MobileNet, whose labels lose their numbers', async () => {
    const folder = 'tf-slim/mobilenet_v1_0.25_224';
    const options = { labels: sharedData('models', folder, 'labels.txt'), config: config() };
    const model = await openPictureModel(sharedData('models', folder, 'frozen_graph.pb'), options);
    const path = sharedData('images', 'imagenet-dev', 'n01496331_electric_ray.JPEG');
    const { labels } = await model.classify(await decodePhoto(await readFile(path), path));
    expect(labels[0]).toMatchObject({ label: 'electric ray, crampfish, numbfish, torpedo', index: 6 });
    await model.close();
  });
});

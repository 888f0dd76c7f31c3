/** Real graphs in other clothes give the same answers: as ONNX in either layout, and as TensorFlow.js. */

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromBinary, toJson } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import type { Config } from '../../src/config.ts';
import { resizeBilinear } from '../../src/core/bilinear-resize.ts';
import { preparations } from '../../src/models/graph/picture-parts.ts';
import { compileTensorFlow } from '../../src/models/graph/tensorflow/compile-tensorflow.ts';
import { readGraphDef } from '../../src/models/graph/tensorflow/tensorflow-graph.ts';
import { GraphDefSchema } from '../../src/models/graph/tensorflow_pb.ts';
import { fromPictureFile } from '../../src/packs/add-picture-pack.ts';
import { addPack } from '../../src/packs/install-pack.ts';
import { openPictureModel } from '../../src/pictures/open-model.ts';
import { decodePhoto } from '../../src/runtime/decode.ts';
import { demoPhoto } from '../photo-fixtures.ts';
import { toyGraph, toyLabels } from '../runtime/toy-model.ts';
import { describeWithSharedData, sharedData } from '../shared-data.ts';
import { temporaryFolder } from '../temporary-folder.ts';

async function emptyConfig(): Promise<Config> {
  const home = await temporaryFolder();
  return { home, packs: join(home, 'packs'), albums: join(home, 'albums'), threads: 1 };
}

describe('a model of TensorFlow.js', () => {
  async function exported(folder: string): Promise<string> {
    const topology = toJson(GraphDefSchema, fromBinary(GraphDefSchema, toyGraph())) as {
      node: { name: string; attr?: { value?: unknown } }[];
    };
    for (const { attr } of topology.node) delete attr?.value;
    const weights = [
      { name: 'axes', shape: [2], dtype: 'int32' },
      { name: 'weights', shape: [3, 3], dtype: 'float32' },
    ];
    const bytes = Buffer.concat([
      Buffer.from(Int32Array.from([1, 2]).buffer),
      Buffer.from(Float32Array.from([9, 0, 0, 0, 9, 0, 0, 0, 9]).buffer),
    ]);
    const paths = ['group1-shard1of2.bin', 'group1-shard2of2.bin'];
    await mkdir(folder, { recursive: true });
    // The second tensor begins in the first file.
    await writeFile(join(folder, paths[0]!), bytes.subarray(0, 20));
    await writeFile(join(folder, paths[1]!), bytes.subarray(20));
    const model = { format: 'graph-model', modelTopology: topology, weightsManifest: [{ paths, weights }] };
    await writeFile(join(folder, 'model.json'), JSON.stringify(model));
    return join(folder, 'model.json');
  }

  test('is added with its weights from several files, and classifies', async () => {
    const config = await emptyConfig();
    const path = await exported(join(config.home, 'web_model'));
    const labels = join(config.home, 'labels.txt');
    await writeFile(labels, toyLabels.join('\n'));
    const pack = await addPack(
      config.packs,
      'picture',
      'web',
      fromPictureFile(config, 'web', path, { labels }),
    );
    expect(pack).toMatchObject({
      input: { node: 'input', width: 8, height: 8 },
      bottleneck: { nodes: ['pooled'], size: 3 },
    });
    const model = await openPictureModel('web', { config });
    const data = Uint8Array.from({ length: 8 * 8 * 3 }, (_, i) => (i % 3 === 2 ? 255 : 0));
    const { labels: found } = await model.classify({
      image: { width: 8, height: 8, data },
      width: 8,
      height: 8,
    });
    expect(found[0]).toMatchObject({ label: 'blue', index: 2 });
    await model.close();
  });

  test('whose weight file was cut off is refused, and not added', async () => {
    const config = await emptyConfig();
    const path = await exported(join(config.home, 'web_model'));
    await writeFile(join(config.home, 'web_model', 'group1-shard2of2.bin'), 'cut');
    await expect(
      addPack(config.packs, 'picture', 'web', fromPictureFile(config, 'web', path)),
    ).rejects.toMatchObject({
      code: 'bad-weights',
      message: expect.stringMatching(/ends before tensor "weights": fetch it again/),
    });
    await expect(openPictureModel('web', { config })).rejects.toMatchObject({ code: 'not-found' });
  });
});

describeWithSharedData('a MobileNet as an ONNX file', () => {
  test('gives the answers of the graph that it was made from, and its bottleneck is found', async () => {
    const config = await emptyConfig();
    const folder = sharedData('models', 'tf-slim', 'mobilenet_v1_0.25_128');
    const [graph, labels] = [join(folder, 'frozen_graph.pb'), join(folder, 'labels.txt')];
    const { bytes } = compileTensorFlow(readGraphDef(await readFile(graph), graph), {
      name: 'mobilenet',
      inputs: [{ node: 'input', shape: ['n', 128, 128, 3] }],
      outputs: [{ node: 'MobilenetV1/Predictions/Reshape' }],
    });
    const file = join(config.home, 'mobilenet.onnx');
    await writeFile(file, bytes);
    const known = { preparation: preparations['-1..1'] };
    const pack = await addPack(
      config.packs,
      'picture',
      'as-onnx',
      fromPictureFile(config, 'as-onnx', file, { labels, known }),
    );
    expect(pack.scores).toMatchObject({ node: 'MobilenetV1/Predictions/Reshape', logits: true });
    const [asOnnx, asGraph] = [
      await openPictureModel('as-onnx', { config }),
      await openPictureModel(graph, { labels, config }),
    ];
    const photo = await decodePhoto(await readFile(demoPhoto(3)), 'sample');
    // The ONNX file is given pictures by another resize; of the right size already, there is none.
    const small = { ...photo, image: resizeBilinear(photo.image, 128, 128) };
    const [found, wanted] = [await asOnnx.classify(small), await asGraph.classify(small)];
    expect(found.labels.slice(0, 5)).toEqual(
      wanted.labels
        .slice(0, 5)
        .map((label): unknown => ({ ...label, score: expect.closeTo(label.score, 5) })),
    );
    await Promise.all([asOnnx.close(), asGraph.close()]);
  });
});

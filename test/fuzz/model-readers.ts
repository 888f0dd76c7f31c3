/** Readers of models: TensorFlow's, TensorFlow.js', ONNX of others and of whosin, packs. */

import { readBackground, readFalseMatches } from '../../src/faces/people/background-file.ts';
import { readPeopleModel } from '../../src/faces/people/read-model.ts';
import { writeBackground } from '../../src/faces/people/write-background.ts';
import { writePeopleModel } from '../../src/faces/people/write-model.ts';
import { compilePicture } from '../../src/models/graph/compile-picture.ts';
import { compileOnnxEmbedder } from '../../src/models/graph/onnx-embedder.ts';
import { embedderParts } from '../../src/models/graph/onnx-embedder-parts.ts';
import { readSavedModel } from '../../src/models/graph/tensorflow/saved-model.ts';
import { readWeights } from '../../src/models/graph/weights-manifest.ts';
import { compileYunet, isYunet, yunetParts } from '../../src/models/graph/yunet.ts';
import { readPack } from '../../src/models/pack-file.ts';
import type { PictureGraph } from '../../src/models/picture-pack.ts';
import { pictureRequest } from '../../src/models/picture-pack.ts';
import { foreignPack } from '../../src/packs/foreign-pack.ts';
import { readPictureModel, writePictureModel } from '../../src/pictures/picture-model.ts';
import { toyModel } from '../faces/people/toy-people-model.ts';
import { packFiles } from '../models/pack-files.ts';
import { published, toyYunet } from '../models/toy-detectors.ts';
import { writeEmbedder } from '../models/toy-embedders.ts';
import { crowdedBackground } from '../synthetic-people.ts';
import { graphDefSeeds, onnxSeeds, tfjsSeeds } from './graph-seeds.ts';
import { kerasSeeds, layersSeeds } from './keras-seeds.ts';
import { mutateBytes } from './mutate-bytes.ts';
import { mutateJson } from './mutate-json.ts';
import { mutateProtobuf } from './mutate-protobuf.ts';
import { inParts, parted, type Reader, textOf, together, utf8 } from './reader.ts';
import { savedModelSeeds, tfliteSeeds } from './saved-seeds.ts';

const three = ['ann', 'ben', 'cleo'];
/** The toys of Keras tell five apart. */
const five = [...three, 'dan', 'eve'];

/** As `models add` and `classify -m` read a file: find its parts, then compile each. */
async function readForeign(
  format: PictureGraph['format'],
  bytes: Uint8Array,
  weights: Uint8Array[] = [],
  labels: readonly string[] = three,
): Promise<void> {
  const shards = weights.map((own) => ({ path: 'weights.bin', bytes: own }));
  const file = { path: 'model', format, bytes, weights: shards };
  const found = { names: labels, ground: 'given' } as const;
  const { pack } = await foreignPack(file, { name: 'model', labels: found, bottleneck: true });
  for (const output of ['scores', 'bottleneck'] as const) {
    if (pack[output]) await compilePicture(pictureRequest(pack, output), [bytes, ...weights], 'model');
  }
}

/** The space of the toys' embeddings. */
const space = 'toy/1';

const manifest = [
  {
    weights: [
      { name: 'a', shape: [2, 2], dtype: 'float32' },
      { name: 'b', shape: [4], dtype: 'float32', quantization: { dtype: 'uint8', scale: 0.5, min: -1 } },
      { name: 'c', shape: [1], dtype: 'int32' },
      { name: 'd', shape: [2], dtype: 'float32', quantization: { dtype: 'float16' } },
    ],
  },
];

export function modelReaders(): Reader[] {
  const protobuf = [mutateProtobuf, mutateProtobuf, mutateBytes];
  return [
    {
      name: 'graphdef',
      seeds: graphDefSeeds(),
      mutate: protobuf,
      read: (bytes) => readForeign('tensorflow', bytes),
    },
    {
      name: 'tfjs',
      seeds: tfjsSeeds(),
      mutate: [inParts(mutateJson, mutateBytes), mutateBytes],
      read: (bytes) => {
        const [json, weights] = parted(bytes);
        return readForeign('tensorflow-js', json, [weights]);
      },
    },
    {
      name: 'tfjs-layers',
      seeds: layersSeeds(),
      mutate: [inParts(mutateJson, mutateBytes), mutateBytes],
      read: (bytes) => {
        const [json, weights] = parted(bytes);
        return readForeign('tensorflow-js', json, [weights], five);
      },
    },
    {
      name: 'keras-hdf5',
      seeds: kerasSeeds.hdf5,
      mutate: [mutateBytes],
      isNative: true,
      read: (bytes) => readForeign('keras-hdf5', bytes, [], five),
    },
    {
      name: 'keras-archive',
      seeds: kerasSeeds.archives,
      mutate: [mutateBytes],
      isNative: true,
      read: (bytes) => readForeign('keras', bytes, [], five),
    },
    {
      name: 'tflite',
      seeds: tfliteSeeds(),
      mutate: [mutateBytes],
      read: (bytes) => readForeign('tflite', bytes),
    },
    {
      name: 'saved-model',
      seeds: savedModelSeeds(),
      mutate: [inParts(mutateProtobuf, mutateBytes)],
      read: (bytes) => {
        const [model, variables] = parted(bytes);
        const [index, data] = parted(variables);
        return readSavedModel([model, index, data], 'model');
      },
    },
    {
      name: 'tfjs-weights',
      seeds: [together(utf8(JSON.stringify(manifest)), new Uint8Array(28).fill(60))],
      mutate: [inParts(mutateJson, mutateBytes)],
      read: (bytes) => {
        const [json, weights] = parted(bytes);
        const tensor = readWeights(textOf(json), weights, 'model');
        for (const name of 'abcd') tensor(name);
      },
    },
    { name: 'onnx', seeds: onnxSeeds(), mutate: protobuf, read: (bytes) => readForeign('onnx', bytes) },
    {
      name: 'onnx-embedder',
      seeds: [
        writeEmbedder('data', 'fc1', [1, 3, 112, 112], 2),
        writeEmbedder('input.1', '683', ['n', 3, 112, 112], 4, true),
      ],
      mutate: protobuf,
      read: (bytes) => compileOnnxEmbedder(embedderParts(bytes, 'model'), [bytes], 'model'),
    },
    {
      name: 'onnx-detector',
      seeds: [toyYunet(published), toyYunet({ ...published, declared: undefined })],
      mutate: protobuf,
      read: (bytes) => {
        if (isYunet(bytes, 'model')) compileYunet(yunetParts(bytes, 'model'), [bytes], 'model');
      },
    },
    {
      name: 'people-model',
      seeds: [
        writePeopleModel(toyModel({ ann: 2, ben: 1 }, 0.5)),
        writePeopleModel(toyModel({ ann: 1 }, 0, crowdedBackground(7, 5))),
      ],
      mutate: protobuf,
      read: (bytes) => readPeopleModel(bytes, 'model'),
    },
    {
      name: 'picture-model',
      seeds: pictureModels(),
      mutate: protobuf,
      read: (bytes) => readPictureModel(bytes, 'model'),
    },
    {
      name: 'background',
      seeds: [
        writeBackground(crowdedBackground(), space, 'toy', {
          measuredOn: 'toy',
          pairs: 9,
          rates: [
            [0, 0.5],
            [2, 0.1],
          ],
        }),
      ],
      mutate: protobuf,
      read: (bytes) => {
        readBackground(bytes, space, 'model');
        readFalseMatches(bytes, 'model');
      },
    },
    {
      name: 'pack.json',
      seeds: Object.values(packFiles).map(utf8),
      mutate: [mutateJson, mutateBytes],
      read: (bytes) => readPack(textOf(bytes), '/packs/x', '/packs/x/pack.json'),
    },
  ];
}

function pictureModels(): Uint8Array[] {
  const head = (outputs: number) => ({
    weights: Float32Array.from({ length: outputs * 4 }, (_, i) => i / 10),
    bias: Float32Array.from({ length: outputs }, (_, i) => i),
  });
  const model = { backbone: 'toy', space, labels: three, head: head(3), report: { photos: 3 } };
  const none = { head: head(4), scale: 1, offset: 0 };
  return [writePictureModel(model), writePictureModel({ ...model, none })];
}

/**
 * Ranges of the values inside the face networks on real photos, for networks that calculate with 8 bits.
 *
 *   npx tsx fit/activation-ranges.ts LFW SCENERY [--write]
 *
 * LFW: photos of faces, of which those of one half of the people are taken, 300 in all; SCENERY: photos without
 * people. They go the whole way from photo to embeddings through networks of 32 bits. A convolution that no other
 * convolution reads from has no range: it keeps 32 bits, because what it gives is the answer. --write puts the
 * ranges into weights/, from where the pack takes them with their sha256.
 */

import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import { readConfig } from '../src/config.ts';
import { lightening } from '../src/core/image.ts';
import { detectFaces } from '../src/faces/find/detect.ts';
import { embedFaces } from '../src/faces/find/embed.ts';
import { findLandmarks } from '../src/faces/find/landmarks.ts';
import { faceApiPack } from '../src/models/face-api.ts';
import {
  TensorProto_DataType as DataType,
  ModelProtoSchema,
  ValueInfoProtoSchema,
} from '../src/models/graph/onnx_pb.ts';
import { convolutionsOf, isLast } from '../src/models/graph/quantisable.ts';
import { parseOnnx } from '../src/models/graph/reader.ts';
import type { NetworkSpec } from '../src/models/network.ts';
import { halvesByName } from '../src/photos/folds.ts';
import { compiledGraph } from '../src/runtime/compiled-graphs.ts';
import { createSession } from '../src/runtime/create-session.ts';
import { decodePhoto } from '../src/runtime/decode.ts';
import { onnxRuntime } from '../src/runtime/onnx-runtime.ts';
import { type Network, openNetwork } from '../src/runtime/session.ts';

const [lfw, scenery, option] = process.argv.slice(2);
if (lfw === undefined || scenery === undefined) {
  throw new Error('Usage: npx tsx fit/activation-ranges.ts LFW SCENERY [--write]');
}
const config = readConfig();
const detector = await watched(faceApiPack.detector);
const landmarker = await openNetwork(faceApiPack.landmarks, config);
const embedders = await Promise.all(
  faceApiPack.embedders.map(async (embedder) => ({ ...embedder, ...(await watched(embedder.network)) })),
);

const people = halvesByName((await readdir(lfw)).toSorted().map((person) => ({ person })))[0];
const faces = await Promise.all(
  people.map(async ({ person }) => {
    const names = (await readdir(join(lfw, person))).filter((name) => name.endsWith('.jpg')).toSorted();
    return names.slice(0, 1).map((name) => join(lfw, person, name));
  }),
);
const scenes = (await readdir(scenery)).filter((name) => name.endsWith('.jpg')).toSorted();
const photos = [...faces.flat().slice(0, 300), ...scenes.slice(0, 60).map((name) => join(scenery, name))];
for (const [i, path] of photos.entries()) {
  const { image: original } = await decodePhoto(await readFile(path), path);
  const image = lightening(original)(original);
  const found = await detectFaces(detector.network, image);
  const landmarks = await findLandmarks(landmarker, faceApiPack.landmarkPoints, image, found);
  await embedFaces(
    embedders,
    faceApiPack.landmarkPoints,
    image,
    landmarks.map(({ points }) => points),
  );
  if (i % 60 === 59) console.error(`${i + 1}/${photos.length} photos`);
}
for (const { network, ranges } of [detector, ...embedders]) {
  const file = `${network.spec.name}-ranges.json`;
  const lines = [...ranges].map(
    ([value, range]) => `  "${value}": [${range.map((v) => v.toPrecision(6)).join(', ')}]`,
  );
  const text = `{\n${lines.join(',\n')}\n}\n`;
  console.log(`${file}: ${ranges.size} values, sha256 ${createHash('sha256').update(text).digest('hex')}`);
  if (option === '--write') await writeFile(new URL(`../weights/${file}`, import.meta.url), text);
}

type Ranges = Map<string, [lowest: number, highest: number]>;

/** The network with 32 bits, writing down what goes into and comes out of its convolutions. */
async function watched({ ranges: _, ...spec }: NetworkSpec): Promise<{ network: Network; ranges: Ranges }> {
  const { Tensor } = onnxRuntime();
  const compiled = await compiledGraph(spec, config);
  const bytes = typeof compiled === 'string' ? await readFile(compiled) : compiled;
  const model = parseOnnx(bytes, spec.name);
  const graph = model.graph!;
  const inner = convolutionsOf(graph).filter((convolution) => !isLast(convolution, graph));
  const values = [...new Set(inner.flatMap(({ input, output }) => [input, output]))];
  const type = { value: { case: 'tensorType' as const, value: { elemType: DataType.FLOAT } } };
  graph.output.push(...values.map((name) => create(ValueInfoProtoSchema, { name, type })));
  const session = await createSession(toBinary(ModelProtoSchema, model), config);
  const ranges: Ranges = new Map();
  const network: Network = {
    spec,
    async run(pixels, shape) {
      const results = await session.run({ [spec.input.name]: new Tensor('uint8', pixels, shape) });
      for (const value of values) {
        const range = ranges.get(value) ?? [0, 0];
        for (const v of results[value]!.data as Float32Array) {
          if (v < range[0]) range[0] = v;
          if (v > range[1]) range[1] = v;
        }
        ranges.set(value, range);
      }
      return Object.fromEntries(
        spec.outputs.map(({ name }) => {
          const { dims, data } = results[name]!;
          return [name, { shape: dims, data: data as Float32Array }];
        }),
      );
    },
    close: () => session.release(),
  };
  return { network, ranges };
}

/**
 * Whole pictures a second, from files to bottlenecks: whosin's own way, and TensorFlow.js (WebAssembly) with the same
 * weights, fed by sharp; beside them what bare ONNX Runtime makes of a picture that is ready, all cores and no file,
 * and what it takes to get the pictures ready, with no network.
 *
 *   npx tsx bench/bottlenecks.ts [FOLDER] [--quick]
 *
 * FOLDER holds a sub-folder of pictures for each label; else hymenoptera's training pictures in ../shared/data.
 */

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fromBinary } from '@bufbuild/protobuf';
import sharp from 'sharp';
import { readConfig } from '../src/config.ts';
import { resizeBilinear } from '../src/core/bilinear-resize.ts';
import type { RgbImage } from '../src/core/image.ts';
import { cocoMobilenetV3 } from '../src/models/coco-mobilenet-v3.ts';
import { channelScales } from '../src/models/graph/tensorflow/preparation.ts';
import { GraphDefSchema } from '../src/models/graph/tensorflow_pb.ts';
import { pictureGraph } from '../src/models/picture-graph.ts';
import { decodingSize, type PictureInput, type PicturePack } from '../src/models/picture-pack.ts';
import { type LabelledFile, listLabelFolders } from '../src/photos/label-folders.ts';
import { readOnce } from '../src/photos/read-dataset.ts';
import type { PhotoReader } from '../src/photos/read-photos.ts';
import { openPictureReader } from '../src/pictures/read-picture.ts';
import { compiledGraph } from '../src/runtime/compiled-graphs.ts';
import { decodePhoto } from '../src/runtime/decode.ts';
import { onnxRuntime } from '../src/runtime/onnx-runtime.ts';
import { resize } from '../src/runtime/resize.ts';
import { readVerified } from '../src/runtime/weight-files.ts';
import { openTensorFlowJs } from '../test/models/graph/tensorflow/tensorflow-js.ts';
import { mobilenet025 } from './support/mobilenet-pack.ts';
import { isQuick, median, places, type Row, report, takeTurns } from './support/results.ts';

const shared = new URL('../../shared/data/', import.meta.url).pathname;
const folder = places[0] ?? `${shared}images/hymenoptera/train`;
const rounds = isQuick ? 3 : 5;
const slim = (side: 128 | 224): PicturePack =>
  mobilenet025(`${shared}models/tf-slim/mobilenet_v1_0.25_${side}`, side);
const config = readConfig();
/** Every so many-th picture, so that all labels are among them. */
const photos = everyNth((await listLabelFolders(folder)).files, isQuick ? 40 : 120);

const rows: Row[] = [];
for (const pack of [cocoMobilenetV3, slim(224), slim(128)]) rows.push(...(await measure(pack)));
await report('bottlenecks', {
  title: `Bottlenecks of ${photos.length} pictures of ${folder.replace(shared, '')}, warm`,
  rows,
  notes: [
    `Medians of ${rounds} rounds in turn, ${config.threads} cores; the ratio is the median of each round's.`,
    'TensorFlow.js runs with SIMD in one thread, which is all it has in Node.',
  ],
});

if (places[0] === undefined) await measureCameraPhoto();

/** Times of a camera's photo before the network, whole and decoded no larger than the network takes. */
async function measureCameraPhoto(): Promise<void> {
  const path = createRequire(import.meta.url).resolve('@vladmandic/face-api/demo/sample1.jpg');
  const bytes = await sharp(path).resize(4000, 3000, { fit: 'cover' }).jpeg({ quality: 92 }).toBuffer();
  const { input } = cocoMobilenetV3;
  const times = await takeTurns(
    {
      whole: () => speedOf(async () => void (await scaled((await decodePhoto(bytes, path)).image, input)), 1),
      'at its size': () => speedOf(async () => void (await decodePhoto(bytes, path, input)), 1),
    },
    rounds,
  );
  const ms = (each: readonly Speed[]): number => median(each.map(({ cpu }) => cpu));
  await report('bottlenecks', {
    title: `A JPEG of 12 megapixels made ready for ${cocoMobilenetV3.name}`,
    rows: Object.entries(times).map(([decoded, each]) => ({
      decoded,
      'CPU ms': ms(each).toFixed(1),
      times: (ms(times.whole) / ms(each)).toFixed(1),
    })),
  });
}

interface Speed {
  /** Pictures a second. */
  readonly speed: number;
  /** Milliseconds of all cores for a picture. */
  readonly cpu: number;
}

async function measure(pack: PicturePack): Promise<Row[]> {
  const reader = openPictureReader(pack, config);
  const bare = await openBare(pack);
  const other = await openOther(pack);
  const pictures = await Promise.all(photos.map(({ path }) => preparedPicture(path, pack)));
  const preparer: PhotoReader<RgbImage> = {
    compute: (_, path) => preparedPicture(path, pack),
    computePixels: async ({ image }) => image,
  };
  const variants = {
    whosin: () => readAll(photos, reader),
    'TensorFlow.js': async () => {
      for (const { path } of photos) other.run(await preparedPicture(path, pack));
    },
    'bare ONNX Runtime': async () => {
      for (const picture of pictures) await bare.run(picture);
    },
    'only decode and resize': () => readAll(photos, preparer),
  };
  // Everything opened, compiled and loaded once.
  for (const run of Object.values(variants)) await run();
  const timed = Object.fromEntries(
    Object.entries(variants).map(([name, run]) => [name, () => speedOf(run, photos.length)]),
  ) as Record<keyof typeof variants, () => Promise<Speed>>;
  const speeds = await takeTurns(timed, rounds);
  await reader.close();
  await bare.close();
  other.close();
  const own = speeds.whosin;
  return Object.entries(speeds).map(([name, each]) => ({
    backbone: pack.name,
    who: name,
    'pictures/s': median(each.map(({ speed }) => speed)).toFixed(0),
    'CPU ms': median(each.map(({ cpu }) => cpu)).toFixed(1),
    'whosin is times': median(own.map(({ speed }, i) => speed / each[i]!.speed)).toFixed(2),
  }));
}

async function readAll<T>(files: readonly LabelledFile[], reader: PhotoReader<T>): Promise<void> {
  const contents = await readOnce(files, reader, undefined);
  if (contents.size !== files.length) throw new Error('pictures got lost');
}

async function speedOf(work: () => Promise<void>, pictures: number): Promise<Speed> {
  const before = process.cpuUsage();
  const began = performance.now();
  await work();
  const wall = performance.now() - began;
  const { user, system } = process.cpuUsage(before);
  return { speed: (1000 * pictures) / wall, cpu: (user + system) / 1000 / pictures };
}

async function preparedPicture(path: string, pack: PicturePack): Promise<RgbImage> {
  return scaled((await decodePhoto(await readFile(path), path, decodingSize(pack))).image, pack.input);
}

async function scaled(image: RgbImage, input: PictureInput): Promise<RgbImage> {
  const { width, height } = input;
  return input.resize === 'bilinear' ? resizeBilinear(image, width, height) : resize(image, width, height);
}

async function openBare(
  pack: PicturePack,
): Promise<{ run(picture: RgbImage): Promise<void>; close(): Promise<void> }> {
  const { InferenceSession, Tensor } = onnxRuntime();
  const graph = await compiledGraph(pictureGraph(pack, 'bottleneck'), config);
  const options = { logSeverityLevel: 3 } as const;
  const session = await (typeof graph === 'string'
    ? InferenceSession.create(graph, options)
    : InferenceSession.create(graph, options));
  return {
    async run({ data, width, height }) {
      await session.run({ pictures: new Tensor('uint8', data, [1, height, width, 3]) });
    },
    close: () => session.release(),
  };
}

/** The same layers of the same weights, and the preparation of the pixels in front. */
async function openOther(pack: PicturePack): Promise<{ run(picture: RgbImage): void; close(): void }> {
  const tensorFlow = await openTensorFlowJs('wasm');
  const files = await Promise.all(pack.graph.files.map(readVerified));
  const graph =
    pack.graph.format === 'tensorflow'
      ? await tensorFlow.openGraph(fromBinary(GraphDefSchema, files[0]!))
      : await tensorFlow.openModel(withInputSize(new TextDecoder().decode(files[0]), pack), files[1]!);
  const { mean, scale } = { ...pack.input.preparation, scale: channelScales(pack.input.preparation) };
  return {
    run({ data, width, height }) {
      const values = new Float32Array(data.length);
      for (let i = 0; i < values.length; i++) values[i] = (data[i]! - mean[i % 3]!) * scale[i % 3]!;
      graph.run({ [pack.input.node]: { values, shape: [1, height, width, 3] } }, pack.bottleneck!.nodes);
    },
    close: () => graph.close(),
  };
}

/** The file says the size of the pictures that it was last used with, and TensorFlow.js insists on it. */
function withInputSize(json: string, { input: { node, width, height } }: PicturePack): string {
  const model = JSON.parse(json) as {
    readonly modelTopology: { readonly node: readonly { name: string; attr: Record<string, unknown> }[] };
  };
  const dim = [1, height, width, 3].map((size) => ({ size: String(size) }));
  model.modelTopology.node.find(({ name }) => name === node)!.attr['shape'] = { shape: { dim } };
  return JSON.stringify(model);
}

function everyNth<T>(items: readonly T[], count: number): readonly T[] {
  const step = Math.max(1, Math.floor(items.length / count));
  return items.filter((_, i) => i % step === 0).slice(0, count);
}

/**
 * Four exports of Teachable Machine by its users: whether they answer as their makers' programs do, what the one of cats and dogs is worth, and
 * whether a layer of one's own on each answers alike in plain ONNX Runtime.
 *
 *   npx tsx bench/teachable-exports.ts DATA
 *
 * DATA holds `models/teachable/{tfjs,keras,savedmodel,tflite}`, `images/imagenet-dev` and `images/hymenoptera`.
 */

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Config } from '../src/config.ts';
import { centreCrop } from '../src/core/centre-crop.ts';
import type { RgbImage } from '../src/core/image.ts';
import { exportPictureModel } from '../src/pictures/export-model.ts';
import { openPictureModel, openProbableModel } from '../src/pictures/open-model.ts';
import { savePictureModel, trainOnFolder } from '../src/pictures/train-on-folder.ts';
import { decodePhoto } from '../src/runtime/decode.ts';
import { resize } from '../src/runtime/resize.ts';
import { openTensorFlowJs } from '../test/models/graph/tensorflow/tensorflow-js.ts';
import { places, type Row, report } from './support/results.ts';

const [data] = places;
if (data === undefined) throw new Error('Usage: npx tsx bench/teachable-exports.ts DATA');
const home = await mkdtemp(join(tmpdir(), 'whosin-exports-'));
const config: Config = { home, packs: join(home, 'packs'), albums: join(home, 'albums'), threads: 2 };
const folderOf = (name: string): string => join(data, 'models', 'teachable', name);
const imagenet = join(data, 'images', 'imagenet-dev');
const names = (await readdir(imagenet)).filter((name) => name.endsWith('.JPEG')).toSorted();
const size = { width: 224, height: 224 };

const rows: Row[] = [
  {
    export: 'tfjs',
    'held to': 'TensorFlow.js WASM, the same pixels',
    pictures: 50,
    'largest difference': await ofTensorFlowJs(50),
  },
  {
    export: 'keras',
    'held to': 'savedmodel, the same model',
    pictures: 50,
    'largest difference': await betweenFormats(50),
  },
];
await report('teachable-exports', { title: 'Teachable Machine exports on pictures of imagenet-dev', rows });

const dogs = /hound|terrier|retriever|spaniel|sheepdog|shepherd|bulldog|husky|poodle|hunting_dog/;
const cats = /Egyptian_cat/;
await report('teachable-exports', {
  title: 'The export for phones that tells cats from dogs, on the cats and dogs of imagenet-dev',
  rows: [await catsAndDogs()],
});

const trips: Row[] = [];
for (const name of ['tfjs', 'keras', 'savedmodel', 'tflite']) trips.push(await roundTrip(name));
await report('teachable-exports', {
  title: 'A layer of one’s own on each export, for ants and bees: --export in plain ONNX Runtime',
  rows: trips,
  notes: [
    'Right: of the pictures in val/, by the exported file. Difference: of a probability, between whosin and the exported file.',
  ],
});
await rm(home, { recursive: true });

async function load(path: string): Promise<RgbImage> {
  return (await decodePhoto(await readFile(path), path)).image;
}

/** The pixels that Teachable Machine's networks see. */
function seen(image: RgbImage): Promise<RgbImage> {
  return resize(centreCrop(image, size), size.width, size.height);
}

async function ofTensorFlowJs(count: number): Promise<string> {
  const [json, weights] = await Promise.all([
    readFile(join(folderOf('tfjs'), 'model.json'), 'utf8'),
    readFile(join(folderOf('tfjs'), 'weights.bin')),
  ]);
  const reference = await (await openTensorFlowJs('wasm')).openLayers(json, weights);
  const model = await openProbableModel(folderOf('tfjs'), { config });
  let most = 0;
  for (const name of names.slice(0, count)) {
    const image = await load(join(imagenet, name));
    const values = Float32Array.from((await seen(image)).data, (byte) => byte / 127.5 - 1);
    const wanted = reference.run({ values, shape: [1, size.height, size.width, 3] }).values;
    most = Math.max(most, difference(wanted, await model.probabilities(image)));
  }
  reference.close();
  await model.close();
  return most.toExponential(1);
}

async function betweenFormats(count: number): Promise<string> {
  const keras = await openProbableModel(folderOf('keras'), { config });
  const saved = await openProbableModel(folderOf('savedmodel'), { config });
  let most = 0;
  for (const name of names.slice(0, count)) {
    const image = await load(join(imagenet, name));
    most = Math.max(most, difference(await keras.probabilities(image), await saved.probabilities(image)));
  }
  await keras.close();
  await saved.close();
  return most.toExponential(1);
}

async function catsAndDogs(): Promise<Row> {
  const model = await openProbableModel(folderOf('tflite'), { config });
  const asked = names.filter((name) => dogs.test(name) || cats.test(name));
  const wrong: string[] = [];
  for (const name of asked) {
    const found = await model.probabilities(await load(join(imagenet, name)));
    const label = model.labels[found.indexOf(Math.max(...found))];
    if (label !== (cats.test(name) ? 'cat' : 'dog'))
      wrong.push(`${name.replace(/^n\d+_|\.JPEG$/g, '')} ${Math.max(...found).toFixed(2)}`);
  }
  await model.close();
  const share = (100 * (asked.length - wrong.length)) / asked.length;
  return {
    pictures: `${asked.length}, ${asked.filter((name) => cats.test(name)).length} of a cat`,
    right: `${asked.length - wrong.length} (${share.toFixed(1)} %)`,
    wrong: wrong.join(', '),
  };
}

async function roundTrip(name: string): Promise<Row> {
  const hymenoptera = join(data!, 'images', 'hymenoptera');
  const { model, pack } = await trainOnFolder(join(hymenoptera, 'train'), {
    backbone: folderOf(name),
    config,
  });
  const own = join(home, `${name}.onnx`);
  await savePictureModel(own, model);
  const opened = await openPictureModel(own, { config });
  const session = await InferenceSession.create(await exportPictureModel(model, pack), {
    logSeverityLevel: 3,
  });
  let [most, right, of] = [0, 0, 0];
  for (const label of model.labels) {
    for (const file of (await readdir(join(hymenoptera, 'val', label))).toSorted()) {
      const image = await load(join(hymenoptera, 'val', label, file));
      const { data: pixels, width, height } = await seen(image);
      const { probabilities } = await session.run({
        picture: new Tensor('uint8', pixels, [1, height, width, 3]),
      });
      const found = probabilities!.data as Float32Array;
      most = Math.max(most, difference(await opened.probabilities!(image), found));
      of++;
      if (model.labels[found.indexOf(Math.max(...found))] === label) right++;
    }
  }
  await session.release();
  await opened.close();
  return {
    export: name,
    bottleneck: pack.bottleneck!.size,
    right: `${right} of ${of} (${((100 * right) / of).toFixed(1)} %)`,
    'largest difference': most.toExponential(1),
  };
}

function difference(a: Float32Array, b: Float32Array): number {
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
}

/**
 * How often the compiled graphs are right on ImageNet, beside what TensorFlow itself gets from them.
 *
 *     npx tsx bench/imagenet.ts ../shared/data
 *
 * The folder holds `images/imagenet-dev/` with one picture of every fifth class, `images/imagenet-dev.tsv` (file,
 * row of labels.txt) and TensorFlow's frozen graphs in `models/tf-slim/`. The table of docs/ACCURACY.md.
 */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '../src/config.ts';
import { wilson } from '../src/learn/measure/intervals.ts';
import { classify } from '../src/pictures/classify.ts';
import { openPictureModel } from '../src/pictures/open-model.ts';
import { places, type Row, report } from './support/results.ts';

/** Top-1 and top-5, in percent: TensorFlow, run once outside of this project, got these from the same graphs on the same pictures. */
const graphs = [
  { name: 'mobilenet 0.25, 224', path: 'mobilenet_v1_0.25_224/frozen_graph.pb', tensorFlow: [57.5, 81.0] },
  {
    name: 'mobilenet 0.25, 224, quantised',
    path: 'mobilenet_v1_0.25_224/quantized_graph.pb',
    tensorFlow: [58.5, 80.5],
  },
  { name: 'mobilenet 0.25, 128', path: 'mobilenet_v1_0.25_128/frozen_graph.pb', tensorFlow: [50.0, 76.0] },
] as const;

const [folder = '../shared/data'] = places;
const labels = join(folder, 'models', 'tf-slim', 'mobilenet_v1_0.25_224', 'labels.txt');
const rows = (await readFile(join(folder, 'images', 'imagenet-dev.tsv'), 'utf8')).trim().split('\n');
const pictures = rows.map((row) => row.split('\t') as [string, string]);
const paths = pictures.map(([file]) => join(folder, 'images', 'imagenet-dev', file));

const percent = (hits: number): string => {
  const { low, high } = wilson(hits, pictures.length);
  const range = [low, high].map((share) => (share * 100).toFixed(0)).join('-');
  return `${((hits / pictures.length) * 100).toFixed(1)} % (${range})`;
};

const results: Row[] = [];
for (const { name, path, tensorFlow } of graphs) {
  const model = await openPictureModel(join(folder, 'models', 'tf-slim', path), {
    labels,
    config: readConfig(),
  });
  const hits = { first: 0, five: 0 };
  let at = 0;
  for await (const photo of classify(paths, model)) {
    const right = Number(pictures[at++]![1]);
    if (photo.kind === 'failure') throw photo.error;
    const place = photo.labels.findIndex(({ index }) => index === right);
    if (place === 0) hits.first++;
    if (place < 5) hits.five++;
  }
  await model.close();
  results.push({
    graph: name,
    'top-1': percent(hits.first),
    'top-5': percent(hits.five),
    'TensorFlow: top-1': `${tensorFlow[0].toFixed(1)} %`,
    'TensorFlow: top-5': `${tensorFlow[1].toFixed(1)} %`,
  });
}
await report('imagenet', {
  title: `${pictures.length} pictures of ImageNet, one of every fifth class`,
  rows: results,
});

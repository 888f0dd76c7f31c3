/**
 * How well "none of these" is told from the labels that a model of pictures knows: trained on ants and bees, asked
 * about other ants and bees, and about pictures of anything.
 *
 *   npx tsx bench/none-of-these.ts IMAGES
 *
 * IMAGES holds hymenoptera/{train,val}/{ants,bees}/ and imagenet-dev/. Every second picture of imagenet-dev is
 * learnt from as one of none of the labels, the others are asked about; the one of an ant is neither.
 */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '../src/config.ts';
import { type Calibration, calibration } from '../src/learn/measure/calibration-metrics.ts';
import { cocoMobilenetV3 } from '../src/models/coco-mobilenet-v3.ts';
import { openCache } from '../src/photos/bottleneck-cache.ts';
import { strangersFolder } from '../src/photos/dataset.ts';
import { readPhotos } from '../src/photos/read-photos.ts';
import { toOptimum } from '../src/pictures/fit-layer.ts';
import { fitPictureModel, type Picture } from '../src/pictures/fit-model.ts';
import { answerOf, type PictureModel } from '../src/pictures/picture-model.ts';
import { openPictureReader } from '../src/pictures/read-picture.ts';
import { writeFileAtomically } from '../src/runtime/atomic-file.ts';
import { openComputation } from '../src/runtime/computation.ts';
import { places, type Row, report } from './support/results.ts';

const [root] = places;
if (root === undefined) throw new Error('Usage: npx tsx bench/none-of-these.ts IMAGES');
const config = readConfig();
const reader = openPictureReader(cocoMobilenetV3, config);
const cache = openCache(config.home, writeFileAtomically);
const open = (graph: Uint8Array): ReturnType<typeof openComputation> => openComputation(graph, config);

const labels = ['ants', 'bees'];
const train = (await Promise.all(labels.map((label) => read(label, 'hymenoptera', 'train', label)))).flat();
const val = (await Promise.all(labels.map((label) => read(label, 'hymenoptera', 'val', label)))).flat();
const anything = (await read(strangersFolder, 'imagenet-dev')).filter(
  ({ path }) => !path.endsWith('_ant.JPEG'),
);
await reader.close();
const reference = anything.filter((_, i) => i % 2 === 0);
const strangers = anything.filter((_, i) => i % 2 === 1);

const { layers, temperature } = await fitPictureModel(
  [...train, ...reference],
  [],
  [],
  labels,
  toOptimum(open, true),
  open,
);
const model: PictureModel = { backbone: '', space: '', labels, ...layers, report: null };
const { none: _, ...closed } = model;
const none = ({ bottleneck }: Picture): number => answerOf(model, bottleneck).at(-1)!;
const rows = [rowOf('"none of these"', val.map(none), strangers.map(none))];
const notes = [
  calibrationNote(
    '"none of these"',
    calibration([
      ...val.map((picture) => forecast(none(picture), false, picture.path, 0.5 / val.length)),
      ...strangers.map((picture) => forecast(none(picture), true, picture.path, 0.5 / strangers.length)),
    ]),
  ),
];

const least = ({ bottleneck }: Picture): number => 1 - Math.max(...answerOf(closed, bottleneck));
rows.push(rowOf('1 − P(likelier label) of the labels alone', val.map(least), strangers.map(least)));
const answers = val.map(({ path, label, bottleneck }) => {
  const p = answerOf(closed, bottleneck);
  return { path, right: p[labels.indexOf(label)]!, stated: Math.max(...p) };
});
const loss = answers.reduce((sum, { right }) => sum - Math.log(right), 0) / answers.length;
const right = answers.filter((answer) => answer.right > 0.5).length;
notes.push(
  `Ants or bees, temperature ${temperature.toFixed(2)}: ${right} of ${answers.length} right, log loss ${loss.toFixed(3)}.`,
  calibrationNote(
    'the likelier label',
    calibration(answers.map((a) => forecast(a.stated, a.right > 0.5, a.path, 1 / answers.length))),
  ),
);
await report('none-of-these', {
  title: `None of these: ${val.length} other ants and bees, ${strangers.length} pictures of anything`,
  rows,
  notes,
});

async function read(label: string, ...folders: string[]): Promise<Picture[]> {
  const folder = join(root!, ...folders);
  const paths = (await readdir(folder)).toSorted().map((file) => join(folder, file));
  const pictures: Picture[] = [];
  for await (const reading of readPhotos(paths, reader, cache)) {
    if (reading.kind === 'failure') console.error(reading.error.message);
    else pictures.push({ path: reading.path, sha256: reading.sha256, label, ...reading.photo });
  }
  return pictures;
}

function rowOf(score: string, ofKnown: readonly number[], ofStrangers: readonly number[]): Row {
  const pairs = ofKnown.flatMap((k) => ofStrangers.map((s): number => (s > k ? 1 : s === k ? 0.5 : 0)));
  const auroc = pairs.reduce((a, b) => a + b, 0) / pairs.length;
  const limit = ofKnown.toSorted((a, b) => a - b)[Math.floor(0.95 * ofKnown.length)]!;
  const taken = ofStrangers.filter((s) => s <= limit).length;
  const share = (of: readonly number[]): string => `${of.filter((p) => p > 0.5).length} of ${of.length}`;
  return {
    score,
    'area under the curve': auroc.toFixed(3),
    'strangers that pass where 95 % of photos do': `${taken} of ${ofStrangers.length}`,
    'photos above 0.5': share(ofKnown),
    'strangers above 0.5': share(ofStrangers),
  };
}

function forecast(
  probability: number,
  cameTrue: boolean,
  subject: string,
  weight: number,
): Parameters<typeof calibration>[0][number] {
  return { probability, cameTrue, subject, enrolled: true, weight };
}

function calibrationNote(name: string, { error }: Calibration): string {
  const { low, high } = error.interval!;
  return `Calibration error of ${name} ${error.value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)}), ${error.of} answers.`;
}

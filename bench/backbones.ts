/**
 * Which network a layer is best put on, for ants and bees (PyTorch's transfer-learning tutorial): each by itself, and two joined. Chosen by
 * cross-validation on train/, as `train --backbone best` chooses; measured on val/, which nothing was chosen by.
 *
 *   npx tsx bench/backbones.ts HYMENOPTERA MODEL...
 *
 * MODEL is a file, the folder of an export, or a name; coco-mobilenet-v3 is always among them. If two are joined, the second is scaled to the
 * length of the first.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Config } from '../src/config.ts';
import { type LabelledVectors, logitsOf } from '../src/learn/layer/labelled-vectors.ts';
import { chooseStrength, fitAtStrength } from '../src/learn/layer/softmax-regression.ts';
import { wilson } from '../src/learn/measure/intervals.ts';
import { cocoMobilenetV3 } from '../src/models/coco-mobilenet-v3.ts';
import type { PicturePack } from '../src/models/picture-pack.ts';
import { openCache } from '../src/photos/bottleneck-cache.ts';
import { readDataset } from '../src/photos/read-dataset.ts';
import { inParts, type Picture } from '../src/pictures/fit-model.ts';
import { openBackbone } from '../src/pictures/open-model.ts';
import { sameSide } from '../src/pictures/picture-set.ts';
import { openPictureReader } from '../src/pictures/read-picture.ts';
import { writeFileAtomically } from '../src/runtime/atomic-file.ts';
import { compute } from './support/compute.ts';
import { places, type Row, report } from './support/results.ts';

const [folder, ...models] = places;
if (folder === undefined) throw new Error('Usage: npx tsx bench/backbones.ts HYMENOPTERA MODEL...');
const home = await mkdtemp(join(tmpdir(), 'whosin-backbones-'));
const config: Config = { home, packs: join(home, 'packs'), albums: join(home, 'albums'), threads: 2 };
const labels = ['ants', 'bees'];

interface Trunk {
  readonly name: string;
  readonly values: number;
  readonly training: readonly Picture[];
  readonly asked: readonly Picture[];
}

const trunks: Trunk[] = [];
for (const model of [cocoMobilenetV3.name, ...models]) {
  const pack = await openBackbone(model, config);
  const name = model === pack.name ? pack.name : `${basename(dirname(model))}/${basename(model)}`;
  const [training, asked] = [await read(pack, 'train'), await read(pack, 'val')];
  trunks.push({ name, values: pack.bottleneck!.size, training, asked });
}
const rows: Row[] = [];
for (const trunk of trunks) rows.push(await rowOf(trunk));
for (const [i, one] of trunks.entries()) {
  for (const other of trunks.slice(i + 1)) rows.push(await rowOf(joined(one, other)));
}
await report('backbones', {
  title: 'Ants and bees on several networks: chosen on train/, measured on val/',
  rows,
  notes: [
    'Cross-validated: of five parts of train/, each left out once. Joined: the values of both, a layer on all of them.',
  ],
});
await rm(home, { recursive: true });

async function read(pack: PicturePack, part: string): Promise<readonly Picture[]> {
  const reader = openPictureReader(pack, config);
  const cache = openCache(home, writeFileAtomically);
  const { reading } = await readDataset(join(folder!, part), reader, cache);
  await reader.close();
  return sameSide(reading.photos);
}

async function rowOf({ name, values, training, asked }: Trunk): Promise<Row> {
  const options = { open: compute, balanced: true };
  const kept = await chooseStrength(inParts(training, [], labels), labels.length, options);
  const head = await fitAtStrength(vectors(training), labels.length, kept.l2, options);
  const right = asked.filter(({ bottleneck, label }) => {
    const logits = logitsOf(head, bottleneck);
    return labels[logits.indexOf(Math.max(...logits))] === label;
  }).length;
  const { low, high } = wilson(right, asked.length);
  return {
    network: name,
    values,
    'cross-validated on train/': `${percent(kept.validationAccuracy!)}, cross-entropy ${kept.validationCrossEntropy!.toFixed(3)}`,
    'right on val/': `${percent(right / asked.length)} (${percent(low)} to ${percent(high)}), ${right} of ${asked.length}`,
  };
}

function joined(one: Trunk, other: Trunk): Trunk {
  const scale = meanLength(one.training) / meanLength(other.training);
  const both = (part: 'training' | 'asked'): Picture[] => {
    const byHash = new Map(other[part].map((picture) => [picture.sha256, picture]));
    return one[part].map((picture) => ({
      ...picture,
      bottleneck: Float32Array.of(
        ...picture.bottleneck,
        ...byHash.get(picture.sha256)!.bottleneck.map((value) => value * scale),
      ),
    }));
  };
  return {
    name: `${one.name} + ${other.name}`,
    values: one.values + other.values,
    training: both('training'),
    asked: both('asked'),
  };
}

/** Root mean square. */
function meanLength(pictures: readonly Picture[]): number {
  const squares = pictures.map(({ bottleneck }) => bottleneck.reduce((sum, v) => sum + v * v, 0));
  return Math.sqrt(squares.reduce((x, y) => x + y, 0) / squares.length);
}

function vectors(of: readonly Picture[]): LabelledVectors {
  return {
    inputs: of.map(({ bottleneck }) => bottleneck),
    labels: of.map(({ label }) => labels.indexOf(label)),
  };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/**
 * Ants and bees (PyTorch's transfer-learning tutorial): trained on its train folder, asked about its val folder.
 *
 *   npx tsx bench/hymenoptera.ts FOLDER [MOBILENET]
 *
 * MOBILENET is a folder with the frozen_graph.pb of mobilenet_v1_0.25_224. Cold is the first training on a machine:
 * the network is compiled and every picture is computed; warm is the same again. Times are of this machine.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../src/config.ts';
import { cocoMobilenetV3 } from '../src/models/coco-mobilenet-v3.ts';
import type { PicturePack } from '../src/models/picture-pack.ts';
import { openCache } from '../src/photos/bottleneck-cache.ts';
import { openTrainedModel } from '../src/pictures/classifier.ts';
import { evaluatePictures } from '../src/pictures/evaluate.ts';
import { openPictureReader } from '../src/pictures/read-picture.ts';
import { type TrainedPictures, trainPictures } from '../src/pictures/train.ts';
import { percentage, range } from '../src/report/evaluate-numbers.ts';
import { writeFileAtomically } from '../src/runtime/atomic-file.ts';
import { openComputation } from '../src/runtime/computation.ts';
import { mobilenet025 } from './support/mobilenet-pack.ts';
import { report as keep, places, type Row } from './support/results.ts';

const [folder, mobilenet] = places;
if (folder === undefined) throw new Error('Usage: npx tsx bench/hymenoptera.ts FOLDER [MOBILENET]');
const { threads } = readConfig();
const rows: Row[] = [];
const notes: string[] = [];
for (const pack of [cocoMobilenetV3, ...(mobilenet === undefined ? [] : [mobilenet025(mobilenet)])]) {
  const home = await mkdtemp(join(tmpdir(), 'whosin-hymenoptera-'));
  const cold = await timed(() => train(pack, home));
  const warm = await timed(() => train(pack, home));
  const { model, report } = warm.result;
  const classifier = openTrainedModel(model, pack.name, pack, { home, threads });
  const { measured } = await evaluatePictures(join(folder, 'val'), classifier);
  await classifier.close();
  await rm(home, { recursive: true });
  const { accuracy, crossEntropy, calibration, labels } = measured!;
  rows.push({
    backbone: pack.name,
    accuracy: `${percentage(accuracy.value)} ${range(accuracy)}, ${accuracy.hits} of ${accuracy.of}`,
    'cross-entropy': crossEntropy.toFixed(3),
    'calibration error': calibration.error.value.toFixed(3),
    ...Object.fromEntries(
      labels.map(({ label, recall }) => [`recall of ${label}`, percentage(recall!.value)]),
    ),
    'cold / warm': (cold.seconds / warm.seconds).toFixed(1),
  });
  notes.push(
    `${pack.name}: ${report.photos} pictures to train on, L2 ${report.kept.l2}; cold ${cold.seconds.toFixed(1)} s, warm ${warm.seconds.toFixed(1)} s.`,
  );
}
await keep('hymenoptera', { title: 'Ants and bees: trained on train/, asked about val/', rows, notes });

async function train(pack: PicturePack, home: string): Promise<TrainedPictures> {
  const config = { home, threads };
  const reader = openPictureReader(pack, config);
  try {
    const cache = openCache(home, writeFileAtomically);
    const open = (graph: Uint8Array): ReturnType<typeof openComputation> => openComputation(graph, config);
    return await trainPictures(join(folder!, 'train'), pack, reader, cache, open);
  } finally {
    await reader.close();
  }
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly seconds: number }> {
  const start = performance.now();
  const result = await work();
  return { result, seconds: (performance.now() - start) / 1000 };
}

/**
 * `whosin retrain` on folders of photos, then the graph that it wrote on photos that it has never seen.
 *
 *   npx tsx bench/retrain.ts TRAIN VAL MODEL_DIR [ARCHITECTURE] [--seeds N]
 *
 * Which photos are held out follows from the path as it is given (as in retrain.py), so the figures of the test set
 * belong to that path. The first seed runs cold: no compiled network, no bottleneck files.
 */

import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../src/config.ts';
import { findNetwork } from '../src/pictures/retrain/architecture.ts';
import { mangled } from '../src/pictures/retrain/image-lists.ts';
import { retrain } from '../src/pictures/retrain/retrain.ts';
import { decodePhoto } from '../src/runtime/decode.ts';
import { openPictureNetwork } from '../src/runtime/picture-network.ts';
import { report } from './support/results.ts';

const { values, positionals } = parseArgs({
  options: { seeds: { type: 'string', default: '5' }, quick: { type: 'boolean' } },
  allowPositionals: true,
});
const [train, val, modelDir, architecture = 'mobilenet_0.25_224'] = positionals;
if (!train || !val || !modelDir) {
  throw new Error('Usage: npx tsx bench/retrain.ts TRAIN VAL MODEL_DIR [ARCHITECTURE] [--seeds N]');
}
const folder = await mkdtemp(join(tmpdir(), 'whosin-bench-'));
const config = readConfig({ ...process.env, WHOSIN_HOME: join(folder, 'home') });
const seconds: number[] = [];
const [tested, unseen]: [number[], number[]] = [[], []];
for (let seed = 0; seed < Number(values.seeds); seed++) {
  const start = performance.now();
  const { labels, test } = await retrain(
    {
      imageDir: train,
      architecture,
      modelDir,
      bottleneckDir: join(folder, 'bottleneck'),
      summariesDir: join(folder, 'logs'),
      percentages: { testing: 10, validation: 10 },
      distortions: { flip: false, crop: 0, scale: 0, brightness: 0 },
      steps: 4000,
      learningRate: 0.01,
      batchSize: 100,
      validationBatchSize: 100,
      testBatchSize: -1,
      evaluationInterval: 10,
      seed,
      outputGraph: join(folder, 'retrained_graph.pb'),
      outputLabels: join(folder, 'retrained_labels.txt'),
      finalTensorName: 'final_result',
      intermediate: { frequency: 0, folder },
      now: () => Date.now() / 1000,
    },
    config,
  );
  seconds.push((performance.now() - start) / 1000);
  tested.push(test.accuracy!);
  const { right, photos } = await accuracy(join(folder, 'retrained_graph.pb'), labels);
  unseen.push(right / photos);
  console.log(
    `seed ${seed}: test ${percent(test.accuracy!)} of ${test.photos}, ${basename(val)} ${percent(right / photos)} of ${photos}`,
  );
}
const [cold, ...warm] = seconds;
await report('retrain', {
  title: `whosin retrain, ${architecture}, ${seconds.length} seeds`,
  rows: [
    { accuracy: 'final test accuracy', 'mean (lowest to highest)': spread(tested) },
    { accuracy: `written graph, ${basename(val)}`, 'mean (lowest to highest)': spread(unseen) },
  ],
  notes:
    warm.length > 0
      ? [`A warm run takes ${(mean(warm) / cold!).toFixed(2)} of the time of the cold one.`]
      : [],
});
await rm(folder, { recursive: true });

/** The written graph, compiled from its file like anybody's. */
async function accuracy(
  path: string,
  labels: readonly string[],
): Promise<{ readonly right: number; readonly photos: number }> {
  const sha256 = createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
  const { pack } = await findNetwork(architecture, modelDir!, config.packs);
  const graph = {
    format: 'tensorflow',
    files: [{ folder: dirname(path), path: basename(path), sha256 }],
  } as const;
  const network = await openPictureNetwork(
    { ...pack, name: 'retrained', graph, scores: { node: 'final_result', labels } },
    'scores',
    config,
  );
  let [right, photos] = [0, 0];
  for (const name of await readdir(val!)) {
    for (const file of await readdir(join(val!, name))) {
      const photo = join(val!, name, file);
      const { image } = await decodePhoto(await readFile(photo), photo);
      const { data } = (await network.run(image))['scores']!;
      photos++;
      if (labels[data.indexOf(Math.max(...data))] === mangled(name)) right++;
    }
  }
  await network.close();
  return { right, photos };
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0) / numbers.length;
}

function spread(shares: readonly number[]): string {
  return `${percent(mean(shares))} (${percent(Math.min(...shares))} to ${percent(Math.max(...shares))})`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

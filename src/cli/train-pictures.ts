/** `whosin train --on picture`: folders of pictures of any kind become a model that tells them apart. */

import { readConfig } from '../config.ts';
import { openCache } from '../learn/bottleneck-cache.ts';
import type { Classification } from '../learn/classification-metrics.ts';
import type { Dataset } from '../learn/dataset.ts';
import { writePictureModel } from '../learn/picture-model.ts';
import type { Trial } from '../learn/softmax-regression.ts';
import { cocoMobilenetV3 } from '../models/coco-mobilenet-v3.ts';
import type { OpenComputation } from '../models/graph/computation.ts';
import { exportPictureModel } from '../pictures/export-model.ts';
import { openPictureReader } from '../pictures/read-picture.ts';
import { type PicturesReport, trainPictures } from '../pictures/train.ts';
import { writeFileAtomically } from '../runtime/atomic-file.ts';
import { openComputation } from '../runtime/computation.ts';
import { checkModelPath, saveModel } from '../runtime/model-path.ts';
import { count, out, percent, print, probability, progressBar, shown, warnOfCache } from './output.ts';

export interface TrainPicturesOptions {
  readonly output: string;
  readonly export?: string | undefined;
  /** Percentages of the pictures. */
  readonly validation: number;
  readonly testing: number;
  readonly balanced: boolean;
  readonly json: boolean;
}

/** @returns whether every file that should have been a picture could be read */
export async function trainOnPictures(folder: string, options: TrainPicturesOptions): Promise<boolean> {
  for (const path of [options.output, options.export]) if (path !== undefined) await checkModelPath(path);
  const say = options.json ? (): void => {} : print;
  const config = readConfig();
  const pack = cocoMobilenetV3;
  const reader = openPictureReader(pack, config);
  const cache = openCache(config.home, writeFileAtomically, warnOfCache);
  const bar = progressBar('Reading pictures');
  const open: OpenComputation = (graph) => openComputation(graph, config);
  const { model, report } = await trainPictures(folder, pack.name, reader, cache, open, {
    validation: options.validation / 100,
    testing: options.testing / 100,
    balanced: options.balanced,
    onDataset: (dataset) => sayDataset(dataset, say),
    onPhoto: (now, total) => bar.update(now, total),
    onPictures: (pictures) => {
      bar.stop();
      sayPictures(pictures, say);
      say('\nTraining');
    },
    onTrial: (trial) => sayTrial(trial, say),
  }).finally(() => bar.stop());
  await reader.close();
  say(`\nHeld back by ${report.best.l2}: lowest cross-entropy on the validation pictures`);
  sayTest(report.test, say);
  await saveModel(options.output, writePictureModel(model));
  say(`\nWrote ${options.output}: ${count(model.labels.length, 'label')} on ${pack.name}.`);
  if (options.export !== undefined) {
    await saveModel(options.export, await exportPictureModel(model, pack));
    say(`Wrote ${options.export}: picture in, probabilities out, for any ONNX runtime.`);
  }
  if (options.json) print(JSON.stringify({ schema: 1, output: options.output, ...report }));
  return report.unreadable === 0;
}

type Say = (text?: string) => void;

/** With fewer pictures of a label retrain.py warns, and so does everyone's experience. */
const fewPictures = 20;

function sayDataset({ root, labels, photos, empty }: Dataset, say: Say): void {
  say(`${shown(root)}: ${count(photos.length, 'picture')} of ${count(labels.length, 'label')}`);
  for (const label of labels) {
    const own = photos.filter((photo) => photo.label === label).length;
    const few = own < fewPictures ? out.yellow(`  fewer than ${fewPictures}: add more if you can`) : '';
    say(`  ${shown(label).padEnd(28)} ${String(own).padStart(5)}${few}`);
  }
  for (const label of empty)
    say(`  ${shown(label).padEnd(28)}     0  ${out.yellow('no pictures: left out')}`);
}

function sayPictures({ photos, computed, cached, skipped, labels }: PicturesReport, say: Say): void {
  const sum = (part: 'training' | 'validation' | 'testing'): number =>
    labels.reduce((total, label) => total + label[part], 0);
  say(
    `\n${count(photos, 'bottleneck')} (${computed} computed, ${cached} cached): ${sum('training')} to learn from, ${sum('validation')} to choose by, ${sum('testing')} to test with`,
  );
  if (skipped.length > 0) say(out.yellow(`${count(skipped.length, 'file')} left out:`));
  for (const { path, reason } of skipped) say(`  ${shown(path)} ${shown(reason)}`);
}

function sayTrial(trial: Trial, say: Say): void {
  const validation =
    trial.validationAccuracy === undefined
      ? ''
      : `   validation accuracy ${percent(trial.validationAccuracy).padStart(7)}  cross-entropy ${trial.validationCrossEntropy!.toFixed(4)}`;
  say(
    `  held back by ${String(trial.l2).padEnd(6)}  ${String(trial.steps).padStart(3)} steps  accuracy ${percent(trial.trainingAccuracy).padStart(7)}  cross-entropy ${trial.trainingCrossEntropy.toFixed(4)}${validation}`,
  );
}

function sayTest(test: Classification | null, say: Say): void {
  if (test === null) {
    say('No pictures were left to test with: a label needs at least three different ones for that.');
    return;
  }
  const { accuracy, mistakes, crossEntropy } = test;
  say(
    `Test accuracy ${percent(accuracy.value)} (${percent(accuracy.low)} to ${percent(accuracy.high)}, ${accuracy.hits} of ${accuracy.of}), cross-entropy ${crossEntropy.toFixed(4)}`,
  );
  for (const { path, label, answer, probability: p, runnerUp } of mistakes) {
    say(
      `  ${shown(path)}: is ${shown(label)}, called ${shown(answer)} (${probability(p)}), next ${shown(runnerUp.label)} (${probability(runnerUp.probability)})`,
    );
  }
}

/** The words in which `whosin train --on picture` reports as it goes. */

import type { PicturePack } from '../../models/picture-pack.ts';
import { type Dataset, strangersFolder } from '../../photos/dataset.ts';
import type { TriedBackbone } from '../../pictures/best-backbone.ts';
import type { FitPoint } from '../../pictures/fit-layer.ts';
import type { PicturesReport } from '../../pictures/picture-set.ts';
import type { PictureTrainReport } from '../../pictures/train.ts';
import { count, percent, shown } from '../../report/words.ts';
import { sayClassification } from '../classify/classification-text.ts';
import { out } from '../terminal/output.ts';

type Say = (text?: string) => void;

/** With fewer pictures of a label retrain.py warns, and so does everyone's experience. */
const fewPictures = 20;

/** The network that a layer is put on, if the person named none, and the others that there are. */
export function sayBackbones(chosen: PicturePack, here: readonly PicturePack[], say: Say): void {
  const others = here.filter(({ name }) => name !== chosen.name).map(({ name }) => shown(name));
  const more = 'whosin models pull inception-v3 fetches a larger one';
  const choice =
    others.length === 0
      ? `the only network that is here; ${more}`
      : `also here: ${others.join(', ')} (-m NAME; --backbone best tries them all)`;
  say(`Network: ${shown(chosen.name)}, ${choice}`);
}

export function sayTried({ name, accuracy, crossEntropy, pictures }: TriedBackbone, say: Say): void {
  say(
    `  ${shown(name).padEnd(28)} accuracy ${percent(accuracy).padStart(7)} of ${pictures}  cross-entropy ${crossEntropy.toFixed(4)}`,
  );
}

export function sayDataset({ root, labels, photos, empty }: Dataset, say: Say): void {
  const kinds = labels.filter((label) => label !== strangersFolder);
  say(`${shown(root)}: ${count(photos.length, 'picture')} of ${count(kinds.length, 'label')}`);
  for (const label of labels) {
    const own = photos.filter((photo) => photo.label === label).length;
    const few = own < fewPictures ? out.yellow(`  fewer than ${fewPictures}: add more if you can`) : '';
    const meaning = label === strangersFolder ? '  pictures of none of the labels' : few;
    say(`  ${shown(label).padEnd(28)} ${String(own).padStart(5)}${meaning}`);
  }
  for (const label of empty)
    say(`  ${shown(label).padEnd(28)}     0  ${out.yellow('no pictures: left out')}`);
}

export function sayPictures({ photos, computed, cached, skipped, labels }: PicturesReport, say: Say): void {
  const sum = (part: 'training' | 'validation' | 'testing'): number =>
    labels.reduce((total, label) => total + label[part], 0);
  say(
    `\n${count(photos, 'bottleneck')} (${computed} computed, ${cached} cached): ${sum('training')} to learn from, ${sum('validation')} to choose by, ${sum('testing')} to test with`,
  );
  if (skipped.length > 0) say(out.yellow(`${count(skipped.length, 'file')} left out:`));
  for (const { path, reason } of skipped) say(`  ${shown(path)} ${shown(reason)}`);
}

/** `step` of a descent, or a strength of holding back with the steps that it took. */
export function sayPoint(point: FitPoint, say: Say): void {
  const what =
    point.l2 === undefined
      ? `step ${String(point.steps).padStart(5)}`
      : `L2 ${String(point.l2).padEnd(6)} ${String(point.steps).padStart(3)} steps`;
  const validation =
    point.validationAccuracy === undefined
      ? ''
      : `   validation accuracy ${percent(point.validationAccuracy).padStart(7)}  cross-entropy ${point.validationCrossEntropy!.toFixed(4)}`;
  say(
    `  ${what}  accuracy ${percent(point.trainingAccuracy).padStart(7)}  cross-entropy ${point.trainingCrossEntropy.toFixed(4)}${validation}`,
  );
}

export function sayTest({ kept, temperature, test }: PictureTrainReport, say: Say): void {
  const strength =
    kept.l2 === undefined
      ? `${kept.steps} steps`
      : `held back by L2 ${kept.l2}, the lowest cross-entropy on left-out pictures`;
  say(`\nKept: ${strength}; temperature ${temperature.toFixed(2)}`);
  if (test === null) {
    say('No pictures were left to test with: a label needs at least three different ones for that.');
  } else sayClassification(test, say);
}

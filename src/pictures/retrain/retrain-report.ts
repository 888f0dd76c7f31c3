/** The report of `whosin retrain` on the photos that were held out. */

import { WhosinError } from '../../errors.ts';
import type { Head } from '../../learn/layer/head.ts';
import { measure } from '../../learn/layer/labelled-vectors.ts';
import { sampleExamples } from '../../learn/layer/sgd.ts';
import type { ImageList } from './image-lists.ts';
import type { LeftOut, ofCategory, PhotoBottleneck } from './read-bottlenecks.ts';

export interface RetrainReport {
  /** In the order of the graph's outputs. */
  readonly labels: readonly string[];
  readonly photos: number;
  readonly skipped: readonly LeftOut[];
  readonly test: TestReport;
}

export interface TestReport {
  readonly photos: number;
  /** Share that is named rightly; null if no photo was held out. */
  readonly accuracy: number | null;
  readonly misclassified: readonly Misclassified[];
}

export interface Misclassified {
  readonly path: string;
  readonly label: string;
  readonly answer: Scored;
  readonly runnerUp: Scored;
}

interface Scored {
  readonly label: string;
  /** Probability, as the graph gives it. */
  readonly score: number;
}

export function testReport(
  head: Head,
  testing: ReturnType<typeof ofCategory>,
  labels: readonly string[],
  howMany: number,
  random: () => number,
): TestReport {
  const photos = sampleExamples(testing, labels.length, howMany, random).map((i) => testing.photos[i]!);
  if (photos.length === 0) return { photos: 0, accuracy: null, misclassified: [] };
  const { probabilities, accuracy } = measure(head, {
    inputs: photos.map(({ values }) => values),
    labels: photos.map(({ label }) => label),
  });
  const misclassified = photos.flatMap(({ path, label }, i) => {
    const scored = labels.map((name, c) => ({ label: name, score: probabilities[i * labels.length + c]! }));
    const [answer, runnerUp] = scored.toSorted((a, b) => b.score - a.score) as [Scored, Scored];
    return answer.label === labels[label] ? [] : [{ path, label: labels[label]!, answer, runnerUp }];
  });
  return { photos: photos.length, accuracy, misclassified };
}

/** Throws `too-few-photos` where a label has nothing to train on: retrain.py ends there with a division by zero. */
export function checkTraining(
  photos: readonly Pick<PhotoBottleneck, 'label' | 'category'>[],
  lists: readonly ImageList[],
): void {
  for (const [label, { folder }] of lists.entries()) {
    const own = photos.filter((photo) => photo.label === label);
    if (own.some(({ category }) => category === 'training')) continue;
    const held = own.length === 1 ? 'its only photo is' : `all of its ${own.length} photos are`;
    throw new WhosinError(
      'too-few-photos',
      own.length === 0
        ? `Not one photo in the folder "${folder}" can be read.`
        : `The folder "${folder}" has no photo to train on: ${held} held out for validation or testing (by the name of the file). Add photos, or lower --validation_percentage and --testing_percentage.`,
    );
  }
}

/** Labels that cannot be validated or tested, a sentence each. retrain.py divides by zero when it draws from them. */
export function gapsIn(photos: readonly PhotoBottleneck[], labels: readonly string[]): readonly string[] {
  return (['validation', 'testing'] as const).flatMap((category) => {
    const held = photos.filter((photo) => photo.category === category);
    if (held.length === 0) return [`No photo was held out for ${category}: there will be no figure of it.`];
    const missing = labels.filter((_, label) => !held.some((photo) => photo.label === label));
    if (missing.length === 0) return [];
    const names = missing.map((label) => `"${label}"`).join(', ');
    return [`No photo of ${names} was held out for ${category}: the figures leave them out.`];
  });
}

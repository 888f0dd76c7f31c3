/** The course of a fit as TensorBoard shows it, under the tags that retrain.py gives its curves. */

import { join } from 'node:path';
import type { FitPoint } from '../fit-layer.ts';
import { openEventFile } from './event-file.ts';
import type { SummaryValue } from './tensorboard-events.ts';

/**
 * One point for each evaluation: the step of a descent, or, where strengths of holding back were tried, their
 * number in the order of trying.
 *
 * @param now seconds since 1970
 * @throws WhosinError `cannot-write`
 */
export async function writeFittingSummaries(
  folder: string,
  points: readonly FitPoint[],
  now: () => number,
): Promise<void> {
  const training = await openEventFile(join(folder, 'train'), now);
  const validation = await openEventFile(join(folder, 'validation'), now);
  for (const [i, point] of points.entries()) {
    const step = point.l2 === undefined ? point.steps : i;
    const held: SummaryValue[] = point.l2 === undefined ? [] : [{ tag: 'l2', scalar: point.l2 }];
    await training.add(step, [...curve(point.trainingAccuracy, point.trainingCrossEntropy), ...held]);
    if (point.validationAccuracy === undefined) continue;
    await validation.add(step, curve(point.validationAccuracy, point.validationCrossEntropy!));
  }
  await training.close();
  await validation.close();
}

function curve(accuracy: number, crossEntropy: number): SummaryValue[] {
  return [
    { tag: 'accuracy_1', scalar: accuracy },
    { tag: 'cross_entropy_1', scalar: crossEntropy },
  ];
}

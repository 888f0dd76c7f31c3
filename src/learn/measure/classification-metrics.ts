/** How right answers are where every example has one of the known labels. */

import { type Calibration, calibration } from './calibration-metrics.ts';
import { type Share, wilson } from './intervals.ts';

export interface LabelledAnswer {
  /** The name of the example in reports. */
  readonly path: string;
  /** Index of the right label. */
  readonly label: number;
  /** One for each label. */
  readonly probabilities: ArrayLike<number>;
}

export interface Classification {
  readonly accuracy: Share;
  /** Right label among the five likeliest; nothing if there are no more than five. */
  readonly topFive?: Share;
  /** Mean −ln P(right label), in nats. */
  readonly crossEntropy: number;
  readonly calibration: Calibration;
  readonly labels: readonly LabelFigures[];
  /** Rows are the right labels, columns the answers, in the order of the labels. */
  readonly confusion: readonly (readonly number[])[];
  /** The surest first: where a label is wrong, it is among them. */
  readonly mistakes: readonly WrongAnswer[];
}

export interface LabelFigures {
  readonly label: string;
  readonly examples: number;
  /** The share of the label's examples that got the label. */
  readonly recall: Share | null;
  /** The share of right ones among the examples that got the label. */
  readonly precision: Share | null;
}

export interface WrongAnswer {
  readonly path: string;
  readonly label: string;
  readonly answer: string;
  readonly probability: number;
  /** The right label's. */
  readonly probabilityOfRight: number;
  readonly runnerUp: { readonly label: string; readonly probability: number };
}

/** null without answers */
export function classification(
  answers: readonly LabelledAnswer[],
  labels: readonly string[],
): Classification | null {
  if (answers.length === 0) return null;
  const ranked = answers.map((answer) => ({ ...answer, ranks: ranking(answer.probabilities) }));
  const confusion = labels.map(() => labels.map(() => 0));
  for (const { label, ranks } of ranked) confusion[label]![ranks[0]!]!++;
  const loss = answers.map(({ label, probabilities: p }) => -Math.log(Math.max(p[label]!, 1e-12)));
  return {
    accuracy: shareOfAll(ranked, ({ label, ranks }) => ranks[0] === label)!,
    ...(labels.length > 5 && {
      topFive: shareOfAll(ranked, ({ label, ranks }) => ranks.slice(0, 5).includes(label))!,
    }),
    crossEntropy: loss.reduce((a, b) => a + b, 0) / loss.length,
    calibration: calibration(
      ranked.map(({ path, label, probabilities, ranks }) => ({
        // Every picture stands for itself: none is known to share its subject with another.
        subject: path,
        enrolled: true,
        probability: probabilities[ranks[0]!]!,
        cameTrue: ranks[0] === label,
        weight: 1,
      })),
    ),
    labels: labels.map((label, i) => {
      const own = confusion[i]!.reduce((a, b) => a + b, 0);
      const called = confusion.reduce((sum, row) => sum + row[i]!, 0);
      const right = confusion[i]![i]!;
      return { label, examples: own, recall: share(right, own), precision: share(right, called) };
    }),
    confusion,
    mistakes: ranked
      .filter(({ label, ranks }) => ranks[0] !== label)
      .map(({ path, label, probabilities: p, ranks: [first, second] }) => ({
        path,
        label: labels[label]!,
        answer: labels[first!]!,
        probability: p[first!]!,
        probabilityOfRight: p[label]!,
        runnerUp: { label: labels[second!]!, probability: p[second!]! },
      }))
      .toSorted((a, b) => b.probability - a.probability),
  };
}

/** Indices, the likeliest first; of equal ones the earlier label. */
export function ranking(probabilities: ArrayLike<number>): number[] {
  return Array.from(probabilities, (_, i) => i).toSorted((a, b) => probabilities[b]! - probabilities[a]!);
}

function shareOfAll<T>(items: readonly T[], isHit: (item: T) => boolean): Share | null {
  return share(items.filter(isHit).length, items.length);
}

function share(hits: number, of: number): Share | null {
  return of === 0 ? null : { value: hits / of, hits, of, ...wilson(hits, of) };
}

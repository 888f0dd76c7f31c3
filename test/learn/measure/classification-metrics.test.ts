import { expect, test } from 'vitest';
import { classification, ranking } from '../../../src/learn/measure/classification-metrics.ts';

const answers = [
  { path: 'a', label: 0, probabilities: [0.7, 0.2, 0.1] },
  { path: 'b', label: 0, probabilities: [0.3, 0.6, 0.1] },
  { path: 'c', label: 1, probabilities: [0.1, 0.8, 0.1] },
  { path: 'd', label: 2, probabilities: [0.05, 0.9, 0.05] },
];

test('counts what was right, with an interval around the share', () => {
  const { accuracy, confusion, labels } = classification(answers, ['ant', 'bee', 'cat'])!;
  expect(accuracy).toEqual(expect.objectContaining({ value: 0.5, hits: 2, of: 4 }));
  expect(accuracy.low).toBeGreaterThan(0.1);
  expect(accuracy.high).toBeLessThan(0.9);
  expect(confusion).toEqual([
    [1, 1, 0],
    [0, 1, 0],
    [0, 1, 0],
  ]);
  expect(
    labels.map(({ label, examples, recall, precision }) => [
      label,
      examples,
      recall?.value,
      precision?.value,
    ]),
  ).toEqual([
    ['ant', 2, 0.5, 1],
    ['bee', 1, 1, 1 / 3],
    ['cat', 1, 0, undefined],
  ]);
});

test('cross-entropy is the mean of −ln P(right label)', () => {
  const wanted = -(Math.log(0.7) + Math.log(0.3) + Math.log(0.8) + Math.log(0.05)) / 4;
  expect(classification(answers, ['ant', 'bee', 'cat'])!.crossEntropy).toBeCloseTo(wanted, 12);
});

test('mistakes come surest first, each with what came next', () => {
  const { mistakes } = classification(answers, ['ant', 'bee', 'cat'])!;
  expect(mistakes).toEqual([
    {
      path: 'd',
      label: 'cat',
      answer: 'bee',
      probability: 0.9,
      probabilityOfRight: 0.05,
      runnerUp: { label: 'ant', probability: 0.05 },
    },
    {
      path: 'b',
      label: 'ant',
      answer: 'bee',
      probability: 0.6,
      probabilityOfRight: 0.3,
      runnerUp: { label: 'ant', probability: 0.3 },
    },
  ]);
});

test('the five likeliest are counted where there are more than five labels', () => {
  const labels = ['a', 'b', 'c', 'd', 'e', 'f'];
  const probabilities = [0.3, 0.25, 0.2, 0.12, 0.08, 0.05];
  const six = [
    { path: 'x', label: 4, probabilities },
    { path: 'y', label: 5, probabilities },
  ];
  expect(classification(six, labels)!.topFive).toEqual(expect.objectContaining({ hits: 1, of: 2 }));
  expect(classification(answers, ['a', 'b', 'c'])).not.toHaveProperty('topFive');
});

test('nothing is said about no answers', () => {
  expect(classification([], ['a', 'b'])).toBeNull();
});

test('of equal probabilities the earlier label comes first', () => {
  expect(ranking([0.2, 0.4, 0.2, 0.2])).toEqual([1, 0, 2, 3]);
});

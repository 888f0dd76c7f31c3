import { expect, test } from 'vitest';
import { seededRandom } from '../../../src/core/random.ts';
import { fitTemperature, softmaxAt } from '../../../src/learn/layer/temperature.ts';
import { seededNormal } from '../../synthetic-people.ts';

/** Labels drawn from the softmax of some logits at a temperature: that temperature is the truth. */
function drawn(count: number, temperature: number): { logits: Float64Array[]; labels: number[] } {
  const [normal, random] = [seededNormal(5), seededRandom(6)];
  const logits = Array.from({ length: count }, () => Float64Array.from({ length: 4 }, () => 4 * normal()));
  const labels = logits.map((row) => {
    let left = random();
    return softmaxAt(row, temperature).findIndex((p) => (left -= p) < 0);
  });
  return { logits, labels };
}

function loss(logits: readonly Float64Array[], labels: readonly number[], temperature: number): number {
  return logits.reduce((sum, row, i) => sum - Math.log(softmaxAt(row, temperature)[labels[i]!]!), 0);
}

test.each([0.5, 1, 3])('the temperature that answers were drawn at is found again: %d', (temperature) => {
  const { logits, labels } = drawn(4000, temperature);
  expect(fitTemperature(logits, labels) / temperature).toBeCloseTo(1, 1);
});

test('no other temperature has a lower loss', () => {
  const { logits, labels } = drawn(300, 2);
  const best = fitTemperature(logits, labels);
  for (const other of [0.5, 0.9, 0.99, 1.01, 1.1, 2])
    expect(loss(logits, labels, best)).toBeLessThanOrEqual(loss(logits, labels, best * other));
});

test('the order of the labels stays, and probabilities add up to one', () => {
  for (const temperature of [0.1, 1, 10]) {
    const p = softmaxAt([3, 1, 2], temperature);
    expect(p[0]! + p[1]! + p[2]!).toBeCloseTo(1, 12);
    expect(p[0]).toBeGreaterThan(p[2]!);
    expect(p[2]).toBeGreaterThan(p[1]!);
  }
});

test('without examples nothing changes; where all are right, the sharpest temperature is taken', () => {
  expect(fitTemperature([], [])).toBe(1);
  expect(fitTemperature([[5, 0]], [0])).toBeCloseTo(1 / 50, 3);
  expect(fitTemperature([[5, 0]], [1])).toBeCloseTo(50, 0);
});

test('rows and labels have to be as many', () => {
  expect(() => fitTemperature([[1, 2]], [])).toThrow(RangeError);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])(
  'a logit of %s is an error, not an end of the range',
  (value) => {
    const { logits, labels } = drawn(20, 1);
    logits[3]![1] = value;
    expect(() => fitTemperature(logits, labels)).toThrow(expect.objectContaining({ code: 'diverged' }));
  },
);

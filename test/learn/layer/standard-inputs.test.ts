import { expect, test } from 'vitest';
import { standardInputs } from '../../../src/learn/layer/standard-inputs.ts';
import { drawVector, seededNormal } from '../../synthetic-people.ts';

test.each([1, 2, 3, 4, 5, 8, 11])('mean and scale of %d examples are those by hand', (n) => {
  const normal = seededNormal(n);
  const inputs = Array.from({ length: n }, () => drawVector(3, normal).map((x, i) => x * 10 ** i + 1000));
  const { values, first, mean, scale, examples, size } = standardInputs(inputs);
  expect([examples, size]).toEqual([n, 3]);
  for (let i = 0; i < 3; i++) {
    const column = inputs.map((input) => input[i]!);
    const middle = column.reduce((sum, x) => sum + x, 0) / n;
    const deviation = Math.sqrt(column.reduce((sum, x) => sum + (x - middle) ** 2, 0) / n);
    expect(first[i]! + mean[i]!).toBeCloseTo(middle, 8);
    expect(scale[i]! * deviation).toBeCloseTo(n === 1 ? 0 : 1, 8);
    for (const [k, x] of column.entries()) expect(values[k * 3 + i]).toBe(Math.fround(x - first[i]!));
  }
});

test('large inputs that vary little have their variance all the same', () => {
  const inputs = [0, 1, 2, 3].map((x) => Float32Array.of(5e5 + x));
  expect(standardInputs(inputs).scale[0]).toBeCloseTo(1 / Math.sqrt(1.25), 10);
});

import { expect, test } from 'vitest';
import { minimise, type Objective, type Point } from '../../../src/learn/layer/lbfgs.ts';

/** A function that is as dear along a line as anywhere else. */
function everywhere(point: (at: Float64Array) => Point): Objective {
  let at = new Float64Array();
  return {
    async begin(start) {
      at = Float64Array.from(start);
      return point(at);
    },
    async line(direction) {
      const from = at;
      const moved = (length: number): Float64Array<ArrayBuffer> =>
        from.map((value, i) => value + length * direction[i]!);
      return {
        async look(length) {
          const { value, gradient } = point(moved(length));
          return { value, slope: gradient.reduce((sum, g, i) => sum + g * direction[i]!, 0) };
        },
        async arrive(length) {
          at = moved(length);
          return point(at).gradient;
        },
      };
    },
  };
}

/** Rosenbrock's valley: its floor is curved and flat, and the only minimum is at (1, 1). */
const rosenbrock = everywhere(([x, y]) => ({
  value: 100 * (y! - x! ** 2) ** 2 + (1 - x!) ** 2,
  gradient: Float64Array.of(-400 * x! * (y! - x! ** 2) - 2 * (1 - x!), 200 * (y! - x! ** 2)),
}));

/** ½ Σ dᵢ (xᵢ − i)²: as long in some directions as it is short in others. */
function bowl(stretch: readonly number[]): Objective {
  return everywhere((at) => ({
    value: stretch.reduce((sum, d, i) => sum + 0.5 * d * (at[i]! - i) ** 2, 0),
    gradient: Float64Array.from(stretch, (d, i) => d * (at[i]! - i)),
  }));
}

test("it follows Rosenbrock's valley to its end", async () => {
  const { at, value, steps } = await minimise(rosenbrock, Float64Array.of(-1.2, 1), { tolerance: 1e-9 });
  expect(at[0]).toBeCloseTo(1, 7);
  expect(at[1]).toBeCloseTo(1, 7);
  expect(value).toBeLessThan(1e-14);
  expect(steps).toBeLessThan(60);
});

test('a bowl that is a million times as steep one way as another is no trouble', async () => {
  const stretch = [1e-3, 1, 1e3];
  const { at } = await minimise(bowl(stretch), new Float64Array(3), { tolerance: 1e-9 });
  for (const [i, value] of at.entries()) expect(value).toBeCloseTo(i, 5);
});

test('it stays where the start is the minimum', async () => {
  const start = Float64Array.of(0, 1, 2);
  const { at, steps } = await minimise(bowl([1, 1, 1]), start);
  expect(steps).toBe(0);
  expect(at).toEqual(start);
});

test('it takes no more steps than it is allowed', async () => {
  expect((await minimise(rosenbrock, Float64Array.of(-1.2, 1), { mostSteps: 3 })).steps).toBe(3);
});

test('no step ever raises the value', async () => {
  const values: number[] = [];
  for (let mostSteps = 0; mostSteps < 12; mostSteps++) {
    values.push((await minimise(rosenbrock, Float64Array.of(3, -4), { mostSteps })).value);
  }
  expect(values).toEqual(values.toSorted((a, b) => b - a));
  expect(values.at(-1)).toBeLessThan(values[0]! / 1000);
});

test('a function without end is left after the trials of one search', async () => {
  const slope = everywhere(([x]) => ({ value: -x!, gradient: Float64Array.of(-1) }));
  const { at, steps } = await minimise(slope, Float64Array.of(0), { mostSteps: 2 });
  expect(steps).toBeLessThanOrEqual(2);
  expect(Number.isFinite(at[0])).toBe(true);
});

test('after every step it tells how low it is', async () => {
  const told: number[] = [];
  const { value, steps } = await minimise(rosenbrock, Float64Array.of(-1.2, 1), {
    onStep: (lower) => told.push(lower),
  });
  expect(told).toHaveLength(steps);
  expect(told.at(-1)).toBe(value);
});

test.each([
  ['a value', { value: Number.NaN, gradient: Float64Array.of(1, 1) }],
  ['a slope', { value: 1, gradient: Float64Array.of(1, Number.NEGATIVE_INFINITY) }],
])('%s that is no finite number is an error, not the minimum', async (_, point) => {
  const fit = minimise(
    everywhere(() => point),
    new Float64Array(2),
  );
  await expect(fit).rejects.toMatchObject({
    code: 'diverged',
    message: expect.stringContaining('inputs are too large'),
  });
});

test('a cliff beyond which nothing is a number is an error where a step leads over it', async () => {
  const cliff = everywhere(([x]) => ({
    value: x! < 3 ? -x! : Number.NaN,
    gradient: Float64Array.of(x! < 2.9 ? -1 : Number.NaN),
  }));
  await expect(minimise(cliff, Float64Array.of(0))).rejects.toMatchObject({ code: 'diverged' });
});

import { describe, expect, test } from 'vitest';
import { type Derivatives, minimiseByNewton, type ScaleAndOffset } from '../../../src/learn/odds/newton.ts';

/** A bowl whose lowest point is at (2, −3), as steep as a fourth power far from it. */
function bowl({ scale, offset }: ScaleAndOffset): Derivatives {
  const [x, y] = [scale - 2, offset + 3];
  const power = (v: number): number => v ** 4 + v ** 2;
  return {
    loss: power(x) + power(y) + x * y,
    g0: 4 * x ** 3 + 2 * x + y,
    g1: 4 * y ** 3 + 2 * y + x,
    h00: 12 * x ** 2 + 2,
    h01: 1,
    h11: 12 * y ** 2 + 2,
  };
}

describe("Newton's method", () => {
  test('finds the lowest point from near and far', () => {
    for (const start of [
      { scale: 0, offset: 0 },
      { scale: 2, offset: -3 },
      { scale: 1000, offset: -1000 },
    ]) {
      const { scale, offset } = minimiseByNewton(bowl, start, { standstill: 1e-15 });
      expect(scale).toBeCloseTo(2, 6);
      expect(offset).toBeCloseTo(-3, 6);
    }
  });

  test('halves steps that leap over it: ln(1 + e^x) − x/2 sends a whole step from 3 further and further away', () => {
    const flat = ({ scale: x, offset }: ScaleAndOffset): Derivatives => {
      const p = 1 / (1 + Math.exp(-x));
      return {
        loss: Math.log1p(Math.exp(x)) - x / 2 + offset ** 2,
        g0: p - 0.5,
        g1: 2 * offset,
        h00: p * (1 - p),
        h01: 0,
        h11: 2,
      };
    };
    const { scale } = minimiseByNewton(flat, { scale: 3, offset: 0 }, { standstill: 1e-15 });
    expect(scale).toBeCloseTo(0, 6);
  });

  test('keeps the scale above its least', () => {
    const { scale } = minimiseByNewton(bowl, { scale: 4, offset: 0 }, { standstill: 1e-15, leastScale: 2.5 });
    expect(scale).toBe(2.5);
  });

  test.each([Number.NaN, Infinity])('does not go on from a loss of %s', (loss) => {
    const broken = (at: ScaleAndOffset): Derivatives => ({ ...bowl(at), loss });
    expect(() => minimiseByNewton(broken, { scale: 1, offset: 0 }, { standstill: 1e-12 })).toThrow(
      expect.objectContaining({
        code: 'diverged',
        message: expect.stringContaining('no finite numbers') as string,
      }),
    );
  });

  test('does not go on from a curvature that is flat', () => {
    const flat = (at: ScaleAndOffset): Derivatives => ({ ...bowl(at), h00: 0, h01: 0, h11: 0 });
    expect(() => minimiseByNewton(flat, { scale: 1, offset: 0 }, { standstill: 1e-12 })).toThrow(/no finite/);
  });
});

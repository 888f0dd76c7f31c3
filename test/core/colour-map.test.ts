import { describe, expect, test } from 'vitest';
import { colourOf } from '../../src/core/colour-map.ts';

/** CIE L* (0 black, 100 white) of an sRGB colour. */
function lightness([r, g, b]: readonly [number, number, number]): number {
  const linear = (value: number): number => {
    const v = value / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  };
  const y = 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  return y > 216 / 24389 ? 116 * Math.cbrt(y) - 16 : (y * 24389) / 27;
}

describe('the colours of a heat map', () => {
  test('grow lighter all the way, in steps of about one size, so that they read in grey too', () => {
    const steps = Array.from(
      { length: 10 },
      (_, i) => lightness(colourOf((i + 1) / 10)) - lightness(colourOf(i / 10)),
    );
    const mean = steps.reduce((a, b) => a + b, 0) / steps.length;
    expect(mean).toBeGreaterThan(9);
    for (const step of steps) expect(Math.abs(step - mean)).toBeLessThan(0.45 * mean);
  });

  test('begin black, end light yellow, and go no further', () => {
    expect(colourOf(0)).toEqual([0, 0, 4]);
    expect(colourOf(1)).toEqual([252, 255, 164]);
    expect(colourOf(-0.5)).toEqual(colourOf(0));
    expect(colourOf(7)).toEqual(colourOf(1));
  });
});

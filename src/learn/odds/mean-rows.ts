/**
 * Very many groups of faces in one piece of memory: to compare a person with all of them is to go through it once. Spread
 * over as many small arrays, it took two to three times as long, waiting for memory.
 */

import { startOf } from './mean-odds.ts';
import type { Component, MeanFace } from './two-covariance.ts';

export interface MeanRows {
  readonly count: number;
  readonly k: number;
  /** [count × 2k] or more: of each its k means, and the means of their squares. */
  readonly values: Float32Array;
}

/** A view, not a copy. */
export function faceOfRow({ k, values }: MeanRows, row: number): MeanFace {
  const from = row * 2 * k;
  return { z: values.subarray(from, from + k), squares: values.subarray(from + k, from + 2 * k) };
}

/** The odds of each row for one component, as `openMeanOdds` has them; four side by side, so that additions need not wait. */
export function eachRowsOdds(
  component: Component,
  rows: MeanRows,
  look: (row: number, odds: number) => void,
): void {
  const { quadratic, linear } = component;
  const { count, k, values } = rows;
  const start = startOf(component);
  for (let row = 0; row < count; row += 4) {
    // The last ones are compared again and again rather than one by one.
    const last = count - 1;
    const z0 = row * 2 * k;
    const z1 = Math.min(row + 1, last) * 2 * k;
    const z2 = Math.min(row + 2, last) * 2 * k;
    const z3 = Math.min(row + 3, last) * 2 * k;
    let [s0, s1, s2, s3] = [start, start, start, start];
    for (let j = 0; j < k; j++) {
      const q = quadratic[j]!;
      const l = linear[j]!;
      const y = j + k;
      s0 += q * values[z0 + y]! + l * values[z0 + j]!;
      s1 += q * values[z1 + y]! + l * values[z1 + j]!;
      s2 += q * values[z2 + y]! + l * values[z2 + j]!;
      s3 += q * values[z3 + y]! + l * values[z3 + j]!;
    }
    look(row, s0);
    if (row + 1 < count) look(row + 1, s1);
    if (row + 2 < count) look(row + 2, s2);
    if (row + 3 < count) look(row + 3, s3);
  }
}

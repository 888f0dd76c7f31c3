/** Newton's method on a few dozen numbers. */

import { dot } from './columns.ts';

/** So much larger is each curvature taken, so that rounding makes none of them negative. */
const surplus = 1e-9;

/**
 * The step to where slope and curvature put the minimum, by Cholesky's decomposition (Golub & Van Loan, "Matrix
 * computations", 4.2).
 *
 * @param curvature [n, n], row-major: symmetric, and no eigenvalue below 0; its lower half is overwritten
 */
export function newtonMove(curvature: Float64Array, slope: Float64Array): Float64Array {
  const n = slope.length;
  const row = (i: number): Float64Array => curvature.subarray(i * n, i * n + i + 1);
  for (let i = 0; i < n; i++) {
    const own = row(i);
    for (let j = 0; j < i; j++) {
      const other = row(j);
      let sum = own[j]!;
      for (let k = 0; k < j; k++) sum -= own[k]! * other[k]!;
      own[j] = sum / other[j]!;
    }
    const before = own.subarray(0, i);
    const pivot = own[i]! * (1 + surplus) - dot(before, before);
    // A weight on which nothing depends stays where it is.
    own[i] = pivot > 0 ? Math.sqrt(pivot) : Number.POSITIVE_INFINITY;
  }
  const move = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = -slope[i]!;
    for (let k = 0; k < i; k++) sum -= curvature[i * n + k]! * move[k]!;
    move[i] = sum / curvature[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = move[i]!;
    for (let k = i + 1; k < n; k++) sum -= curvature[k * n + i]! * move[k]!;
    move[i] = sum / curvature[i * n + i]!;
  }
  return move;
}

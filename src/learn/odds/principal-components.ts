/** The directions in which vectors differ most. */

import { Matrix, QrDecomposition } from 'ml-matrix';
import { seededRandom } from '../../core/random.ts';

/** Rounds of the iteration; from 12 on the spanned space changes by less than rounding in float32 does. */
const rounds = 12;

/**
 * The first principal components by subspace iteration (Golub & Van Loan, "Matrix computations", 8.2.4): of a
 * thousand directions only a hundred are wanted, and their order among themselves does not matter here.
 *
 * @returns [d × count], columns at right angles and of length 1
 */
export function principalComponents(
  vectors: readonly Float32Array[],
  mean: Float64Array,
  count: number,
): Matrix {
  const scatter = scatterOf(vectors, mean);
  const random = seededRandom(1);
  let basis = Matrix.zeros(mean.length, count).apply(function start(i, j) {
    this.set(i, j, random() - 0.5);
  });
  for (let round = 0; round < rounds; round++) {
    basis = new QrDecomposition(scatter.mmul(basis)).orthogonalMatrix;
  }
  return basis;
}

function scatterOf(vectors: readonly Float32Array[], mean: Float64Array): Matrix {
  const d = mean.length;
  const rows = Array.from({ length: d }, () => new Float64Array(d));
  const x = new Float64Array(d);
  for (const vector of vectors) {
    for (let i = 0; i < d; i++) x[i] = vector[i]! - mean[i]!;
    for (let i = 0; i < d; i++) {
      const row = rows[i]!;
      const xi = x[i]!;
      for (let j = i; j < d; j++) row[j]! += xi * x[j]!;
    }
  }
  for (let i = 0; i < d; i++) for (let j = 0; j < i; j++) rows[i]![j] = rows[j]![i]!;
  return new Matrix(rows);
}

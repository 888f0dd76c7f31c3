/** The directions in which vectors differ most. */

import { Matrix, QrDecomposition } from 'ml-matrix';
import { seededRandom } from '../../core/random.ts';
import type { Dense, Products } from './products.ts';

/** Rounds of the iteration; from 12 on the spanned space changes by less than rounding in float32 does. */
const rounds = 12;

/**
 * The first principal components by subspace iteration (Golub & Van Loan, "Matrix computations", 8.2.4): of a
 * thousand directions only a hundred are wanted, and their order among themselves does not matter here.
 *
 * @param vectors [n × d], mean taken off
 * @returns [d × count], columns at right angles and of length 1
 */
export async function principalComponents(vectors: Dense, count: number, products: Products): Promise<Dense> {
  const scatter = await products.transposedTimes(vectors, vectors);
  const random = seededRandom(1);
  const start = Float64Array.from({ length: vectors.columns * count }, () => random() - 0.5);
  let basis: Dense = { rows: vectors.columns, columns: count, data: start };
  for (let round = 0; round < rounds; round++) {
    basis = await orthonormal(await products.times(scatter, basis), products);
  }
  return basis;
}

/**
 * By Cholesky's decomposition of the columns' inner products, twice, which makes up for the rounding of the first time
 * (Yamamoto et al., "Roundoff error analysis of the CholeskyQR2 algorithm", 2015): nearly all of it is products.
 */
async function orthonormal(columns: Dense, products: Products): Promise<Dense> {
  let out = columns;
  for (let time = 0; time < 2; time++) {
    const inverse = inverseOfFactor(await products.transposedTimes(out, out));
    // Columns that are nearly the same direction, as of fewer vectors than columns, are for a slower way.
    if (inverse === undefined) return byReflections(columns);
    out = await products.times(out, inverse);
  }
  return out;
}

/** A pivot this much smaller than the column's own square is mostly rounding. */
const leastPivot = 1e-10;

/** R⁻¹, where RᵀR is the symmetric matrix and R is upper triangular; undefined if it is nearly singular. */
function inverseOfFactor({ rows: n, data }: Dense): Dense | undefined {
  const r = Float64Array.from(data);
  for (let i = 0; i < n; i++) {
    const pivot = r[i * n + i]!;
    if (!(pivot > leastPivot * data[i * n + i]!)) return undefined;
    const root = Math.sqrt(pivot);
    for (let j = i; j < n; j++) r[i * n + j]! /= root;
    for (let k = i + 1; k < n; k++) {
      const factor = r[i * n + k]!;
      for (let j = k; j < n; j++) r[k * n + j]! -= factor * r[i * n + j]!;
    }
  }
  const inverse = new Float64Array(n * n);
  for (let i = n - 1; i >= 0; i--) {
    const root = r[i * n + i]!;
    inverse[i * n + i] = 1 / root;
    for (let k = i + 1; k < n; k++) {
      const factor = r[i * n + k]! / root;
      for (let j = k; j < n; j++) inverse[i * n + j]! -= factor * inverse[k * n + j]!;
    }
  }
  return { rows: n, columns: n, data: inverse };
}

function byReflections({ rows, columns, data }: Dense): Dense {
  const matrix = Matrix.from1DArray(rows, columns, data);
  const { orthogonalMatrix } = new QrDecomposition(matrix);
  return { rows, columns, data: Float64Array.from(orthogonalMatrix.to1DArray()) };
}

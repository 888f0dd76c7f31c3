/** Fits the two-covariance model of an embedding space: within-person and between-person scatter. */

import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { checkFinite } from '../../core/checked-numbers.ts';
import { groupedBy } from '../../core/grouped.ts';
import { WhosinError } from '../../errors.ts';
import type { OpenComputation } from '../../models/graph/computation.ts';
import { clusterCentres, meanOf } from './cluster-centres.ts';
import { principalComponents } from './principal-components.ts';
import { type Dense, openProducts, type Products } from './products.ts';
import { crowdOf, noiseOf, project, type TwoCovariance } from './two-covariance.ts';

export interface Labelled {
  readonly person: string;
  readonly values: Float32Array;
  /** How clear the face is, 0 to 1. */
  readonly quality: number;
}

/** People of a reference set of a few thousand photos say little about more directions than these. */
const components = 250;

/**
 * In the space of the first principal components; what lies outside of it is left out of every comparison.
 *
 * @param shrinkage 0 to 1: how far the within-person scatter is drawn towards the same variance in every
 *   direction (Ledoit & Wolf, "A well-conditioned estimator for large-dimensional covariance matrices", 2004)
 * @throws WhosinError `too-few-photos` if nobody has two photos; `bad-weights` if values are no finite numbers,
 *   or the same in all photos of a person
 */
export async function fitTwoCovariance(
  faces: readonly Labelled[],
  shrinkage: number,
  compute: OpenComputation,
): Promise<TwoCovariance> {
  const products = openProducts(compute);
  try {
    return await fitted(faces, shrinkage, products);
  } finally {
    await products.close();
  }
}

async function fitted(
  faces: readonly Labelled[],
  shrinkage: number,
  products: Products,
): Promise<TwoCovariance> {
  const { mean, basis: reduced, vectors } = await reduce(faces, products);
  const d = reduced.columns;
  const people = groupedBy([...faces.keys()], (i) => faces[i]!.person);
  const freedom = faces.length - people.size;
  if (freedom === 0) {
    throw new WhosinError(
      'too-few-photos',
      'Nobody has two photos: how photos of one person differ is unknown.',
    );
  }
  const scatter = async (rows: Dense): Promise<Matrix> =>
    toMatrix(await products.transposedTimes(rows, rows));
  const total = await scatter(eachPersonOnce(vectors, people));
  const within = (await scatter(fromCentres(vectors, people))).div(freedom);
  const level = within.trace() / d;
  if (!(level > 0)) {
    throw new WhosinError(
      'bad-weights',
      'All photos of a person have the same values: check that this is a network of faces.',
    );
  }
  within.mul(1 - shrinkage).add(Matrix.eye(d, d).mul(shrinkage * level));

  const w = new EigenvalueDecomposition(within, { assumeSymmetric: true });
  const inverse = Matrix.diag(w.realEigenvalues.map((v) => 1 / Math.sqrt(v)));
  const whiten = w.eigenvectorMatrix.mmul(inverse).mmul(w.eigenvectorMatrix.transpose());
  const between = whiten.mmul(Matrix.sub(total, within)).mmul(whiten);
  const b = new EigenvalueDecomposition(between, { assumeSymmetric: true });
  // Directions in which people do not differ more than photos do say nothing.
  const kept = b.realEigenvalues
    .map((value, index) => ({ value, index }))
    .filter(({ value }) => value > 0.01)
    .toSorted((x, y) => y.value - x.value);
  const directions = whiten.mmul(b.eigenvectorMatrix).subMatrixColumn(kept.map(({ index }) => index));
  // One column more, of zeros, for the coordinate of the crowd.
  directions.addColumn(kept.length, new Float64Array(d));
  const basis = await products.times(reduced, fromMatrix(directions));
  const variances = Float32Array.from([...kept.map(({ value }) => value), 0]);
  const model = {
    mean: Float32Array.from(mean),
    basis: Float32Array.from(basis.data),
    between: variances,
    noise: noiseOf(variances),
    scale: 1,
    offset: 0,
  };
  const places = [...people.values()].map((own) => meanOf(own.map((i) => project(model, faces[i]!.values))));
  const centres = clusterCentres(places, Math.min(clusters, Math.ceil(places.length / leastOfCluster)));
  // People who are all equally far from each other crowd nowhere but in the middle.
  return { ...model, crowd: crowdOf(model.between, centres.length > 0 ? centres : [meanOf(places)]) };
}

/** Some twenty people each in the whole reference set; a small one gets fewer clusters, not emptier ones. */
const clusters = 64;
const leastOfCluster = 4;

interface Reduced {
  readonly mean: Float64Array;
  /** [d × components] */
  readonly basis: Dense;
  /** [n × components]: the faces, mean taken off, in that basis. */
  readonly vectors: Dense;
}

/** The same faces are fitted with several shrinkages; this part takes the time and does not depend on it. */
const reductions = new WeakMap<readonly Labelled[], Reduced>();

async function reduce(faces: readonly Labelled[], products: Products): Promise<Reduced> {
  const known = reductions.get(faces);
  if (known) return known;
  const d = faces[0]!.values.length;
  checkFinite(
    'The embedding of a face',
    faces.map(({ values }) => values),
  );
  const people = byPerson(faces);
  const mean = new Float64Array(d);
  for (const photos of people.values()) {
    for (const { values } of photos) {
      const share = 1 / photos.length / people.size;
      for (let j = 0; j < d; j++) mean[j]! += values[j]! * share;
    }
  }
  const centred = { rows: faces.length, columns: d, data: new Float64Array(faces.length * d) };
  for (const [i, { values }] of faces.entries()) {
    for (let j = 0; j < d; j++) centred.data[i * d + j] = values[j]! - mean[j]!;
  }
  const basis = await principalComponents(centred, Math.min(components, d), products);
  const reduced = { mean, basis, vectors: await products.times(centred, basis) };
  reductions.set(faces, reduced);
  return reduced;
}

export function byPerson(faces: readonly Labelled[]): Map<string, Labelled[]> {
  return groupedBy(faces, ({ person }) => person);
}

/** Each face by the square root of its share: their scatter counts each person once, however many photos there are. */
function eachPersonOnce(
  { rows, columns, data }: Dense,
  people: ReadonlyMap<string, readonly number[]>,
): Dense {
  const out = Float64Array.from(data);
  for (const own of people.values()) {
    const weight = Math.sqrt(1 / own.length / people.size);
    for (const i of own) for (let j = 0; j < columns; j++) out[i * columns + j]! *= weight;
  }
  return { rows, columns, data: out };
}

/** Each face as it lies from the mean of its person's faces. */
function fromCentres({ rows, columns, data }: Dense, people: ReadonlyMap<string, readonly number[]>): Dense {
  const out = Float64Array.from(data);
  const centre = new Float64Array(columns);
  for (const own of people.values()) {
    centre.fill(0);
    for (const i of own) for (let j = 0; j < columns; j++) centre[j]! += data[i * columns + j]! / own.length;
    for (const i of own) for (let j = 0; j < columns; j++) out[i * columns + j]! -= centre[j]!;
  }
  return { rows, columns, data: out };
}

function toMatrix({ rows, columns, data }: Dense): Matrix {
  return Matrix.from1DArray(rows, columns, data);
}

function fromMatrix(matrix: Matrix): Dense {
  return {
    rows: matrix.rows,
    columns: matrix.columns,
    data: Float64Array.from(matrix.to1DArray()),
  };
}

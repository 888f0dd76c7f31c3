/** Fits the two-covariance model of an embedding space: within-person and between-person scatter. */

import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { checkFinite } from '../../core/checked-numbers.ts';
import { WhosinError } from '../../errors.ts';
import { clusterCentres, meanOf } from './cluster-centres.ts';
import { principalComponents } from './principal-components.ts';
import { crowdOf, noiseOf, project, type TwoCovariance } from './two-covariance.ts';

export interface Labelled {
  readonly person: string;
  readonly values: Float32Array;
  /** How clear the face is, 0 to 1. */
  readonly quality: number;
}

/** People of a reference set of a few thousand photos say little about more directions than these. */
const components = 200;

/**
 * In the space of the first principal components; what lies outside of it is left out of every comparison.
 *
 * @param shrinkage 0 to 1: how far the within-person scatter is drawn towards the same variance in every
 *   direction (Ledoit & Wolf, "A well-conditioned estimator for large-dimensional covariance matrices", 2004)
 * @throws WhosinError `too-few-photos` if nobody has two photos; `bad-weights` if values are no finite numbers,
 *   or the same in all photos of a person
 */
export function fitTwoCovariance(faces: readonly Labelled[], shrinkage: number): TwoCovariance {
  const { mean, basis: reduced, vectors } = reduce(faces);
  const d = reduced.columns;
  const within = Matrix.zeros(d, d);
  const total = Matrix.zeros(d, d);
  let freedom = 0;
  const people = new Map<string, number[]>();
  for (const [i, { person }] of faces.entries()) people.set(person, [...(people.get(person) ?? []), i]);
  for (const own of people.values()) {
    const centre = new Float64Array(d);
    for (const i of own) addScaled(centre, vectors[i]!, 1 / own.length);
    for (const i of own) {
      // Each person counts once, however many photos there are.
      addOuter(total, vectors[i]!, undefined, 1 / own.length / people.size);
      addOuter(within, vectors[i]!, centre, 1);
    }
    freedom += own.length - 1;
  }
  if (freedom === 0) {
    throw new WhosinError(
      'too-few-photos',
      'Nobody has two photos: how photos of one person differ is unknown.',
    );
  }
  within.div(freedom);
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
  const basis = reduced.mmul(directions).addColumn(kept.length, new Float64Array(mean.length));
  const variances = Float32Array.from([...kept.map(({ value }) => value), 0]);
  const model = {
    mean: Float32Array.from(mean),
    basis: Float32Array.from(basis.to1DArray()),
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
  readonly basis: Matrix;
  /** The faces, mean taken off, in that basis. */
  readonly vectors: readonly Float64Array[];
}

/** The same faces are fitted with several shrinkages; this part takes the time and does not depend on it. */
const reductions = new WeakMap<readonly Labelled[], Reduced>();

function reduce(faces: readonly Labelled[]): Reduced {
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
    for (const { values } of photos) addScaled(mean, values, 1 / photos.length / people.size);
  }
  const all = faces.map(({ values }) => values);
  const basis = principalComponents(all, mean, Math.min(components, d));
  const vectors = all.map((values) => {
    const out = new Float64Array(basis.columns);
    for (let i = 0; i < d; i++) {
      const x = values[i]! - mean[i]!;
      for (let j = 0; j < out.length; j++) out[j]! += x * basis.get(i, j);
    }
    return out;
  });
  const reduced = { mean, basis, vectors };
  reductions.set(faces, reduced);
  return reduced;
}

export function byPerson(faces: readonly Labelled[]): Map<string, Labelled[]> {
  const people = new Map<string, Labelled[]>();
  for (const face of faces) {
    const photos = people.get(face.person);
    if (photos) photos.push(face);
    else people.set(face.person, [face]);
  }
  return people;
}

function addScaled(to: Float64Array, v: Float32Array | Float64Array, by: number): void {
  for (let i = 0; i < to.length; i++) to[i]! += v[i]! * by;
}

function addOuter(to: Matrix, v: Float64Array, centre: Float64Array | undefined, weight: number): void {
  for (let i = 0; i < v.length; i++) {
    const x = (v[i]! - (centre?.[i] ?? 0)) * weight;
    for (let j = 0; j < v.length; j++) to.set(i, j, to.get(i, j) + x * (v[j]! - (centre?.[j] ?? 0)));
  }
}

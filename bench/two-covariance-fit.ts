/** Fits the two-covariance model of an embedding space: within-person and between-person scatter. */

import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { TwoCovariance } from '../src/learn/two-covariance.ts';

export interface Labelled {
  readonly person: string;
  readonly values: Float32Array;
  /** How clear the face is, 0 to 1. */
  readonly quality: number;
}

/**
 * @param shrinkage 0 to 1: how far the within-person scatter is drawn towards the same variance in every
 *   direction (Ledoit & Wolf, "A well-conditioned estimator for large-dimensional covariance matrices", 2004)
 */
export function fitTwoCovariance(faces: readonly Labelled[], shrinkage: number): TwoCovariance {
  const d = faces[0]!.values.length;
  const people = byPerson(faces);
  // Each person counts once, however many photos there are.
  const mean = new Float64Array(d);
  for (const photos of people.values()) {
    for (const { values } of photos) addScaled(mean, values, 1 / photos.length / people.size);
  }
  const total = Matrix.zeros(d, d);
  const within = Matrix.zeros(d, d);
  let freedom = 0;
  for (const photos of people.values()) {
    const own = new Float64Array(d);
    for (const { values } of photos) addScaled(own, values, 1 / photos.length);
    for (const { values } of photos) {
      addOuter(total, values, mean, 1 / photos.length / people.size);
      addOuter(within, values, own, 1);
    }
    freedom += photos.length - 1;
  }
  within.div(freedom);
  const level = within.trace() / d;
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
  const basis = whiten.mmul(b.eigenvectorMatrix).subMatrixColumn(kept.map(({ index }) => index));
  return {
    mean: Float32Array.from(mean),
    basis: Float32Array.from(basis.to1DArray()),
    between: Float32Array.from(kept, ({ value }) => value),
    scale: 1,
    offset: 0,
  };
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

function addScaled(to: Float64Array, v: Float32Array, by: number): void {
  for (let i = 0; i < to.length; i++) to[i]! += v[i]! * by;
}

function addOuter(to: Matrix, v: Float32Array, centre: Float64Array, weight: number): void {
  for (let i = 0; i < v.length; i++) {
    const x = (v[i]! - centre[i]!) * weight;
    for (let j = 0; j < v.length; j++) to.set(i, j, to.get(i, j) + x * (v[j]! - centre[j]!));
  }
}

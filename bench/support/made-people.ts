/** Albums of any size: people around real ones, and photos of them, drawn from the background model. */

import { seededRandom } from '../../src/core/random.ts';
import { type EnrolledFace, project, type TwoCovariance } from '../../src/learn/odds/two-covariance.ts';
import { normalFrom } from '../../test/synthetic-people.ts';

export interface DrawnFaces {
  readonly faces: readonly EnrolledFace[];
  /** Whose each face is. */
  readonly truth: readonly string[];
}

/**
 * A few people are in very many photos, and most in a few, as in albums; one face in eight is unclear.
 *
 * @param real faces of real people, in the coordinates of the model: each made person resembles one of them
 */
export function drawFaces(
  background: TwoCovariance,
  real: readonly Float32Array[],
  count: number,
): DrawnFaces {
  const { between } = background;
  const random = seededRandom(16);
  const normal = normalFrom(random);
  const placed = coordinatesOf(background);
  const faces: EnrolledFace[] = [];
  const truth: string[] = [];
  for (let person = 0; faces.length < count; person++) {
    const likeness = real[person % real.length]!;
    const place = between.map(
      (b, j) => 0.6 * Math.sqrt(b / (1 + b)) * likeness[j]! + 0.8 * Math.sqrt(b) * normal(),
    );
    const photos = Math.max(1, Math.round((count / 20) * (person + 1) ** -0.8 + 4 * random() ** 3 - 0.5));
    for (let photo = 0; photo < photos && faces.length < count; photo++) {
      const z = place.map((v, j) => (between[j] === 0 ? 0 : v + normal()));
      faces.push({ z: project(placed, z), quality: Math.min(1, 0.3 + 1.6 * random()) });
      truth.push(String(person));
    }
  }
  return { faces, truth };
}

/** The same model of embeddings that are coordinates already, but for the last one: how crowded it is there. */
export function coordinatesOf({ between, crowd }: TwoCovariance): TwoCovariance {
  const k = between.length;
  return {
    mean: new Float32Array(k),
    basis: Float32Array.from({ length: k * k }, (_, i) => (i % (k + 1) === 0 ? 1 : 0)),
    between,
    scale: 1,
    offset: 0,
    ...(crowd && { crowd }),
  };
}

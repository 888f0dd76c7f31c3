/** k-means. */

import { seededRandom } from '../../core/random.ts';

const rounds = 30;

/** A smaller cluster would say something about the people in it, not about people. */
const smallest = 3;

/**
 * Lloyd's iterations from randomly chosen points (Lloyd, "Least squares quantization in PCM", 1982); the same points
 * give the same centres.
 *
 * @returns at most `count` centres
 */
export function clusterCentres(points: readonly Float32Array[], count: number): Float32Array[] {
  const random = seededRandom(1);
  const shuffled = points
    .map((point) => ({ point, order: random() }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ point }) => point);
  let centres = shuffled.slice(0, count);
  let members: Float32Array[][] = [];
  let owners = new Int32Array(points.length).fill(-1);
  for (let round = 0; round < rounds; round++) {
    const next = Int32Array.from(points, (point) => nearest(centres, point));
    // Nobody moves any more, and nobody would in the rounds that are left.
    if (next.every((owner, i) => owner === owners[i])) break;
    owners = next;
    members = centres.map(() => []);
    for (const [i, point] of points.entries()) members[owners[i]!]!.push(point);
    centres = centres.map((centre, c) => (members[c]!.length > 0 ? meanOf(members[c]!) : centre));
  }
  return centres.filter((_, c) => members[c]!.length >= smallest);
}

export function meanOf(points: readonly Float32Array[]): Float32Array {
  return points[0]!.map((_, j) => points.reduce((sum, point) => sum + point[j]!, 0) / points.length);
}

function nearest(centres: readonly Float32Array[], point: Float32Array): number {
  let [best, shortest] = [0, Number.POSITIVE_INFINITY];
  for (const [c, centre] of centres.entries()) {
    let sum = 0;
    for (let j = 0; j < point.length; j++) sum += (point[j]! - centre[j]!) ** 2;
    if (sum < shortest) [best, shortest] = [c, sum];
  }
  return best;
}

/** Lives that are made up: people drawn from the background model who change as they grow up. */

import type { KnownFace } from '../../src/faces/people/likeness.ts';
import { project, type TwoCovariance } from '../../src/learn/odds/two-covariance.ts';
import { normalFrom } from '../../test/synthetic-people.ts';
import { coordinatesOf } from './made-people.ts';

/** The album's stages of life: see src/album/facts/lives.ts. */
export function stageAt(age: number): number {
  return [2, 6, 12, 18].filter((from) => age >= from).length;
}

/** A face at each of these ages, in their order. */
export function drawLife(
  background: TwoCovariance,
  random: () => number,
  ages: readonly number[],
  change: number,
): KnownFace[] {
  const { between } = background;
  const normal = normalFrom(random);
  const placed = coordinatesOf(background);
  const drawn = (): Float32Array => between.map((b) => Math.sqrt(b) * normal());
  let place = drawn();
  let before = 0;
  const faces = new Map<number, KnownFace>();
  for (const age of ages.toSorted((a, b) => a - b)) {
    const grown = (change * Math.log(1 + Math.min(age, 18))) / Math.log(1 + 18);
    // A walk that stays among people (Ornstein and Uhlenbeck).
    const kept = Math.exp(before - grown);
    const other = drawn();
    place = place.map((value, j) => kept * value + Math.sqrt(1 - kept * kept) * other[j]!);
    before = grown;
    const z = place.map((value, j) => (between[j] === 0 ? 0 : value + normal()));
    const quality = Math.min(1, 0.3 + 1.6 * random());
    faces.set(age, { z: project(placed, z), quality, event: faces.size, stage: stageAt(age) });
  }
  return ages.map((age) => faces.get(age)!);
}

/** Two folders that seem to hold one person: whoever is taught twice has half of every answer. */

import { openManyOdds } from '../../learn/odds/many-odds.ts';
import {
  type EnrolledFace,
  enrolPlace,
  faceOdds,
  type Template,
  type TwoCovariance,
} from '../../learn/odds/two-covariance.ts';
import type { OpenComputation } from '../../models/graph/computation.ts';

export interface SamePerson {
  readonly people: readonly [string, string];
  /** That they are one, where a tenth of the people is expected to have a double among all. */
  readonly probability: number;
}

/** The share of people who are taught twice, before looking. */
const doubles = 0.1;

/** Nobody compares more by looking at them. */
const mostPeople = 10_000;

/**
 * @param faces of each person, in the order of `people`
 * @param compute large products: everybody is compared with everybody
 * @returns pairs that are likelier one person than two, the likeliest first
 */
export async function likelySamePeople(
  background: TwoCovariance,
  people: readonly string[],
  faces: readonly (readonly EnrolledFace[])[],
  compute: OpenComputation,
): Promise<SamePerson[]> {
  if (people.length > mostPeople) return [];
  const templates = faces.map((own) => enrolPlace(background, own));
  const prior = doubles / Math.max(1, people.length - 1);
  const found: SamePerson[] = [];
  for (const [i, j] of await alikePairs(templates, faces.map(middleOf), compute)) {
    const odds = Math.min(meanOdds(templates[i]!, faces[j]!), meanOdds(templates[j]!, faces[i]!));
    const probability = 1 / (1 + Math.exp(-odds) * (1 / prior - 1));
    if (probability > 0.5) found.push({ people: [people[i]!, people[j]!], probability });
  }
  return found.toSorted((a, b) => b.probability - a.probability);
}

/** A first look by one face each: of most pairs it is enough to know that they are two. */
async function alikePairs(
  templates: readonly Template[],
  middles: readonly Float32Array[],
  compute: OpenComputation,
): Promise<(readonly [number, number])[]> {
  const pairs: (readonly [number, number])[] = [];
  const everybody = openManyOdds(templates, compute);
  try {
    for await (const { first, rows } of everybody.blocks(middles)) {
      for (const [at, row] of rows.entries()) {
        const j = first + at;
        for (let i = 0; i < j; i++) if (row[i]! >= 0) pairs.push([i, j]);
      }
    }
  } finally {
    await everybody.close();
  }
  return pairs.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
}

/** The mean odds of one face of a person: photos of one person are not independent, so they are not multiplied. */
function meanOdds(template: Template, faces: readonly EnrolledFace[]): number {
  return faces.reduce((sum, face) => sum + faceOdds(template, face), 0) / faces.length;
}

function middleOf(faces: readonly EnrolledFace[]): Float32Array {
  const z = new Float32Array(faces[0]!.z.length);
  let weight = 0;
  for (const { z: own, quality } of faces) {
    for (let k = 0; k < z.length; k++) z[k]! += own[k]! * quality;
    weight += quality;
  }
  return z.map((sum) => sum / Math.max(weight, 1e-9));
}

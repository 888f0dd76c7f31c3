/** Two folders that seem to hold one person: whoever is taught twice has half of every answer. */

import {
  type EnrolledFace,
  enrolPlace,
  faceOdds,
  type Template,
  type TwoCovariance,
} from '../../learn/odds/two-covariance.ts';

export interface SamePerson {
  readonly people: readonly [string, string];
  /** That they are one, where a tenth of the people is expected to have a double among all. */
  readonly probability: number;
}

/** The share of people who are taught twice, before looking. */
const doubles = 0.1;

/** Nobody compares more by looking at them; it would take minutes. */
const mostPeople = 10_000;

/**
 * @param faces of each person, in the order of `people`
 * @returns pairs that are likelier one person than two, the likeliest first
 */
export function likelySamePeople(
  background: TwoCovariance,
  people: readonly string[],
  faces: readonly (readonly EnrolledFace[])[],
): SamePerson[] {
  if (people.length > mostPeople) return [];
  const templates = faces.map((own) => enrolPlace(background, own));
  const middles = faces.map(middleOf);
  const prior = doubles / Math.max(1, people.length - 1);
  const found: SamePerson[] = [];
  for (let i = 0; i < people.length; i++) {
    for (let j = i + 1; j < people.length; j++) {
      // A first look by one face each: of most pairs it is enough to know that they are two.
      if (faceOdds(templates[i]!, middles[j]!) < 0) continue;
      const odds = Math.min(meanOdds(templates[i]!, faces[j]!), meanOdds(templates[j]!, faces[i]!));
      const probability = 1 / (1 + Math.exp(-odds) * (1 / prior - 1));
      if (probability > 0.5) found.push({ people: [people[i]!, people[j]!], probability });
    }
  }
  return found.toSorted((a, b) => b.probability - a.probability);
}

/** The mean odds of one face of a person: photos of one person are not independent, so they are not multiplied. */
function meanOdds(template: Template, faces: readonly EnrolledFace[]): number {
  return faces.reduce((sum, face) => sum + faceOdds(template, face), 0) / faces.length;
}

function middleOf(faces: readonly EnrolledFace[]): EnrolledFace {
  const z = new Float32Array(faces[0]!.z.length);
  let weight = 0;
  for (const { z: own, quality } of faces) {
    for (let k = 0; k < z.length; k++) z[k]! += own[k]! * quality;
    weight += quality;
  }
  return { z: z.map((sum) => sum / Math.max(weight, 1e-9)), quality: 1 };
}

/** Which photos of a folder are learnt and which are asked about, in each round of a cross-validation. */

import { dealByHash, dealLabels } from '../../photos/folds.ts';
import { groupNearDuplicates } from '../../photos/near-duplicates.ts';
import type { EvaluationPhoto } from './evaluation-photos.ts';
import type { ChosenPhoto } from './labelled-faces.ts';

export interface Round {
  readonly training: readonly ChosenPhoto[];
  /** Photos of people, asked about by their labelled face. */
  readonly heldOut: readonly ChosenPhoto[];
  /** Photos of strangers, asked about by all their faces. */
  readonly strangers: readonly EvaluationPhoto[];
}

export interface Plan {
  readonly rounds: readonly Round[];
  /** People with a single photo: it cannot be learnt and asked about both. */
  readonly alone: readonly string[];
}

/**
 * First every photo is asked about once, by a model of the other parts. Then, unless strangers were given, every
 * person is left out once with all of their photos, and is a stranger to the model of the others.
 */
export function planRounds(
  people: readonly ChosenPhoto[],
  strangers: readonly EvaluationPhoto[],
  parts: number,
): Plan {
  const groups = groupNearDuplicates(people.map(({ perceptualHash }) => perceptualHash));
  const items = people.map(({ sha256, person }, i) => ({ sha256, label: person, group: groups[i]! }));
  const part = dealByHash(items, parts);
  const strangerPart = dealByHash(
    strangers.map(({ sha256, person }) => ({ sha256, label: person })),
    parts,
  );
  const asked = new Set<string>();
  const rounds: Round[] = [];
  for (let p = 0; p < parts; p++) {
    const training = learnable(people.filter((_, i) => part[i] !== p));
    const known = new Set(training.map(({ person }) => person));
    const heldOut = people.filter(({ person }, i) => part[i] === p && known.has(person));
    for (const { person } of heldOut) asked.add(person);
    rounds.push({ training, heldOut, strangers: strangers.filter((_, i) => strangerPart[i] === p) });
  }
  const labels = [...new Set(people.map(({ person }) => person))];
  const alone = labels.filter((person) => !asked.has(person));
  if (strangers.length === 0) rounds.push(...leavingOut(people, items, Math.min(parts, labels.length)));
  return { rounds: rounds.filter((round) => isUseful(round)), alone };
}

function leavingOut(
  people: readonly ChosenPhoto[],
  items: readonly { readonly sha256: string; readonly label: string; readonly group: number }[],
  parts: number,
): Round[] {
  const part = dealLabels(items, parts);
  return Array.from({ length: parts }, (_, p) => {
    const isOut = people.map(({ person }) => part.get(person) === p);
    // A photo of two friends may be in the folders of both.
    const groupsOut = new Set(items.filter((__, i) => isOut[i]).map(({ group }) => group));
    return {
      training: learnable(people.filter((__, i) => !groupsOut.has(items[i]!.group))),
      heldOut: people.filter((__, i) => isOut[i]),
      strangers: [],
    };
  });
}

function learnable(photos: readonly ChosenPhoto[]): ChosenPhoto[] {
  return photos.filter(({ faces }) => faces.length > 0);
}

function isUseful({ training, heldOut, strangers }: Round): boolean {
  return training.length > 0 && heldOut.length + strangers.length > 0;
}

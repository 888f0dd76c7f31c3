/** The report of a training: printed as it goes, and stored in the model file. */

import { relative, sep } from 'node:path';
import type { TriedHead } from '../../learn/layer/fit-head.ts';
import type { FittedRecalibration } from '../../learn/odds/recalibration.ts';
import type { StrangerRates } from '../../learn/odds/stranger-rates.ts';
import type { SkippedPhoto } from '../../photos/read-dataset.ts';
import type { PeopleReading } from '../find/read-album.ts';
import type { Choice } from './consensus.ts';
import { decide, type Probe } from './gallery.ts';
import type { PeopleModel } from './model-file.ts';
import type { SamePerson } from './same-person.ts';

export interface FacesReport {
  readonly photos: number;
  readonly faces: number;
  readonly computed: number;
  readonly cached: number;
  readonly severalFaces: number;
  /** Files that should have been photos and could not be read; among `skipped`. */
  readonly unreadable: number;
  readonly skipped: readonly SkippedPhoto[];
  /** Photos of which something is missing or doubtful: only faces that are whole were learned. Absent if there are none. */
  readonly damaged?: readonly SkippedPhoto[];
  /** Photos left out because the person's face is turned away, blurred or covered. */
  readonly unclear: readonly string[];
  /** Photos with several faces of people who have no other photo: which face is meant is a guess. */
  readonly unsure: readonly string[];
  /** Photos left out because no face in them agrees with the person's other photos. */
  readonly likelyWrong: readonly {
    readonly path: string;
    readonly person: string;
    readonly looksLike?: string;
  }[];
}

export interface HeldOutReport {
  readonly photos: number;
  readonly right: number;
  readonly mistakes: readonly {
    readonly path: string;
    readonly person: string;
    /** The wrong name that was given, or null if the face was called unknown. */
    readonly answer: string | null;
    readonly probability: number;
  }[];
}

export interface TrainReport extends FacesReport {
  /** Things about the folders that look as if they were not meant so, a sentence each. Absent if there are none. */
  readonly doubts?: readonly string[];
  /** Names that seem to be of one person, the likeliest first. Absent if there are none. */
  readonly samePerson?: readonly SamePerson[];
  readonly people: readonly { readonly person: string; readonly photos: number; readonly heldOut: number }[];
  /** Figures without a head, and with each head that was tried. */
  readonly points: readonly TriedHead[];
  /** How strongly the head is held back that did best on the held-out photos; null if none did better than no head. */
  readonly precision: number | null;
  /** The recalibration of the odds on this folder; null if there were too few photos to fit it. */
  readonly recalibration: FittedRecalibration | null;
  /** How often strangers are given a name, for each probability that names are given from. */
  readonly strangerRates: StrangerRates;
  /** Names are given from this probability up. */
  readonly minProbability: number;
  readonly heldOut: HeldOutReport;
}

/** Paths in a report are relative to the folder: a model file may be given away. */
export function facesReport(
  root: string,
  { photos, skipped, damaged, unreadable, computed, cached }: PeopleReading,
  choices: readonly Choice[],
): FacesReport {
  const alone = singles(photos.map(({ person }) => person));
  return {
    photos: photos.length,
    faces: photos.reduce((sum, { faces }) => sum + faces.length, 0),
    computed,
    cached,
    unreadable,
    severalFaces: photos.filter(({ faces }) => faces.length > 1).length,
    skipped: skipped.map(({ path, reason }) => ({ path: within(root, path), reason })),
    ...(damaged.length > 0 && {
      damaged: damaged.map(({ path, reason }) => ({ path: within(root, path), reason })),
    }),
    unclear: photos.filter((_, i) => choices[i]!.verdict === 'unclear').map(({ path }) => within(root, path)),
    unsure: photos
      .filter(({ person, faces }) => faces.length > 1 && alone.has(person))
      .map(({ path }) => within(root, path)),
    likelyWrong: photos.flatMap(({ path, person }, i) => {
      const { verdict, looksLike } = choices[i]!;
      return verdict !== 'doubtful'
        ? []
        : [{ path: within(root, path), person, ...(looksLike !== undefined && { looksLike }) }];
    }),
  };
}

/** Those who are named once. */
function singles(people: readonly string[]): ReadonlySet<string> {
  const [once, again] = [new Set<string>(), new Set<string>()];
  for (const person of people) (once.has(person) ? again : once).add(person);
  return new Set([...once].filter((person) => !again.has(person)));
}

/** Asks a model about photos that it was not trained on. */
export function heldOutReport(
  root: string,
  model: PeopleModel,
  photos: readonly (Probe & { readonly path: string; readonly label: string })[],
): HeldOutReport {
  const mistakes = photos.flatMap(({ path, label, ...probe }) => {
    const decision = decide(model, [probe])[0]!;
    const answer = decision.kind === 'known' ? decision.person : null;
    if (answer === label) return [];
    return [{ path: within(root, path), person: label, answer, probability: decision.probability }];
  });
  return { photos: photos.length, right: photos.length - mistakes.length, mistakes };
}

function within(root: string, path: string): string {
  return relative(root, path).split(sep).join('/');
}

/**
 * Which face in each photo is the person the folder is named after? The one that agrees with the person's
 * other photos, and with nobody else's folder. Photos that agree with nothing are likely wrong labels.
 */

import {
  enrol,
  logLikelihoodRatio as oddsOf,
  type Template,
  type TwoCovariance,
} from '../learn/two-covariance.ts';

/** One photo of a person's folder, its faces projected by the model, the most prominent first. */
export interface LabelledFaces {
  readonly person: string;
  readonly faces: readonly Float32Array[];
}

export interface Choice {
  /** Index into the photo's faces. */
  readonly face: number;
  /** Log odds that this face is the person, given the person's other photos and everybody else's. */
  readonly odds: number;
  /** False: the photo's faces do not agree with the rest of the folder, which does agree with itself. */
  readonly agrees: boolean;
  /** Where the photo does not agree: the person whose folder it fits, if there is one. */
  readonly looksLike?: string;
}

/** The first guess compares every photo with at most so many others: agreement needs no more. */
const seedPhotos = 150;
const rounds = 3;

/** @returns one choice for each photo, in order; photos without a face must be left out before */
export function chooseFaces(model: TwoCovariance, photos: readonly LabelledFaces[]): Choice[] {
  const people: People = new Map();
  for (const [index, photo] of photos.entries()) {
    const entries = people.get(photo.person) ?? [];
    people.set(photo.person, [...entries, { photo, index }]);
  }
  const chosen: number[] = photos.map(() => 0);
  const trusted: boolean[] = photos.map(() => true);
  for (const entries of people.values()) {
    const seed = mostSupported(
      model,
      entries.map((e) => e.photo.faces),
    );
    if (seed === undefined) continue;
    for (const { photo, index } of entries) {
      const best = argMax(photo.faces.map((z) => oddsOf(seed, z)));
      chosen[index] = best.at;
      trusted[index] = isTrusted(best.value, photo);
    }
  }
  let odds: Fit[] = [];
  for (let round = 0; round < rounds; round++) {
    odds = fitAll(model, photos, people, chosen, trusted);
    for (const [index, fit] of odds.entries()) {
      chosen[index] = fit.face;
      trusted[index] = isTrusted(fit.odds, photos[index]!);
    }
    keepUndecided(people, trusted);
  }
  return odds.map(({ face, odds: value, rival }, index) => ({
    face,
    odds: value,
    agrees: trusted[index]!,
    ...(trusted[index] || rival === undefined ? {} : { looksLike: rival }),
  }));
}

/**
 * A folder is right about 19 photos out of 20, so a single face needs strong odds against it to be doubted; of
 * several faces, each is the person less often.
 */
function isTrusted(odds: number, { faces }: LabelledFaces): boolean {
  return odds > -Math.log(19 / faces.length);
}

type People = Map<string, { photo: LabelledFaces; index: number }[]>;

interface Fit {
  readonly face: number;
  readonly odds: number;
  readonly rival: string | undefined;
}

/** Each photo against the template of its person's other trusted photos, and against all other people's. */
function fitAll(
  model: TwoCovariance,
  photos: readonly LabelledFaces[],
  people: People,
  chosen: readonly number[],
  trusted: readonly boolean[],
): Fit[] {
  const templates = new Map<string, Template>();
  const trustedFaces = (person: string, except: number): Float32Array[] =>
    people
      .get(person)!
      .filter(({ index }) => trusted[index] && index !== except)
      .map(({ photo, index }) => photo.faces[chosen[index]!]!);
  for (const person of people.keys()) templates.set(person, enrol(model, trustedFaces(person, -1)));
  return photos.map((photo, index) => {
    const rest = trustedFaces(photo.person, index);
    const own = rest.length > 0 ? enrol(model, rest) : undefined;
    const fits = photo.faces.map((z) => {
      let rival: string | undefined;
      let rivalOdds = 0;
      for (const [person, template] of templates) {
        if (person === photo.person) continue;
        const value = oddsOf(template, z);
        if (value > rivalOdds) [rival, rivalOdds] = [person, value];
      }
      return { rival, odds: (own ? oddsOf(own, z) : 0) - rivalOdds };
    });
    const best = argMax(fits.map((fit) => fit.odds));
    return { face: best.at, odds: best.value, rival: fits[best.at]!.rival };
  });
}

/**
 * A photo is doubted only where the folder has a majority that agrees. Two photos that do not agree, or a
 * single one, leave nobody to say which is wrong: all are kept.
 */
function keepUndecided(people: People, trusted: boolean[]): void {
  for (const entries of people.values()) {
    const agreeing = entries.filter(({ index }) => trusted[index]).length;
    if (agreeing >= 2 && agreeing * 2 > entries.length) continue;
    for (const { index } of entries) trusted[index] = true;
  }
}

/** The template of the face that is found again in most of the other photos. */
function mostSupported(
  model: TwoCovariance,
  photos: readonly (readonly Float32Array[])[],
): Template | undefined {
  const others = photos.slice(0, seedPhotos);
  if (others.length < 2) return undefined;
  let best: Template | undefined;
  let bestSupport = -1;
  for (const [i, faces] of others.entries()) {
    for (const face of faces) {
      const template = enrol(model, [face]);
      let support = 0;
      for (const [j, candidates] of others.entries()) {
        if (i === j) continue;
        const { value } = argMax(candidates.map((z) => oddsOf(template, z)));
        support += 1 / (1 + Math.exp(-value));
      }
      if (support > bestSupport) [best, bestSupport] = [template, support];
    }
  }
  return best;
}

function argMax(values: readonly number[]): { readonly at: number; readonly value: number } {
  let at = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[at]!) at = i;
  return { at, value: values[at]! };
}

/**
 * Which face in each photo is the person the folder is named after? The one that agrees with the person's
 * other photos, and with nobody else's folder. Photos that agree with nothing are likely wrong labels.
 */

import { softplus } from '../../learn/odds/logistic-calibration.ts';
import {
  type EnrolledFace,
  enrol,
  enrolLeavingOut,
  enrolPlace,
  logLikelihoodRatio,
  project,
  type Template,
  type TwoCovariance,
} from '../../learn/odds/two-covariance.ts';
import type { OpenComputation } from '../../models/graph/computation.ts';
import type { PhotoFaces } from '../find/face.ts';
import { prominences } from '../find/prominence.ts';
import { likeliestOthers } from './rivals.ts';

/** One photo of a person's folder. */
export interface LabelledFaces {
  readonly person: string;
  readonly faces: readonly LabelledFace[];
}

export interface LabelledFace extends EnrolledFace {
  /** How much the photo is about this face, 0 to 1: decides where agreement cannot. */
  readonly prominence: number;
}

/** The faces of a photo as `chooseFaces` takes them. */
export function labelledFaces(
  model: TwoCovariance,
  photo: Pick<PhotoFaces, 'width' | 'height' | 'faces'>,
): LabelledFace[] {
  const prominence = prominences(photo);
  return photo.faces.map(({ embedding, quality }, i) => ({
    z: project(model, embedding.values),
    quality,
    prominence: prominence[i]!,
  }));
}

export interface Choice {
  /** Index into the photo's faces. */
  readonly face: number;
  /** Log odds that this face is the person, given the person's other photos and everybody else's. */
  readonly odds: number;
  /**
   * `unclear`: the face is turned away, blurred or covered, and says neither yes nor no. `doubtful`: the photo's
   * faces do not agree with the rest of the folder, which does agree with itself.
   */
  readonly verdict: 'agrees' | 'unclear' | 'doubtful';
  /** If the photo is doubtful: the person whose folder it fits, if there is one. */
  readonly looksLike?: string;
}

/** The first guess compares every photo with at most so many others: agreement needs no more. */
const seedPhotos = 150;
const rounds = 3;

/**
 * @param open computes large products: every face is compared with everybody, up to three times
 * @param onFace told how many of these comparisons are done
 * @returns one choice for each photo, in order; photos without a face must be left out before
 */
export async function chooseFaces(
  model: TwoCovariance,
  photos: readonly LabelledFaces[],
  open: OpenComputation,
  onFace: OnFace = () => {},
): Promise<Choice[]> {
  const people: People = new Map();
  for (const [index, photo] of photos.entries()) {
    const entries = people.get(photo.person);
    if (entries) entries.push({ photo, index });
    else people.set(photo.person, [{ photo, index }]);
  }
  const chosen = photos.map((photo) =>
    likeliest(
      photo,
      photo.faces.map(() => 0),
    ),
  );
  const verdicts: Verdict[] = photos.map(() => 'agrees');
  for (const entries of people.values()) {
    const seed = mostSupported(
      model,
      entries.map((e) => e.photo.faces),
    );
    if (seed === undefined) continue;
    for (const { photo, index } of entries) {
      const odds = photo.faces.map(({ z }) => logLikelihoodRatio(seed, z));
      chosen[index] = likeliest(photo, odds);
      verdicts[index] = verdictOn(photo, chosen[index], odds[chosen[index]]!);
    }
  }
  let fits: Fit[] = [];
  const faces = photos.reduce((sum, photo) => sum + photo.faces.length, 0);
  for (let round = 0; round < rounds; round++) {
    const [chosenBefore, verdictsBefore] = [[...chosen], [...verdicts]];
    fits = await fitAll(model, photos, people, chosen, verdicts, open, (done) =>
      onFace(round * faces + done, rounds * faces),
    );
    for (const [index, { face, odds }] of fits.entries()) {
      chosen[index] = face;
      verdicts[index] = verdictOn(photos[index]!, face, odds);
    }
    keepUndecided(people, verdicts);
    // Another round would compare the same faces with the same people.
    if (chosen.every((face, i) => face === chosenBefore[i] && verdicts[i] === verdictsBefore[i])) break;
  }
  onFace(rounds * faces, rounds * faces);
  return fits.map(({ face, odds, rival }, index) => {
    const verdict = verdicts[index]!;
    return {
      face,
      odds,
      verdict,
      ...(verdict === 'doubtful' && rival !== undefined && { looksLike: rival }),
    };
  });
}

/** From this quality up a face is clear enough to say yes or no. */
const clearFrom = 0.3;

/**
 * A folder is right about 19 photos out of 20, so a single face needs strong odds against it to be doubted; of
 * several faces, each is the person less often. An unclear face has to agree strongly to be taken.
 */
function verdictOn({ faces }: LabelledFaces, face: number, odds: number): Verdict {
  if (faces[face]!.quality < clearFrom) return odds > Math.log(19 * faces.length) ? 'agrees' : 'unclear';
  return odds > -Math.log(19 / faces.length) ? 'agrees' : 'doubtful';
}

type Verdict = Choice['verdict'];

export type OnFace = (done: number, total: number) => void;

type People = Map<string, { photo: LabelledFaces; index: number }[]>;

interface Fit {
  readonly face: number;
  readonly odds: number;
  readonly rival: string | undefined;
}

/** Each photo against the template of its person's other agreeing photos, and against all other people's. */
async function fitAll(
  model: TwoCovariance,
  photos: readonly LabelledFaces[],
  people: People,
  chosen: readonly number[],
  verdicts: readonly Verdict[],
  open: OpenComputation,
  onFace: (done: number) => void,
): Promise<Fit[]> {
  const places: Template[] = [];
  const own = new Map<number, () => Template>();
  for (const entries of people.values()) {
    const agreeing = entries.filter(({ index }) => verdicts[index] === 'agrees');
    const faces = agreeing.map(({ photo, index }) => photo.faces[chosen[index]!]!);
    places.push(enrolPlace(model, faces));
    const whole = enrol(model, faces);
    const without = enrolLeavingOut(model, faces);
    for (const { index } of entries) own.set(index, () => whole);
    // Made when it is needed and forgotten: all of them at once would be as many as photos, squared.
    for (const [i, { index }] of agreeing.entries()) own.set(index, () => without(i));
  }
  const names = [...people.keys()];
  const indices = new Map(names.map((name, i) => [name, i]));
  const faces = photos.flatMap((photo) =>
    photo.faces.map(({ z }) => ({ z, own: indices.get(photo.person)! })),
  );
  const rivals = await likeliestOthers(places, faces, open, onFace);
  let next = 0;
  return photos.map((photo, index) => {
    const template = own.get(index)!();
    const fits = photo.faces.map(({ z }) => {
      const { person, odds } = rivals[next++]!;
      const rival = person < 0 ? undefined : names[person];
      return { rival, odds: logLikelihoodRatio(template, z) - oddsOfOthers(odds, names.length - 1) };
    });
    const face = likeliest(
      photo,
      fits.map((fit) => fit.odds),
    );
    return { face, ...fits[face]! };
  });
}

/**
 * Log odds that a face is anybody but the folder's person: of the other people, each of whom is unlikely before looking,
 * or of somebody without a folder. Among hundreds of people one resembles any face by chance.
 *
 * @param highest log odds of the likeliest of the others
 */
function oddsOfOthers(highest: number, others: number): number {
  // ln(½ + ½ · exp(highest) / others)
  return softplus(highest - Math.log(Math.max(others, 1))) - Math.LN2;
}

/**
 * A photo is doubted only where the folder has a majority that agrees. Two photos that do not agree, or a
 * single one, leave nobody to say which is wrong: all are kept. And unclear faces are better than none.
 */
function keepUndecided(people: People, verdicts: Verdict[]): void {
  for (const entries of people.values()) {
    const count = (verdict: Verdict): number =>
      entries.filter(({ index }) => verdicts[index] === verdict).length;
    const agreeing = count('agrees');
    const doubted = count('doubtful');
    if (agreeing >= 2 && agreeing > doubted) continue;
    for (const { index } of entries) {
      if (verdicts[index] === 'doubtful' || agreeing + doubted === 0) verdicts[index] = 'agrees';
    }
  }
}

/** The face of a photo with the best odds; a more prominent face is likelier to begin with. */
function likeliest({ faces }: LabelledFaces, odds: readonly number[]): number {
  return argMax(odds.map((value, i) => value + Math.log(faces[i]!.prominence))).at;
}

/** The template of the face that is found again in most of the other photos. */
function mostSupported(
  model: TwoCovariance,
  photos: readonly (readonly LabelledFace[])[],
): Template | undefined {
  const others = photos.slice(0, seedPhotos);
  if (others.length < 2) return undefined;
  let best: Template | undefined;
  let bestSupport = -1;
  for (const [i, faces] of others.entries()) {
    for (const face of faces) {
      const template = enrol(model, [face]);
      // If two people are in every photo, both are found again as often: the one in front is meant.
      let support = 0.5 * face.prominence;
      for (const [j, candidates] of others.entries()) {
        if (i === j) continue;
        const { value } = argMax(candidates.map(({ z }) => logLikelihoodRatio(template, z)));
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

/**
 * Odds that came calibrated, fitted again on a person's own folders: how much alike the enrolled people are, and
 * how alike the photos of each, differs from the reference set. Two numbers, so that the order of answers about
 * one face stays, and a prior that keeps them where they are until there is something to learn from.
 */

import { type Derivatives, minimiseByNewton, type ScaleAndOffset } from './newton.ts';

/** log odds = scale · log odds + offset */
export type Recalibration = ScaleAndOffset;

/** Odds as they came. */
export const unchanged: Recalibration = { scale: 1, offset: 0 };

/** log P(face | person) / P(face | somebody else) of a face of this quality, as this folder has it. */
export function recalibrated({ scale, offset }: Recalibration, odds: number, quality: number): number {
  return quality * (scale * odds + offset);
}

/** A photo of the folder as a new photo would be seen: it had no part in the odds of its own person. */
export interface HeldOutOdds {
  /** Index of the person whose photo it is. */
  readonly person: number;
  /** How clear the face is, 0 to 1; its odds are multiplied by it. */
  readonly quality: number;
  /** log P(face | person) / P(face | somebody else) by the person's other photos; NaN if there are none. */
  readonly own: number;
  /** The same of the other people, as far as they matter: see `highestOthers`. */
  readonly others: readonly number[];
}

export interface FittedRecalibration extends ScaleAndOffset {
  /** Photos of enrolled people with another photo of theirs to be known by, and how many people. */
  readonly photos: number;
  readonly people: number;
}

/** Fitted on another half of Labeled Faces in the Wild, scales came out 0.9 to 1.3 and offsets −1 to 2. */
const prior = { scale: 0.25, offset: 1 };

/** Photos of one person resemble each other: n of them say as much as n / (1 + (n − 1) · this) independent ones. */
const alike = 0.2;

/** Odds far below the highest ones add nothing; of a thousand people these are enough. */
const keptOdds = 16;
const outOfReach = 30;

/** A scale of 0 would make all people equal, a negative one the least alike the likeliest. */
const leastScale = 0.2;

/**
 * The odds that matter of all that a face has.
 *
 * @param odds one for each person of the gallery
 * @param own index of the person whose face it is
 * @returns the highest ones of other people, from the highest down
 */
export function highestOthers(odds: ArrayLike<number>, own: number): number[] {
  const highest: number[] = [];
  for (let i = 0; i < odds.length; i++) {
    const value = odds[i]!;
    if (i === own || (highest.length === keptOdds && value <= highest.at(-1)!)) continue;
    let at = highest.length;
    while (at > 0 && highest[at - 1]! < value) at--;
    highest.splice(at, 0, value);
    if (highest.length > keptOdds) highest.pop();
  }
  return highest.filter((value) => value >= highest[0]! - outOfReach);
}

/**
 * Each photo is asked about twice: in a gallery with its person (known by their other photos), and in a gallery
 * without, where it is a stranger's. The posterior of `openSetPosterior` is a multinomial logistic function of
 * scale and offset, so the most probable ones under a normal prior follow from a convex problem, solved by
 * Newton's method. People count evenly but for the number of their photos; enrolled and strangers by the prior.
 *
 * @param count people of the gallery
 * @returns null if fewer than two people have two photos: strangers alone would say no to everybody
 */
export function fitRecalibration(
  photos: readonly HeldOutOdds[],
  count: number,
  priorUnknown: number,
): FittedRecalibration | null {
  const known = photos.filter(({ own }) => !Number.isNaN(own));
  const people = new Set(known.map(({ person }) => person)).size;
  if (people < 2) return null;
  const enrolled = weighted(known, (photo) => question(photo, count, priorUnknown, true));
  const strangers = weighted(photos, (photo) => question(photo, count, priorUnknown, false));
  // The two kinds are weighed against each other by the prior; together they say what the rarer one can.
  const evidence = 2 * Math.min(enrolled.total, strangers.total);
  const questions = [
    ...enrolled.questions.map((q) => ({
      ...q,
      weight: (q.weight * evidence * (1 - priorUnknown)) / enrolled.total,
    })),
    ...strangers.questions.map((q) => ({
      ...q,
      weight: (q.weight * evidence * priorUnknown) / strangers.total,
    })),
  ];
  const fitted = minimiseByNewton((at) => unlikelihood(questions, at), unchanged, {
    standstill: 1e-9,
    leastScale,
  });
  return { ...fitted, photos: known.length, people };
}

/** One face in one gallery: P(answer) ∝ exp(quality · (scale · odds + offset) + prior), and 1 for a stranger. */
interface Question {
  readonly quality: number;
  readonly odds: readonly number[];
  /** Log of the prior of each person, against that of a stranger. */
  readonly prior: number;
  /** Index into `odds` of the right answer; −1 for a stranger. */
  readonly truth: number;
  readonly weight: number;
}

function question(
  { quality, own, others }: HeldOutOdds,
  count: number,
  priorUnknown: number,
  isEnrolled: boolean,
): Omit<Question, 'weight'> {
  return {
    quality,
    odds: isEnrolled ? [own, ...others] : others,
    prior: Math.log((1 - priorUnknown) / Math.max(1, isEnrolled ? count : count - 1) / priorUnknown),
    truth: isEnrolled ? 0 : -1,
  };
}

function weighted(
  photos: readonly HeldOutOdds[],
  ask: (photo: HeldOutOdds) => Omit<Question, 'weight'>,
): { readonly questions: readonly Question[]; readonly total: number } {
  const photosOf = new Map<number, number>();
  for (const { person } of photos) photosOf.set(person, (photosOf.get(person) ?? 0) + 1);
  const questions = photos.map((photo) => ({
    ...ask(photo),
    weight: 1 / (1 + (photosOf.get(photo.person)! - 1) * alike),
  }));
  return { questions, total: questions.reduce((sum, { weight }) => sum + weight, 0) };
}

/** Minus the logarithm of the posterior, with its derivatives. */
function unlikelihood(questions: readonly Question[], { scale, offset }: Recalibration): Derivatives {
  let loss = 0.5 * ((scale - 1) / prior.scale) ** 2 + 0.5 * (offset / prior.offset) ** 2;
  let [g0, g1] = [(scale - 1) / prior.scale ** 2, offset / prior.offset ** 2];
  let [h00, h01, h11] = [1 / prior.scale ** 2, 0, 1 / prior.offset ** 2];
  for (const { quality, odds, prior: before, truth, weight } of questions) {
    const logits = odds.map((value) => quality * (scale * value + offset) + before);
    const highest = logits.reduce((a, b) => Math.max(a, b), 0);
    const powers = logits.map((value) => Math.exp(value - highest));
    const total = powers.reduce((a, b) => a + b, Math.exp(-highest));
    loss -= weight * ((truth < 0 ? 0 : logits[truth]!) - highest - Math.log(total));
    // Means of the answers' slopes in scale and offset, and from them the covariance.
    let [m0, m1, s00, s01, s11] = [0, 0, 0, 0, 0];
    for (const [i, power] of powers.entries()) {
      const p = power / total;
      const slope = quality * odds[i]!;
      m0 += p * slope;
      m1 += p * quality;
      s00 += p * slope * slope;
      s01 += p * slope * quality;
      s11 += p * quality * quality;
    }
    g0 += weight * (m0 - (truth < 0 ? 0 : quality * odds[truth]!));
    g1 += weight * (m1 - (truth < 0 ? 0 : quality));
    h00 += weight * (s00 - m0 * m0);
    h01 += weight * (s01 - m0 * m1);
    h11 += weight * (s11 - m1 * m1);
  }
  return { loss, g0, g1, h00, h01, h11 };
}

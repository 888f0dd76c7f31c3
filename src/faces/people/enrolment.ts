/** From chosen faces to a model of people: templates, what their odds come to, the head that tells look-alikes apart. */

import { fitHead, type HeadStep, type VectorsWithLogits } from '../../learn/layer/fit-head.ts';
import { emptyHead, type Head } from '../../learn/layer/head.ts';
import { openSetPosterior } from '../../learn/odds/open-set.ts';
import type { ReferencePairs } from '../../learn/odds/rate-table.ts';
import {
  type FittedRecalibration,
  fitRecalibration,
  type HeldOutOdds,
  type Recalibration,
  recalibrated,
  unchanged,
} from '../../learn/odds/recalibration.ts';
import { type StrangerRates, strangerRates } from '../../learn/odds/stranger-rates.ts';
import {
  type EnrolledFace,
  enrol,
  enrolLeavingOut,
  logLikelihoodRatio,
  type Template,
  type TwoCovariance,
} from '../../learn/odds/two-covariance.ts';

/** One face that is taken as an example of a person. */
export interface Example extends EnrolledFace {
  /** Index of the person. */
  readonly person: number;
  /** Near-duplicates share a group: a burst of ten photos is one piece of evidence. */
  readonly group: number;
}

export interface Enrolment {
  readonly templates: readonly Template[];
  /** null if nobody can be asked about: the odds stay as they are. */
  readonly recalibration: FittedRecalibration | null;
  readonly strangerRates: StrangerRates;
  readonly head: Head;
  /** The step that the head was taken from; 0 where it changes nothing. */
  readonly bestStep: number;
}

interface EnrolmentOptions {
  readonly steps: number;
  /** Probability, before looking, that a face is none of the people. */
  readonly priorUnknown: number;
  /** How alike people of a reference set are. */
  readonly strangers?: ReferencePairs | undefined;
  readonly onStep?: (step: HeadStep) => void;
}

/** The penalty and the length of a step suit vectors of unit variance, as the background model makes them. */
const l2 = 1e-3;

/**
 * @param validation without any, the head takes all `steps`; else the step that did best on them is kept
 */
export function enrolPeople(
  background: TwoCovariance,
  count: number,
  training: readonly Example[],
  validation: readonly Example[],
  { steps, priorUnknown, strangers, onStep }: EnrolmentOptions,
): Enrolment {
  const byPerson = Array.from({ length: count }, (): Example[] => []);
  for (const example of training) byPerson[example.person]!.push(example);
  const templates = byPerson.map((own) => enrol(background, onceEach(own).faces));
  // A training face is scored as a new face would be: against a template that it had no part in.
  const held = new Map<Example, () => Template>();
  for (const own of byPerson) {
    const { faces, groups } = onceEach(own);
    const without = enrolLeavingOut(background, faces);
    for (const example of own) held.set(example, () => without(groups.indexOf(example.group)));
  }
  const rows = training.map((example): HeldOutOdds & { readonly example: Example } => {
    const { person, quality, z } = example;
    const own = held.get(example)!();
    const odds = Float32Array.from(templates, (t, i) => logLikelihoodRatio(i === person ? own : t, z));
    // A person with one photo has no other photo to compare it with.
    if (own.components.length === 0) odds[person] = Number.NaN;
    return { example, person, quality, odds };
  });
  const once = firstOfEach(rows);
  const recalibration = fitRecalibration(once, priorUnknown);
  const fitted = recalibration ?? unchanged;
  const leftOut = {
    people: count < 2 ? 0 : new Set(once.map(({ person }) => person)).size,
    probabilities: count < 2 ? [] : once.map((row) => bestWithoutOwn(row, fitted, priorUnknown)),
  };
  const about = { people: count, priorUnknown, recalibration: fitted };
  const known = { templates, recalibration, strangerRates: strangerRates(leftOut, strangers, about) };
  const taught = rows.filter(({ person, odds }) => !Number.isNaN(odds[person]));
  if (taught.length === 0) {
    return { ...known, head: emptyHead(count, background.between.length), bestStep: 0 };
  }
  const asked = validation.map((example): HeldOutOdds & { readonly example: Example } => ({
    ...example,
    example,
    odds: Float32Array.from(templates, (template) => logLikelihoodRatio(template, example.z)),
  }));
  const largest = taught.reduce((a, { example }) => Math.max(a, squaredLength(example.z)), 1);
  const { head, best } = fitHead(
    examples(taught, fitted, priorUnknown),
    examples(asked, fitted, priorUnknown),
    count,
    // The softmax loss curves at most half as much as the longest input squared.
    { steps, l2, learningRate: 2 / (largest + 1), ...(onStep && { onStep }) },
  );
  return { ...known, head, bestStep: best.step };
}

function examples(
  rows: readonly (HeldOutOdds & { readonly example: Example })[],
  fitted: Recalibration,
  priorUnknown: number,
): VectorsWithLogits {
  const offsets = rows.map((row) => Float32Array.from(row.odds, (v) => recalibrated(fitted, v, row.quality)));
  return {
    inputs: rows.map(({ example }) => example.z),
    labels: rows.map(({ person }) => person),
    offsets,
    unknown: offsets.map((row) => openSetPosterior(row, priorUnknown).unknown),
  };
}

/** The probability of the likeliest name in a gallery without the face's person. */
function bestWithoutOwn(
  { person, quality, odds }: HeldOutOdds,
  fitted: Recalibration,
  priorUnknown: number,
): number {
  const others = Array.from(odds).toSpliced(person, 1);
  const { people } = openSetPosterior(
    others.map((value) => recalibrated(fitted, value, quality)),
    priorUnknown,
  );
  return people.reduce((a, b) => Math.max(a, b), 0);
}

/** A burst of photos is asked about once. */
function firstOfEach<T extends { readonly person: number; readonly example: Example }>(
  rows: readonly T[],
): T[] {
  const seen = new Set<string>();
  return rows.filter(({ person, example }) => {
    const key = `${person} ${example.group}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** Each group of near-duplicates counts once, as the mean of its faces. */
function onceEach(of: readonly Example[]): {
  readonly faces: readonly EnrolledFace[];
  readonly groups: readonly number[];
} {
  const groups = new Map<number, EnrolledFace[]>();
  for (const example of of) {
    const group = groups.get(example.group);
    if (group) group.push(example);
    else groups.set(example.group, [example]);
  }
  return { faces: [...groups.values()].map(meanFace), groups: [...groups.keys()] };
}

function meanFace(faces: readonly EnrolledFace[]): EnrolledFace {
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  return {
    z: faces[0]!.z.map((_, i) => mean(faces.map(({ z }) => z[i]!))),
    quality: mean(faces.map(({ quality }) => quality)),
  };
}

function squaredLength(z: Float32Array): number {
  return z.reduce((sum, v) => sum + v * v, 0);
}

/** From chosen faces to a model of people: templates, then the head that tells look-alikes apart. */

import { type Examples, emptyHead, fitHead, type Head, type HeadStep } from '../learn/head.ts';
import { openSetPosterior } from '../learn/open-set.ts';
import {
  type EnrolledFace,
  enrol,
  enrolLeavingOut,
  logLikelihoodRatio,
  type Template,
  type TwoCovariance,
} from '../learn/two-covariance.ts';

/** One face that is taken as an example of a person. */
export interface Example extends EnrolledFace {
  /** Index of the person. */
  readonly person: number;
  /** Near-duplicates share a group: a burst of ten photos is one piece of evidence. */
  readonly group: number;
}

export interface Enrolment {
  readonly templates: readonly Template[];
  readonly head: Head;
  /** The step that the head was taken from; 0 where it changes nothing. */
  readonly bestStep: number;
}

interface EnrolmentOptions {
  readonly steps: number;
  /** Probability, before looking, that a face is none of the people. */
  readonly priorUnknown: number;
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
  { steps, priorUnknown, onStep }: EnrolmentOptions,
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
  // Of somebody with one photo nothing is left to compare it with.
  const taught = training.filter((example) => held.get(example)!().components.length > 0);
  if (taught.length === 0) {
    return { templates, head: emptyHead(count, background.between.length), bestStep: 0 };
  }
  const odds = ({ z, quality, person }: Example, own: Template): Float32Array =>
    Float32Array.from(templates, (t, i) => quality * logLikelihoodRatio(i === person ? own : t, z));
  const largest = taught.reduce((a, { z }) => Math.max(a, squaredLength(z)), 1);
  const { head, best } = fitHead(
    examples(taught, priorUnknown, (example) => odds(example, held.get(example)!())),
    examples(validation, priorUnknown, (example) => odds(example, templates[example.person]!)),
    count,
    // The softmax loss curves at most half as much as the longest input squared.
    { steps, l2, learningRate: 2 / (largest + 1), ...(onStep && { onStep }) },
  );
  return { templates, head, bestStep: best.step };
}

function examples(
  of: readonly Example[],
  priorUnknown: number,
  odds: (example: Example) => Float32Array,
): Examples {
  const offsets = of.map((example) => odds(example));
  return {
    inputs: of.map(({ z }) => z),
    labels: of.map(({ person }) => person),
    offsets,
    unknown: offsets.map((row) => openSetPosterior(row, priorUnknown).unknown),
  };
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

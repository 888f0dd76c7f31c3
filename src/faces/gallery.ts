/** Enrolled people, and the decision about a face. */

import type { Embedding } from '../core/embedding.ts';
import { WhosinError } from '../errors.ts';
import { addHead, softmax } from '../learn/head.ts';
import type { PeopleModel } from '../learn/model-file.ts';
import { openSetPosterior } from '../learn/open-set.ts';
import { logLikelihoodRatio, project } from '../learn/two-covariance.ts';

export interface Candidate {
  readonly person: string;
  readonly probability: number;
}

/** What whosin says about a face. "Unknown" is an answer with a probability of its own. */
export type Decision = {
  /** Probability of the answer: of `person`, or that the face is none of the people. */
  readonly probability: number;
  /** Probability that the face is none of the people. With those of all people it adds up to 1. */
  readonly unknown: number;
  /** The likeliest people, the best first. */
  readonly candidates: readonly Candidate[];
} & ({ readonly kind: 'known'; readonly person: string } | { readonly kind: 'unknown' });

const shownCandidates = 5;

/** Throws `wrong-space` where the face was embedded by another pack than the model was trained with. */
export function decide(model: PeopleModel, face: Embedding): Decision {
  if (face.space !== model.space) {
    throw new WhosinError(
      'wrong-space',
      `The model was trained in the embedding space "${model.space}", this face lies in "${face.space}": train the model again, or use the pack that it was trained with.`,
    );
  }
  const { people, unknown } = probabilities(model, face.values);
  const candidates = [...people.entries()]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, shownCandidates)
    .map(([i, probability]) => ({ person: model.people[i]!, probability }));
  const best = candidates[0];
  return best !== undefined && best.probability >= model.minProbability
    ? { kind: 'known', person: best.person, probability: best.probability, unknown, candidates }
    : { kind: 'unknown', probability: unknown, unknown, candidates };
}

/** The gallery says whether the face is one of the people at all, templates and head say which. */
export function probabilities(
  model: PeopleModel,
  values: Float32Array,
): { readonly people: Float64Array; readonly unknown: number } {
  const z = project(model.background, values);
  const odds = Float32Array.from(model.templates, (template) => logLikelihoodRatio(template, z));
  const { unknown } = openSetPosterior(odds, model.priorUnknown);
  addHead(model.head, z, odds);
  return { people: softmax(odds).map((p) => p * (1 - unknown)), unknown };
}

/** Enrolled people, and the decisions about the faces of a photo. */

import type { Embedding } from '../core/embedding.ts';
import { WhosinError } from '../errors.ts';
import { addHead, softmax } from '../learn/head.ts';
import { assignJointly } from '../learn/joint-assignment.ts';
import type { PeopleModel } from '../learn/model-file.ts';
import { openSetPosterior, type Posterior } from '../learn/open-set.ts';
import { recalibrated, unchanged } from '../learn/recalibration.ts';
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

/** A face to be named: its embedding, and how far that can be trusted, 0 to 1. */
export interface Probe {
  readonly embedding: Embedding;
  readonly quality: number;
}

export interface DecideOptions {
  /** Mirrors, collages and contact sheets show a person more than once; photos do not. */
  readonly allowRepeats?: boolean;
}

const shownCandidates = 5;

/**
 * Decides about all faces of one photo together: a person is in it at most once.
 *
 * @throws WhosinError `wrong-space` where a face was embedded by another pack than the model was trained with
 */
export function decide(
  model: PeopleModel,
  faces: readonly Probe[],
  { allowRepeats = false }: DecideOptions = {},
): Decision[] {
  const alone = faces.map((face) => posterior(model, face));
  if (allowRepeats) return alone.map((face) => decision(model, face));
  return withoutRepeats(assignJointly(alone).map((face) => decision(model, face)));
}

/** Two faces may still tie for a name, or both reach a low `minProbability`: the likelier one has it. */
function withoutRepeats(decisions: readonly Decision[]): Decision[] {
  const best = new Map<string, Decision>();
  for (const decided of decisions) {
    if (decided.kind === 'unknown') continue;
    const other = best.get(decided.person);
    if (other === undefined || decided.probability > other.probability) best.set(decided.person, decided);
  }
  return decisions.map((decided) => {
    if (decided.kind === 'unknown' || best.get(decided.person) === decided) return decided;
    const { unknown, candidates } = decided;
    return { kind: 'unknown', probability: unknown, unknown, candidates };
  });
}

/**
 * What a face would be, looked at alone. The templates say whether it is one of the people at all, templates
 * and head say which. An unclear face says less: its odds shrink towards 1, and the answer towards what is
 * known before looking.
 */
export function posterior(model: PeopleModel, { embedding, quality }: Probe): Posterior {
  if (embedding.space !== model.space) {
    throw new WhosinError(
      'wrong-space',
      `The model was trained in the embedding space "${model.space}", this face lies in "${embedding.space}": train the model again, or use the pack that it was trained with.`,
    );
  }
  const z = project(model.background, embedding.values);
  const { recalibration = unchanged } = model;
  const odds = Float32Array.from(model.templates, (template) =>
    recalibrated(recalibration, logLikelihoodRatio(template, z), quality),
  );
  const { unknown } = openSetPosterior(odds, model.priorUnknown);
  addHead(model.head, z, odds);
  return { people: softmax(odds).map((p) => p * (1 - unknown)), unknown };
}

/** The name that follows from probabilities. */
export function decision(model: PeopleModel, { people, unknown }: Posterior): Decision {
  const candidates = [...people.entries()]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, shownCandidates)
    .map(([i, probability]) => ({ person: model.people[i]!, probability }));
  const best = candidates[0];
  return best !== undefined && best.probability >= model.minProbability
    ? { kind: 'known', person: best.person, probability: best.probability, unknown, candidates }
    : { kind: 'unknown', probability: unknown, unknown, candidates };
}

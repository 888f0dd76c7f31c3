/** Enrolled people, and the decisions about the faces of a photo. */

import { dot, type Embedding } from '../../core/embedding.ts';
import { WhosinError } from '../../errors.ts';
import { addHead, softmax } from '../../learn/layer/head.ts';
import { assignJointly } from '../../learn/odds/joint-assignment.ts';
import { openSetPosterior, type Posterior, type Unlisted } from '../../learn/odds/open-set.ts';
import { recalibrated, unchanged } from '../../learn/odds/recalibration.ts';
import { logLikelihoodRatio, project } from '../../learn/odds/two-covariance.ts';
import type { PeopleModel } from './model-file.ts';
import { findLikely, onlyListed } from './narrow-gallery.ts';

export interface LikelyPerson {
  readonly person: string;
  readonly probability: number;
}

/** The answer for a face. "Unknown" is an answer with a probability of its own. */
export type Decision = {
  /** Probability of the answer: of `person`, or that the face is none of the people. */
  readonly probability: number;
  /** Probability that the face is none of the people. With those of all people it adds up to 1. */
  readonly unknown: number;
  /** The likeliest people, the best first. */
  readonly candidates: readonly LikelyPerson[];
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

/** The same content gives the same embedding, up to rounding. */
const samePhoto = 0.9999;

/** Whether a photo of the person at an index was enrolled with just this face. */
export function isInGallery({ gallery }: PeopleModel, person: number, { values }: Embedding): boolean {
  return gallery.some((face) => face.person === person && dot(face.embedding, values) > samePhoto);
}

/**
 * Decides about all faces of one photo together: a person is in it at most once.
 *
 * @throws WhosinError `wrong-space` if a face was embedded by another pack than the model was trained with
 */
export function decide(
  model: PeopleModel,
  faces: readonly Probe[],
  { allowRepeats = false }: DecideOptions = {},
): Decision[] {
  const { among, alone } = eachAlone(model, faces);
  if (allowRepeats) return alone.map((face) => decision(among, face));
  return withoutRepeats(assignJointly(alone).map((face) => decision(among, face)));
}

/** The answer for each face by itself: among all people or, if they are very many, among the likely ones. */
function eachAlone(
  model: PeopleModel,
  faces: readonly Probe[],
): { readonly among: PeopleModel; readonly alone: readonly Posterior[] } {
  const find = findLikely(model);
  if (find === undefined) return { among: model, alone: faces.map((face) => posterior(model, face)) };
  const probes = faces.map((face) => ({ z: placed(model, face), odds: recalibratedFor(model, face) }));
  const lists = probes.map(({ z, odds }) => find(z, odds));
  const { among, oddsAmong } = onlyListed(model, lists);
  const alone = lists.map((list, i) => {
    const unlisted = { count: model.people.length - among.people.length, odds: list.others };
    return posteriorOf(among, probes[i]!.z, oddsAmong[i]!, unlisted);
  });
  return { among, alone };
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
 * The answer for a face by itself. The templates decide whether it is one of the people at all, templates
 * and head say which. An unclear face says less: its odds shrink towards 1, and the answer towards what is
 * known before looking.
 */
export function posterior(model: PeopleModel, face: Probe): Posterior {
  const z = placed(model, face);
  const odds = recalibratedFor(model, face);
  return posteriorOf(
    model,
    z,
    Float32Array.from(model.templates, (template) => odds(logLikelihoodRatio(template, z))),
  );
}

/** A face in the coordinates of the model. */
function placed(model: PeopleModel, { embedding }: Probe): Float32Array {
  if (embedding.space !== model.space) {
    throw new WhosinError(
      'wrong-space',
      `The model was trained in the embedding space "${model.space}", this face lies in "${embedding.space}": train the model again, or use the pack that it was trained with.`,
    );
  }
  return project(model.background, embedding.values);
}

/** The probabilities that follow from a face's log-likelihood ratios. */
function recalibratedFor(
  { recalibration = unchanged }: PeopleModel,
  { quality }: Probe,
): (odds: number) => number {
  return (odds) => recalibrated(recalibration, odds, quality);
}

function posteriorOf(
  { priorUnknown, head }: PeopleModel,
  z: Float32Array,
  odds: Float32Array,
  unlisted?: Unlisted,
): Posterior {
  const { unknown } = openSetPosterior(odds, priorUnknown, unlisted);
  addHead(head, z, odds);
  if (unlisted === undefined) return { people: softmax(odds).map((p) => p * (1 - unknown)), unknown };
  // Those who are not listed are one more answer, about which the head says nothing.
  const known = softmax([...odds, Math.log(unlisted.odds)]).map((p) => p * (1 - unknown));
  return { people: known.subarray(0, -1), unknown, others: known.at(-1)! };
}

/** The name that follows from probabilities. */
export function decision(model: PeopleModel, { people, unknown }: Posterior): Decision {
  const candidates = likeliest(people, shownCandidates).map((i) => ({
    person: model.people[i]!,
    probability: people[i]!,
  }));
  const best = candidates[0];
  return best !== undefined && best.probability >= model.minProbability
    ? { kind: 'known', person: best.person, probability: best.probability, unknown, candidates }
    : { kind: 'unknown', probability: unknown, unknown, candidates };
}

/** The best first, of equal ones the first, without sorting everybody. */
function likeliest(people: Float64Array, count: number): readonly number[] {
  let best: readonly number[] = [];
  for (let i = 0; i < people.length; i++) {
    if (best.length === count && people[i]! <= people[best.at(-1)!]!) continue;
    const place = best.filter((other) => people[other]! >= people[i]!).length;
    best = best.toSpliced(place, 0, i).slice(0, count);
  }
  return best;
}

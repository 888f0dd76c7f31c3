/** Faces of which it is known whose they are become a model: measured on some of them first, then of all. */

import type { Embedding, SpaceId } from '../../core/embedding.ts';
import type { TriedHead } from '../../learn/layer/fit-head.ts';
import type { ReferencePairs } from '../../learn/odds/rate-table.ts';
import type { TwoCovariance } from '../../learn/odds/two-covariance.ts';
import type { OpenComputation } from '../../models/graph/computation.ts';
import { splitByHash } from '../../photos/split.ts';
import { type Enrolment, enrolPeople } from './enrolment.ts';
import type { Example } from './examples.ts';
import type { PeopleModel } from './model-file.ts';

/** Before looking, every second face is somebody who was never enrolled: as in albums of parties and travels. */
const priorUnknown = 0.5;

/** A name is given where it is likelier than everything else together. */
const minProbability = 0.5;

export interface ExampleOptions {
  /** Most steps of each fit of the head; 200 if left out. */
  readonly steps?: number;
  /** Share of the photos that is held out to measure with; 0.2 if left out. */
  readonly validation?: number;
  /** How alike people of a reference set are; without, strangers are judged by the folder's own people alone. */
  readonly strangers?: ReferencePairs | undefined;
  /** Told what was measured of each head that was tried. */
  readonly onTried?: (tried: TriedHead) => void;
  readonly onWork?: OnWork;
}

/**
 * `choose`: which face of a photo is the person; `measure`: a model without the held-out photos; `enrol`: the model of
 * all photos.
 */
export type TrainPart = 'choose' | 'measure' | 'enrol';

/** Told how far a part of the work is that takes long if people are many. */
export type OnWork = (part: TrainPart, done: number, total: number) => void;

export interface TrainExample extends Example {
  /** The photo's hash, which decides whether it is held out. */
  readonly sha256: string;
  /** The person's name. */
  readonly label: string;
  readonly embedding: Embedding;
}

export interface TrainedOnExamples<T> {
  readonly model: PeopleModel;
  readonly enrolment: Enrolment;
  /** The model of those that were not held out. */
  readonly trial: { readonly model: PeopleModel };
  readonly validation: readonly T[];
  readonly points: readonly TriedHead[];
}

export async function trainOnExamples<T extends TrainExample>(
  people: readonly string[],
  examples: readonly T[],
  background: TwoCovariance,
  space: SpaceId,
  compute: OpenComputation,
  options: ExampleOptions = {},
): Promise<TrainedOnExamples<T>> {
  const { steps: mostSteps = 200, validation = 0.2 } = options;
  const split = splitByHash(examples, { validation });
  const toModel = (
    { templates, recalibration, strangerRates, head }: Enrolment,
    enrolled: readonly T[],
  ): PeopleModel => ({
    space,
    people,
    background,
    templates,
    ...(recalibration && { recalibration }),
    head,
    gallery: enrolled.map(({ person, embedding, quality }) => ({
      person,
      embedding: embedding.values,
      quality,
    })),
    priorUnknown,
    minProbability,
    strangerRates,
    report: null,
  });
  const points: TriedHead[] = [];
  const trial = await enrolPeople(background, people.length, split.training, split.validation, compute, {
    steps: mostSteps,
    priorUnknown,
    onTried: (tried) => {
      points.push(tried);
      options.onTried?.(tried);
    },
    onFace: (done, total) => options.onWork?.('measure', done, total),
  });
  const whole = await enrolPeople(background, people.length, examples, [], compute, {
    steps: mostSteps,
    precision: trial.precision,
    priorUnknown,
    strangers: options.strangers,
    onFace: (done, total) => options.onWork?.('enrol', done, total),
  });
  return {
    model: toModel(whole, examples),
    enrolment: whole,
    trial: { model: toModel(trial, split.training) },
    validation: split.validation,
    points,
  };
}

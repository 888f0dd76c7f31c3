/** Faces of which it is known whose they are become a model: measured on some of them first, then of all. */

import type { Embedding, SpaceId } from '../../core/embedding.ts';
import type { HeadStep } from '../../learn/layer/fit-head.ts';
import type { ReferencePairs } from '../../learn/odds/rate-table.ts';
import type { TwoCovariance } from '../../learn/odds/two-covariance.ts';
import { splitByHash } from '../../photos/split.ts';
import { type Enrolment, type Example, enrolPeople } from './enrolment.ts';
import type { PeopleModel } from './model-file.ts';

/** Before looking, every second face is somebody who was never enrolled: as in albums of parties and travels. */
const priorUnknown = 0.5;

/** A name is given where it is likelier than everything else together. */
const minProbability = 0.5;

export interface ExampleOptions {
  /** Most steps that the head takes; 200 if left out. */
  readonly steps?: number;
  /** Share of the photos that is held out to measure with; 0.2 if left out. */
  readonly validation?: number;
  /** How alike people of a reference set are; without, strangers are judged by the folder's own people alone. */
  readonly strangers?: ReferencePairs | undefined;
  readonly onStep?: (step: HeadStep) => void;
}

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
  readonly trial: { readonly model: PeopleModel; readonly bestStep: number };
  readonly validation: readonly T[];
  readonly steps: readonly HeadStep[];
}

export function trainOnExamples<T extends TrainExample>(
  people: readonly string[],
  examples: readonly T[],
  background: TwoCovariance,
  space: SpaceId,
  options: ExampleOptions = {},
): TrainedOnExamples<T> {
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
  const steps: HeadStep[] = [];
  const trial = enrolPeople(background, people.length, split.training, split.validation, {
    steps: split.validation.length > 0 ? mostSteps : 0,
    priorUnknown,
    onStep: (step) => {
      steps.push(step);
      options.onStep?.(step);
    },
  });
  const whole = enrolPeople(background, people.length, examples, [], {
    steps: trial.bestStep,
    priorUnknown,
    strangers: options.strangers,
  });
  return {
    model: toModel(whole, examples),
    enrolment: whole,
    trial: { model: toModel(trial, split.training), bestStep: trial.bestStep },
    validation: split.validation,
    steps,
  };
}

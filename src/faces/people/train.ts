/** RECIPE: folders of photos become a model of people. */

import { checkFinite, checkShare, checkWhole } from '../../core/checked-numbers.ts';
import type { SpaceId } from '../../core/embedding.ts';
import { WhosinError } from '../../errors.ts';
import type { HeadStep } from '../../learn/layer/fit-head.ts';
import type { ReferencePairs } from '../../learn/odds/rate-table.ts';
import { project, type TwoCovariance } from '../../learn/odds/two-covariance.ts';
import type { BottleneckCache } from '../../photos/bottleneck-cache.ts';
import { type Dataset, withoutCopies } from '../../photos/dataset.ts';
import { listLabelFolders } from '../../photos/label-folders.ts';
import { groupNearDuplicates } from '../../photos/near-duplicates.ts';
import { readOnce, withoutCacheCounts } from '../../photos/read-dataset.ts';
import type { ReadOptions } from '../../photos/read-photos.ts';
import { splitByHash } from '../../photos/split.ts';
import { type PeopleReading, peopleIn, photoReader } from '../find/read-album.ts';
import type { FaceReader } from '../find/read-faces.ts';
import { chooseFaces, labelledFaces } from './consensus.ts';
import { type Enrolment, enrolPeople } from './enrolment.ts';
import type { PeopleModel } from './model-file.ts';
import { type FacesReport, facesReport, heldOutReport, type TrainReport } from './train-report.ts';
import { isStranger, withoutStrangers } from './without-strangers.ts';

/** Before looking, every second face is somebody who was never enrolled: as in albums of parties and travels. */
const priorUnknown = 0.5;

/** A name is given where it is likelier than everything else together. */
const minProbability = 0.5;

export interface TrainOptions extends ReadOptions {
  /** Most steps that the head takes; 200 if left out. */
  readonly steps?: number;
  /** Share of the photos that is held out to measure with; 0.2 if left out. */
  readonly validation?: number;
  /** How alike people of a reference set are; without, strangers are judged by the folder's own people alone. */
  readonly strangers?: ReferencePairs | undefined;
  readonly onDataset?: (dataset: Dataset) => void;
  readonly onFaces?: (faces: FacesReport) => void;
  readonly onStep?: (step: HeadStep) => void;
}

export interface Trained {
  readonly model: PeopleModel;
  readonly report: TrainReport;
}

/**
 * Reads the folder, finds the person in every photo, measures on held-out photos what a model of the rest is
 * worth, then enrols all of them.
 *
 * @param root one sub-folder of photos for each person; one called `unknown` holds strangers and is left out
 * @throws WhosinError `too-few-photos` where no person has a photo with a face, `usage` for options that make no sense
 */
export async function trainPeople(
  root: string,
  background: TwoCovariance,
  reader: FaceReader,
  cache: BottleneckCache,
  options: TrainOptions = {},
): Promise<Trained> {
  checkOptions(options);
  const folders = await listLabelFolders(root);
  const strangers = new Set(folders.files.filter(isStranger).map(({ path }) => path));
  const { signal, onProgress } = options;
  const contents = await readOnce(folders.files, photoReader(reader), cache, {
    signal,
    onProgress,
    hashOnly: strangers,
  });
  const dataset = withoutStrangers(withoutCopies(folders, contents));
  options.onDataset?.(dataset);
  const reading = peopleIn(dataset, contents);
  return trainOnReading(dataset, reading, background, reader.space, options);
}

function checkOptions({ steps = 0, validation = 0 }: TrainOptions): void {
  checkWhole('steps', steps);
  checkShare('validation', validation);
}

/** What follows from photos that were read already: `evaluate` trains on parts of a folder that it read once. */
export function trainOnReading(
  { root, labels }: Pick<Dataset, 'root' | 'labels'>,
  reading: PeopleReading,
  background: TwoCovariance,
  space: SpaceId,
  options: TrainOptions = {},
): Trained {
  const { steps: mostSteps = 200, validation = 0.2 } = options;
  checkOptions(options);
  const { photos } = reading;
  for (const { path, faces: found } of photos) {
    checkFinite(
      `A face in ${path}`,
      found.map(({ embedding }) => embedding.values),
    );
  }
  const choices = chooseFaces(
    background,
    photos.map((photo) => ({ person: photo.person, faces: labelledFaces(background, photo) })),
  );
  const faces = facesReport(root, reading, choices);
  options.onFaces?.(faces);

  const used = photos
    .map((photo, i) => ({ ...photo, choice: choices[i]! }))
    .filter(({ choice }) => choice.verdict === 'agrees');
  const people = labels.filter((person) => used.some((photo) => photo.person === person));
  if (people.length === 0) {
    throw new WhosinError(
      'too-few-photos',
      `No face was found in the photos of ${root}. Each person needs at least one photo that shows the face.`,
    );
  }
  const groups = groupNearDuplicates(used.map((photo) => photo.perceptualHash));
  const examples = used.map(({ sha256, person, path, faces: found, choice }, i) => ({
    sha256,
    path,
    label: person,
    group: groups[i]!,
    person: people.indexOf(person),
    embedding: found[choice.face]!.embedding,
    quality: found[choice.face]!.quality,
    z: project(background, found[choice.face]!.embedding.values),
  }));
  const split = splitByHash(examples, { validation });

  const toModel = (
    { templates, recalibration, strangerRates, head }: Enrolment,
    enrolled: readonly (typeof examples)[number][],
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
  const report: TrainReport = {
    ...faces,
    people: people.map((person) => ({
      person,
      photos: examples.filter((e) => e.label === person).length,
      heldOut: split.validation.filter((e) => e.label === person).length,
    })),
    steps,
    bestStep: trial.bestStep,
    recalibration: whole.recalibration,
    strangerRates: whole.strangerRates,
    minProbability,
    heldOut: heldOutReport(root, toModel(trial, split.training), split.validation),
  };
  return { model: { ...toModel(whole, examples), report: withoutCacheCounts(report) }, report };
}

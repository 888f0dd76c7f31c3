/** RECIPE: folders of photos become a model of people. */

import { checkFinite, checkShare, checkWhole } from '../../core/checked-numbers.ts';
import type { SpaceId } from '../../core/embedding.ts';
import { WhosinError } from '../../errors.ts';
import { project, type TwoCovariance } from '../../learn/odds/two-covariance.ts';
import type { BottleneckCache } from '../../photos/bottleneck-cache.ts';
import { type Dataset, withoutCopies } from '../../photos/dataset.ts';
import { listLabelFolders } from '../../photos/label-folders.ts';
import { groupNearDuplicates } from '../../photos/near-duplicates.ts';
import { readOnce, withoutCacheCounts } from '../../photos/read-dataset.ts';
import type { ReadOptions } from '../../photos/read-photos.ts';
import { type PeopleReading, peopleIn, photoReader } from '../find/read-album.ts';
import type { FaceReader } from '../find/read-faces.ts';
import { chooseFaces, labelledFaces } from './consensus.ts';
import type { PeopleModel } from './model-file.ts';
import { type ExampleOptions, trainOnExamples } from './train-on-examples.ts';
import { type FacesReport, facesReport, heldOutReport, type TrainReport } from './train-report.ts';
import { isStranger, withoutStrangers } from './without-strangers.ts';

export interface TrainOptions extends ExampleOptions, ReadOptions {
  readonly onDataset?: (dataset: Dataset) => void;
  readonly onFaces?: (faces: FacesReport) => void;
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

/** The model of photos that were read already: `evaluate` trains on parts of a folder that it read once. */
export function trainOnReading(
  { root, labels }: Pick<Dataset, 'root' | 'labels'>,
  reading: PeopleReading,
  background: TwoCovariance,
  space: SpaceId,
  options: TrainOptions = {},
): Trained {
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
  const { model, enrolment, trial, validation, steps } = trainOnExamples(
    people,
    examples,
    background,
    space,
    options,
  );
  const report: TrainReport = {
    ...faces,
    people: people.map((person) => ({
      person,
      photos: examples.filter((e) => e.label === person).length,
      heldOut: validation.filter((e) => e.label === person).length,
    })),
    steps,
    bestStep: trial.bestStep,
    recalibration: enrolment.recalibration,
    strangerRates: enrolment.strangerRates,
    minProbability: model.minProbability,
    heldOut: heldOutReport(root, trial.model, validation),
  };
  return { model: { ...model, report: withoutCacheCounts(report) }, report };
}

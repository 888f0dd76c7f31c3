/** RECIPE: folders of photos become a model of people. */

import { checkShare, checkWhole } from '../../core/checked-numbers.ts';
import type { SpaceId } from '../../core/embedding.ts';
import { groupedBy } from '../../core/grouped.ts';
import { stopIfAborted } from '../../errors.ts';
import type { TwoCovariance } from '../../learn/odds/two-covariance.ts';
import type { OpenComputation } from '../../models/graph/computation.ts';
import type { BottleneckCache } from '../../photos/bottleneck-cache.ts';
import { type Dataset, withoutCopies } from '../../photos/dataset.ts';
import { listPeople } from '../../photos/flat-folder.ts';
import { readOnce, withoutCacheCounts } from '../../photos/read-dataset.ts';
import type { ReadOptions } from '../../photos/read-photos.ts';
import { type PeopleReading, peopleIn, photoReader } from '../find/read-album.ts';
import type { FaceReader } from '../find/read-faces.ts';
import { chooseOwnFaces, chosenExamples } from './chosen-examples.ts';
import type { PeopleModel } from './model-file.ts';
import { likelySamePeople } from './same-person.ts';
import { type ExampleOptions, trainOnExamples } from './train-on-examples.ts';
import { type FacesReport, facesReport, heldOutReport, type TrainReport } from './train-report.ts';
import { isStranger, withoutStrangers } from './without-strangers.ts';

export interface TrainOptions extends ExampleOptions, ReadOptions {
  /** Whose faces they are is known from regions in and beside the photos, not from the names of folders. */
  readonly fromRegions?: boolean;
  /** The folder holds one photo of each person, named after them: `ann.jpg`, `bob.jpg`. */
  readonly flat?: boolean;
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
 * @param root one sub-folder of photos for each person; one called `unknown` holds strangers and is left out. With
 *   `flat` one photo for each
 * @throws WhosinError `too-few-photos` if no person has a photo with a face, `usage` for options that make no sense
 */
export async function trainPeople(
  root: string,
  background: TwoCovariance,
  reader: FaceReader,
  cache: BottleneckCache,
  compute: OpenComputation,
  options: TrainOptions = {},
): Promise<Trained> {
  checkWhole('steps', options.steps ?? 0);
  checkShare('validation', options.validation ?? 0);
  const { signal, onProgress } = options;
  const folders = await listPeople(root, options.flat ?? false);
  const strangers = new Set(folders.files.filter(isStranger).map(({ path }) => path));
  const reading = { signal, onProgress, hashOnly: strangers };
  const contents = await readOnce(folders.files, photoReader(reader), cache, reading);
  const dataset = withoutStrangers(withoutCopies(folders, contents));
  options.onDataset?.(dataset);

  return learnPeople(dataset, peopleIn(dataset, contents), background, reader.space, compute, options);
}

/**
 * Learns people from photos that were read.
 *
 * @param dataset where they lie, and the people's names
 * @throws WhosinError `too-few-photos` if no person has a photo with a face
 */
export async function learnPeople(
  dataset: Pick<Dataset, 'root' | 'labels' | 'doubts'>,
  read: PeopleReading,
  background: TwoCovariance,
  space: SpaceId,
  compute: OpenComputation,
  options: TrainOptions = {},
): Promise<Trained> {
  const { root } = dataset;
  const choices = await chooseOwnFaces(background, read.photos, compute, options.onWork);
  const faces = facesReport(root, read, choices);
  options.onFaces?.(faces);

  stopIfAborted(options.signal);
  const { people, examples } = chosenExamples(dataset, read.photos, choices, background);
  const trained = await trainOnExamples(people, examples, background, space, compute, options);
  const { model, enrolment, trial, validation, points } = trained;
  const [photosOf, heldOutOf] = [groupedBy(examples, labelOf), groupedBy(validation, labelOf)];
  const facesOf = people.map((person) => photosOf.get(person)!);
  const samePerson = await likelySamePeople(background, people, facesOf, compute);
  const report: TrainReport = {
    ...faces,
    ...(dataset.doubts.length > 0 && { doubts: dataset.doubts }),
    ...(samePerson.length > 0 && { samePerson }),
    people: people.map((person) => ({
      person,
      photos: photosOf.get(person)!.length,
      heldOut: heldOutOf.get(person)?.length ?? 0,
    })),
    points,
    precision: enrolment.precision,
    recalibration: enrolment.recalibration,
    strangerRates: enrolment.strangerRates,
    minProbability: model.minProbability,
    heldOut: heldOutReport(root, trial.model, validation),
  };
  return { model: { ...model, report: withoutCacheCounts(report) }, report };
}

function labelOf({ label }: { readonly label: string }): string {
  return label;
}

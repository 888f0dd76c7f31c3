/** The photos that an evaluation reads: photos of people, each in a folder of their name, and photos of strangers. */

import { basename, join, relative, sep } from 'node:path';
import { WhosinError } from '../../errors.ts';
import type { BottleneckCache } from '../../photos/bottleneck-cache.ts';
import { type Dataset, strangersFolder, withoutCopies } from '../../photos/dataset.ts';
import { listLabelFolders } from '../../photos/label-folders.ts';
import { type PhotoFile, walkPhotos } from '../../photos/photo-files.ts';
import { readOnce, type SkippedPhoto, unreadableAmong } from '../../photos/read-dataset.ts';
import type { ReadOptions } from '../../photos/read-photos.ts';
import { type PersonPhoto, photoReader } from '../find/read-album.ts';
import type { FaceReader } from '../find/read-faces.ts';

/**
 * A photo with whatever faces were found in it, none included. `person` is whose photo it is: a folder's name; of
 * strangers the path of their folder, or of the photo itself.
 */
export type EvaluationPhoto = PersonPhoto;

export interface EvaluationPhotos {
  /** The names of the folders with photos of people. */
  readonly labels: readonly string[];
  readonly people: readonly EvaluationPhoto[];
  /** Nobody in these photos can be named, whoever they are. */
  readonly strangers: readonly EvaluationPhoto[];
  readonly skipped: readonly SkippedPhoto[];
  /** Files that should have been photos and could not be read; among `skipped`. */
  readonly unreadable: number;
  /** Things about the folders that look as if they were not meant so, a sentence each. */
  readonly doubts: readonly string[];
}

export interface EvaluationFolders {
  /** One sub-folder for each person; one called `unknown` holds strangers. */
  readonly root: string;
  /** A further folder of strangers: photos, or a sub-folder for each of them. */
  readonly strangers?: string | undefined;
  /** The people who can be named; the folders of `root` if left out. */
  readonly named?: readonly string[];
}

interface Asked {
  readonly path: string;
  readonly person: string;
  readonly stranger: boolean;
}

/** Reads all photos, in order; what is cached is not read again. */
export async function readEvaluationPhotos(
  { root, strangers: apart, named }: EvaluationFolders,
  reader: FaceReader,
  cache: BottleneckCache,
  options: ReadOptions = {},
): Promise<EvaluationPhotos> {
  const folders = await listLabelFolders(root);
  const others = apart === undefined ? [] : await filesIn(apart);
  const files = others.flatMap((file) => (file.kind === 'file' ? [strangerIn(apart!, file.path)] : []));
  // To go on without them would measure something else than was asked for.
  if (apart !== undefined && files.length === 0) {
    throw new WhosinError('not-found', `There are no photos of strangers in ${apart}.`);
  }
  const contents = await readOnce([...folders.files, ...files], photoReader(reader), cache, options);
  const dataset = withoutCopies(folders, contents);
  // A model may have been taught a person of that name.
  const isUnknown = (label: string): boolean => label === strangersFolder && !named?.includes(label);
  const names = new Set((named ?? dataset.labels).filter((label) => !isUnknown(label)));
  const skipped: SkippedPhoto[] = [...dataset.skipped];
  let unreadable = unreadableAmong(dataset);
  const leaveOut = (path: string, { message, reason = message }: WhosinError): void => {
    unreadable++;
    skipped.push({ path, reason });
  };
  for (const file of others) if (file.kind === 'failure') leaveOut(file.path, file.error);
  const people: EvaluationPhoto[] = [];
  const strangers: EvaluationPhoto[] = [];
  const seen = new Map<string, string>();
  for (const { path, person, stranger } of [...labelled(root, dataset, isUnknown), ...files]) {
    const reading = contents.get(path)!;
    if (reading.kind !== 'photo') {
      if (reading.kind === 'failure') leaveOut(path, reading.error);
      continue;
    }
    const { sha256, photo } = reading;
    const copy = seen.get(sha256);
    const namesake = stranger ? basename(person) : undefined;
    if (copy !== undefined) skipped.push({ path, reason: `is an exact copy of ${copy}` });
    else if (namesake !== undefined && names.has(namesake)) {
      skipped.push({ path, reason: `is no stranger's: ${namesake} is one of the people` });
    } else (stranger ? strangers : people).push({ ...photo, path, sha256, person });
    seen.set(sha256, path);
  }
  return {
    labels: dataset.labels.filter((label) => !isUnknown(label)),
    people,
    strangers,
    skipped,
    unreadable,
    doubts: folders.doubts,
  };
}

async function filesIn(folder: string): Promise<PhotoFile[]> {
  const files: PhotoFile[] = [];
  for await (const file of walkPhotos([folder])) files.push(file);
  return files;
}

function labelled(root: string, { photos }: Dataset, isUnknown: (label: string) => boolean): Asked[] {
  return photos.map(({ path, label }) =>
    isUnknown(label) ? strangerIn(join(root, label), path) : { path, person: label, stranger: false },
  );
}

/** A sub-folder of strangers is one person; a photo that lies loose is taken for a person of its own. */
function strangerIn(folder: string, path: string): Asked {
  const [first, ...rest] = relative(folder, path).split(sep);
  const person = rest.length > 0 && first !== '..' ? join(folder, first!) : path;
  return { path, person, stranger: true };
}

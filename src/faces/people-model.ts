/** The model file on disk. */

import { readFile } from 'node:fs/promises';
import { reasonOf, WhosinError } from '../errors.ts';
import { type PeopleModel, writePeopleModel } from '../learn/model-file.ts';
import { readPeopleModel } from '../learn/read-model.ts';
import { writeFileAtomically } from '../runtime/atomic-file.ts';

/** Throws `not-found`, or `not-a-model` where the file is something else or was cut off. */
export async function loadPeopleModel(path: string): Promise<PeopleModel> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new WhosinError('not-found', `Cannot read the model ${path}: ${reasonOf(error)}`, { cause: error });
  }
  return readPeopleModel(bytes, path);
}

/** Written whole or not at all; throws `cannot-write`. */
export async function savePeopleModel(path: string, model: PeopleModel): Promise<void> {
  await writeFileAtomically(path, writePeopleModel(model));
}

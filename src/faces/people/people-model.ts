/** The model file on disk. */

import { WhosinError } from '../../errors.ts';
import { refusal } from '../../photos/unreadable.ts';
import { saveModel } from '../../runtime/model-path.ts';
import { readPlainFile } from '../../runtime/plain-file.ts';
import type { PeopleModel } from './model-file.ts';
import { readPeopleModel } from './read-model.ts';

/** Throws `not-found`, or `not-a-model` where the file is something else or was cut off. */
export async function loadPeopleModel(path: string): Promise<PeopleModel> {
  let bytes: Uint8Array;
  try {
    bytes = await readPlainFile(path);
  } catch (error) {
    throw new WhosinError(
      'not-found',
      `Cannot read the model ${path}: ${refusal(path, error)}. Make one with: whosin train photos/ -o people.onnx`,
      { cause: error },
    );
  }
  return readPeopleModel(bytes, path);
}

/** Written whole or not at all; throws `cannot-write`. */
export async function savePeopleModel(path: string, model: PeopleModel): Promise<void> {
  // Loaded here: identify and verify read models, and never write one.
  const { writePeopleModel } = await import('./write-model.ts');
  await saveModel(path, writePeopleModel(model));
}

/** The model file on disk. */

import { readFile, stat } from 'node:fs/promises';
import { WhosinError } from '../errors.ts';
import { type PeopleModel, writePeopleModel } from '../learn/model-file.ts';
import { refusal } from '../learn/photo-files.ts';
import { readPeopleModel } from '../learn/read-model.ts';
import { readOnnx } from '../models/graph/reader.ts';
import { checkWritable, writeFileAtomically } from '../runtime/atomic-file.ts';

/** Throws `not-found`, or `not-a-model` where the file is something else or was cut off. */
export async function loadPeopleModel(path: string): Promise<PeopleModel> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new WhosinError(
      'not-found',
      `Cannot read the model ${path}: ${refusal(path, error)}. Make one with: whosin train photos/ -o people.onnx`,
      { cause: error },
    );
  }
  return readPeopleModel(bytes, path);
}

/** Throws `cannot-write` where the model could not be saved here: before long work, rather than after it. */
export async function checkModelPath(path: string): Promise<void> {
  await refuseOtherFile(path);
  await checkWritable(path);
}

/** Written whole or not at all; throws `cannot-write`. */
export async function savePeopleModel(path: string, model: PeopleModel): Promise<void> {
  await refuseOtherFile(path);
  await writeFileAtomically(path, writePeopleModel(model));
}

/** A slip of the hand must not replace a photo: what stands there has to be a model, or empty. */
async function refuseOtherFile(path: string): Promise<void> {
  const info = await stat(path).catch(() => undefined);
  // Pipes and devices are refused by whoever writes; reading one here could wait for ever.
  if (!info?.isFile() || info.size === 0) return;
  const there = await readFile(path).catch(() => undefined);
  if (there === undefined) return;
  try {
    readOnnx(there, path);
  } catch {
    throw new WhosinError(
      'cannot-write',
      `${path} exists and is not a model: give the model another name, such as people.onnx.`,
    );
  }
}

/** Checks the path of a model file, so that a slip of the hand overwrites nothing else. */

import { readFile, stat } from 'node:fs/promises';
import { WhosinError } from '../errors.ts';
import { readOnnx } from '../models/graph/read-onnx.ts';
import { checkWritable, writeFileAtomically } from './atomic-file.ts';

/** Throws `cannot-write` where a model could not be saved here: before long work, rather than after it. */
export async function checkModelPath(path: string): Promise<void> {
  await refuseOtherFile(path);
  await checkWritable(path);
}

/** Written whole or not at all; throws `cannot-write`. */
export async function saveModel(path: string, bytes: Uint8Array): Promise<void> {
  await refuseOtherFile(path);
  await writeFileAtomically(path, bytes);
}

/** A file that exists there has to be a model, or empty. */
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

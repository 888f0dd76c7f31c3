/** The model that a folder holds, when people name the folder of an export. */

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { WhosinError } from '../errors.ts';

/** The names that exporters give; the first one that is there counts. */
const usual = ['model.json', 'saved_model.pb', 'keras_model.h5', 'keras_model.keras', 'model.onnx'];

const endings = /\.(onnx|pb|h5|hdf5|keras|tflite)$/i;

/** The path itself where it is no folder. Throws `not-found` if a folder holds no model, `usage` where several. */
export async function modelIn(path: string): Promise<string> {
  const isFolder = await stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
  if (!isFolder) return path;
  const names = (await readdir(path)).toSorted();
  const known = usual.find((name) => names.includes(name));
  const models = known === undefined ? names.filter((name) => endings.test(name)) : [known];
  if (models.length === 1) return join(path, models[0]!);
  if (models.length > 1) {
    throw new WhosinError('usage', `${path} holds several models: name one of ${models.join(', ')}.`, {
      path,
    });
  }
  // Exports are often unpacked into a folder of their own.
  const inner = names.filter((name) => /^(saved_?model|model|converted_|tfjs|keras|tflite)/i.test(name));
  const hint =
    inner.length === 1 ? `: did you mean ${join(path, inner[0]!)}?` : ': name the file of the model.';
  throw new WhosinError('not-found', `${path} is a folder without a model file${hint}`, { path });
}

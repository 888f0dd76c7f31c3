/** The labels of a model: those that the person names, those in it, or those that lie beside it. */

import { onnxLabels } from '../models/graph/onnx-labels.ts';
import type { Ground } from '../models/graph/picture-parts.ts';
import { parseOnnx } from '../models/graph/reader.ts';
import { liteLabels } from '../models/graph/tflite/tflite-metadata.ts';
import { besideModel } from './beside-model.ts';
import { type ModelFile, readLabelsFile } from './model-file.ts';

export interface FoundLabels {
  readonly labels?: { readonly names: readonly string[]; readonly ground: Ground };
  /** The side of its pictures, as a file beside it has it. */
  readonly side?: number | undefined;
}

/** @param given the path of a file of labels; throws `not-found` or `not-a-model` for one that is none */
export async function labelsFor(file: ModelFile, given: string | undefined): Promise<FoundLabels> {
  if (given !== undefined) {
    return { labels: { names: await readLabelsFile(given), ground: 'given' } };
  }
  const own = ownLabels(file);
  if (own) return { labels: { names: own, ground: 'file' } };
  const { labels, side } = await besideModel(file.path);
  return { side, ...(labels && { labels: { names: labels, ground: 'metadata' } }) };
}

function ownLabels({ format, path, bytes }: ModelFile): readonly string[] | undefined {
  if (format === 'onnx') return onnxLabels(parseOnnx(bytes, path));
  return format === 'tflite' ? liteLabels(bytes, path) : undefined;
}

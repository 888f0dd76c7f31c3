/** The fitted model of strangers that comes with whosin, one file for each embedding space. */

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { reasonOf, WhosinError } from '../errors.ts';
import type { TwoCovariance } from '../learn/two-covariance.ts';
import { writeProjection } from '../learn/write-projection.ts';
import { readOnnx } from '../models/graph/reader.ts';
import { GraphWriter } from '../models/graph/writer.ts';
import type { FacePack } from '../models/pack.ts';

export async function loadBackground(pack: FacePack): Promise<TwoCovariance> {
  const path = fileURLToPath(new URL(`../../weights/${pack.background}`, import.meta.url));
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new WhosinError('bad-weights', `Cannot read ${path}: ${reasonOf(error)}. Install whosin again.`, {
      cause: error,
    });
  }
  const onnx = readOnnx(bytes, path);
  if (onnx.metadata('whosin.space') !== pack.space) {
    throw new WhosinError('wrong-space', `${path} was fitted in another space than ${pack.space}.`);
  }
  const calibration = onnx.tensor('background.calibration').data;
  return {
    mean: onnx.tensor('background.mean').data,
    basis: onnx.tensor('background.basis').data,
    between: onnx.tensor('background.between').data,
    scale: calibration[0]!,
    offset: calibration[1]!,
    crowd: {
      quadratic: onnx.tensor('crowd.quadratic').data,
      linear: onnx.tensor('crowd.linear').data,
      constant: onnx.tensor('crowd.constant').data,
    },
  };
}

/** The file that `loadBackground` reads; it runs as a graph too: embeddings to the model's own coordinates. */
export function writeBackground(model: TwoCovariance, space: string, provenance: string): Uint8Array {
  const [d, k] = [model.mean.length, model.between.length];
  const g = new GraphWriter('whosin-background');
  const embeddings = g.input('embeddings', 'float32', ['n', d]);
  g.output('projected', writeProjection(g, model, embeddings), 'float32', ['n', k]);
  g.floats([k], model.between, 'background.between');
  g.floats([2], [model.scale, model.offset], 'background.calibration');
  g.metadata('whosin.space', space);
  g.metadata('whosin.provenance', provenance);
  return g.toBytes();
}

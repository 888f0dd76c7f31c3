/** Writes the fitted model of strangers of an embedding space. */

import type { TwoCovariance } from '../../learn/odds/two-covariance.ts';
import { writeProjection } from '../../learn/odds/write-projection.ts';
import { GraphWriter } from '../../models/graph/writer.ts';
import { type FalseMatches, falseMatchesKey } from './background-file.ts';

/** The file that `loadBackground` reads; it runs as a graph too: embeddings to the model's own coordinates. */
export function writeBackground(
  model: TwoCovariance,
  space: string,
  provenance: string,
  falseMatches?: FalseMatches,
): Uint8Array {
  const [d, k] = [model.mean.length, model.between.length];
  const g = new GraphWriter('whosin-background');
  const embeddings = g.input('embeddings', 'float32', ['n', d]);
  g.output('projected', writeProjection(g, model, embeddings), 'float32', ['n', k]);
  g.floats([k], model.between, 'background.between');
  g.floats([2], [model.scale, model.offset], 'background.calibration');
  g.metadata('whosin.space', space);
  g.metadata('whosin.provenance', provenance);
  if (falseMatches) g.metadata(falseMatchesKey, JSON.stringify(falseMatches));
  return g.toBytes();
}

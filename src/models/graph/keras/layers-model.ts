/** Reads TensorFlow.js layers models: Keras' description in `model.json`, and weight files beside it. */

import { WhosinError } from '../../../errors.ts';
import type { TensorFlowGraph } from '../tensorflow/tensorflow-graph.ts';
import { readWeightGroups, weightNames } from '../weights-manifest.ts';
import { readKerasConfig } from './keras-config.ts';
import { kerasGraph } from './keras-graph.ts';
import { layersWithWeights, namedVariables, weightsBy } from './keras-weights.ts';

/** @param model `model.json`, parsed */
export function readLayersModel(
  {
    modelTopology,
    weightsManifest,
  }: { readonly modelTopology?: unknown; readonly weightsManifest?: unknown },
  weights: Uint8Array,
  file: string,
): TensorFlowGraph {
  const model = readKerasConfig(modelTopology, file);
  if (!Array.isArray(weightsManifest)) {
    throw WhosinError.about('not-a-model', file, 'is a Keras model without a list of its weights');
  }
  const tensor = readWeightGroups(weightsManifest, weights, file);
  const names = namedVariables(layersWithWeights(model), weightNames(weightsManifest, file));
  return kerasGraph(model, weightsBy(names, tensor, file), file);
}

/**
 * Reads TensorFlow.js graph models: a JSON file whose `modelTopology` is a GraphDef in protobuf's JSON form,
 * and one or more weight files that hold its constants.
 */

import { fromJson, type JsonValue } from '@bufbuild/protobuf';
import { reasonOf, WhosinError } from '../../../errors.ts';
import { type GraphDef, GraphDefSchema } from '../tensorflow_pb.ts';
import { readWeightGroups, type WeightGroups } from '../weights-manifest.ts';
import { graphOf, type TensorFlowGraph } from './tensorflow-graph.ts';

interface ModelJson {
  readonly modelTopology?: JsonValue;
  readonly weightsManifest?: WeightGroups;
}

/**
 * @param json text of `model.json`
 * @param weights the bytes of its weight files, in the order of the manifest, as one
 */
export function readTfjsGraph(json: string, weights: Uint8Array, file: string): TensorFlowGraph {
  const { modelTopology, weightsManifest } = parse(json, file);
  if (modelTopology === undefined || !Array.isArray(weightsManifest)) {
    throw new WhosinError('not-a-model', `${file} is not a TensorFlow.js graph model.`);
  }
  let graph: GraphDef;
  try {
    graph = fromJson(GraphDefSchema, modelTopology, { ignoreUnknownFields: true });
  } catch (error) {
    const message = `${file} is not a TensorFlow.js graph model: ${reasonOf(error)}.`;
    throw new WhosinError('not-a-model', message, { cause: error });
  }
  return graphOf(graph, file, readWeightGroups(weightsManifest, weights, file));
}

function parse(json: string, file: string): ModelJson {
  try {
    const model = JSON.parse(json) as ModelJson | null;
    if (typeof model === 'object' && model !== null) return model;
  } catch (error) {
    const message = `${file} is not JSON, or it is cut off: ${reasonOf(error)}.`;
    throw new WhosinError('not-a-model', message, { cause: error });
  }
  throw new WhosinError('not-a-model', `${file} is not a TensorFlow.js graph model.`);
}

/**
 * Reads TensorFlow.js graph models: a JSON file whose `modelTopology` is a GraphDef in protobuf's JSON form,
 * and one or more weight files that hold its constants.
 */

import { fromJson, type JsonValue } from '@bufbuild/protobuf';
import * as v from 'valibot';
import { reasonOf, WhosinError } from '../../../errors.ts';
import { type GraphDef, GraphDefSchema } from '../tensorflow_pb.ts';
import { readWeightGroups } from '../weights-manifest.ts';
import { graphOf, type TensorFlowGraph } from './tensorflow-graph.ts';

export interface ModelJson {
  readonly modelTopology?: JsonValue;
  readonly weightsManifest?: unknown;
}

/**
 * @param json text of `model.json`
 * @param weights the bytes of its weight files, in the order of the manifest, as one
 */
export function readTfjsGraph(json: string, weights: Uint8Array, file: string): TensorFlowGraph {
  const { modelTopology, weightsManifest } = parseModelJson(json, file);
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

const groupsOfFiles = v.object({ weightsManifest: v.array(v.object({ paths: v.array(v.string()) })) });

/** The files of the weights, by their paths below the folder of `model.json`; throws `not-a-model`. */
export function weightFiles(json: string, file: string): readonly string[] {
  const { success, output } = v.safeParse(groupsOfFiles, parseModelJson(json, file));
  if (success) return output.weightsManifest.flatMap(({ paths }) => paths);
  throw new WhosinError('not-a-model', `${file} is not a TensorFlow.js model: it names no files of weights.`);
}

/** `model.json`, of which nothing is known yet but that it is an object; throws `not-a-model`. */
export function parseModelJson(json: string, file: string): ModelJson {
  try {
    const model = JSON.parse(json) as ModelJson | null;
    if (typeof model === 'object' && model !== null) return model;
  } catch (error) {
    const message = `${file} is not JSON, or it is cut off: ${reasonOf(error)}.`;
    throw new WhosinError('not-a-model', message, { cause: error });
  }
  throw new WhosinError('not-a-model', `${file} is not a TensorFlow.js graph model.`);
}

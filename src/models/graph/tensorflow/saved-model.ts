/**
 * Reads SavedModels: a graph that calls functions, and variables in files of their own. The calls are written out and
 * the variables become constants, which makes it a frozen graph.
 */

import { fromBinary } from '@bufbuild/protobuf';
import { reasonOf, WhosinError } from '../../../errors.ts';
import { type MetaGraphDef, type SavedModel, SavedModelSchema, type SignatureDef } from '../tensorflow_pb.ts';
import { inlineFunctions } from './inline-functions.ts';
import { textOf } from './node-attributes.ts';
import type { GraphNode, NodeOutput, TensorFlowGraph } from './tensorflow-graph.ts';
import { variableKeys } from './variable-keys.ts';
import { readVariables, type Variables } from './variables-bundle.ts';

/**
 * @param files `saved_model.pb`; behind it, unless it is frozen, `variables.index` and the data that it lists
 * @throws WhosinError `not-a-model` or `bad-weights`
 */
export function readSavedModel(
  [bytes, index, ...data]: readonly Uint8Array[],
  file: string,
): TensorFlowGraph {
  const { graph, serving } = servedGraph(bytes!, file);
  const { nodes, outputs } = inlineFunctions(graph, Object.values(serving.outputs).map(nameOf), file);
  const keys = variableKeys(nodes);
  const variables = index === undefined ? undefined : readVariables(index, data, file);
  const constant = (node: GraphNode): GraphNode => asConstant(node, keys, variables, file);
  const frozen = [...needed(nodes, outputs)].map((node) => (isVariable(node) ? constant(node) : node));
  return { file, nodes: new Map(frozen.map((node) => [node.name, node])) };
}

interface Served {
  readonly graph: NonNullable<MetaGraphDef['graphDef']>;
  /** The inputs and outputs that it has when it is asked. */
  readonly serving: SignatureDef;
}

function servedGraph(bytes: Uint8Array, file: string): Served {
  let model: SavedModel;
  try {
    model = fromBinary(SavedModelSchema, bytes);
  } catch (error) {
    const reason = `is not a SavedModel, or it is cut off (${reasonOf(error)})`;
    throw WhosinError.about('not-a-model', file, reason, error);
  }
  for (const { graphDef, signatureDef } of model.metaGraphs) {
    const named = signatureDef['serving_default'] ?? signatureDef['serve'];
    const serving =
      named ?? Object.values(signatureDef).find(({ outputs }) => Object.keys(outputs).length > 0);
    if (graphDef && serving) return { graph: graphDef, serving };
  }
  const reason =
    'is a SavedModel without a signature that can be asked: save it with one (model.export, or signatures=)';
  throw WhosinError.about('not-a-model', file, reason);
}

function nameOf({ name }: { readonly name: string }): string {
  return name;
}

function isVariable({ op }: GraphNode): boolean {
  return op === 'VarHandleOp' || op === 'VariableV2' || op === 'Variable';
}

function asConstant(
  node: GraphNode,
  keys: ReadonlyMap<string, string>,
  variables: Variables | undefined,
  file: string,
): GraphNode {
  if (variables === undefined) {
    const reason = 'has its variables in another folder: keep the folder "variables" beside it';
    throw WhosinError.about('bad-weights', file, reason);
  }
  const named = textOf(node, 'shared_name', '') || node.name;
  const tensor = variables(keys.get(node.name) ?? named);
  return { ...node, op: 'Const', inputs: [], attributes: new Map([['value', { tensor: () => tensor }]]) };
}

/** The nodes that the outputs follow from; those that restore the variables are left behind. */
function needed(
  nodes: ReadonlyMap<string, GraphNode>,
  outputs: readonly NodeOutput[],
): ReadonlySet<GraphNode> {
  const found = new Set<GraphNode>();
  for (const { node } of outputs) if (nodes.has(node)) found.add(nodes.get(node)!);
  // A set is walked with what is added to it on the way.
  for (const { inputs } of found) {
    for (const { node } of inputs) if (nodes.has(node)) found.add(nodes.get(node)!);
  }
  return found;
}

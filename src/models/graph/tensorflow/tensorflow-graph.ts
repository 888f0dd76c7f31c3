/**
 * A TensorFlow graph in one neutral form, whichever file it came from, and its reading from a frozen GraphDef
 * (`.pb`). The fields of the file: tensorflow.proto.
 */

import { fromBinary } from '@bufbuild/protobuf';
import { reasonOf, WhosinError } from '../../../errors.ts';
import {
  type AttrValue,
  type AttrValue_ListValue,
  DataType,
  type GraphDef,
  GraphDefSchema,
  type NodeDef,
  type TensorShapeProto,
} from '../tensorflow_pb.ts';
import type { Preparation } from './preparation.ts';
import { type GraphTensor, readTensor } from './tensor-proto.ts';

/** A type is given by its name in TensorFlow, DT_FLOAT; a free size is −1, an unknown rank undefined. */
export type Attribute =
  | boolean
  | number
  | string
  | readonly number[]
  | readonly string[]
  | { readonly shape: readonly number[] | undefined }
  | { readonly tensor: () => GraphTensor };

/** One of the values that a node computes; most nodes have only number 0. */
export interface NodeOutput {
  readonly node: string;
  readonly index: number;
}

export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly NodeOutput[];
  readonly attributes: ReadonlyMap<string, Attribute>;
}

export interface TensorFlowGraph {
  /** For messages. */
  readonly file: string;
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** The arithmetic from bytes of pictures to its input, if the file tells it beside the graph. */
  readonly takes?: Preparation;
}

/** Throws `not-a-model` where the bytes are not a frozen TensorFlow graph. */
export function readGraphDef(bytes: Uint8Array, file: string): TensorFlowGraph {
  let graph: GraphDef;
  try {
    graph = fromBinary(GraphDefSchema, bytes);
  } catch (error) {
    const message = `${file} is not a frozen TensorFlow graph (GraphDef), or it is cut off: ${reasonOf(error)}.`;
    throw new WhosinError('not-a-model', message, { cause: error });
  }
  return graphOf(graph, file);
}

/** @param constants the values of Const nodes that the message itself does not hold, by name */
export function graphOf(
  graph: GraphDef,
  file: string,
  constants?: (name: string) => GraphTensor,
): TensorFlowGraph {
  // Zero bytes are a valid message, and so are many short ones: a graph is one that has named nodes.
  if (graph.node.length === 0 || graph.node.some(({ name, op }) => name === '' || op === '')) {
    throw new WhosinError('not-a-model', `${file} is not a frozen TensorFlow graph: it holds no nodes.`);
  }
  const nodes = new Map<string, GraphNode>();
  for (const node of graph.node) {
    if (nodes.has(node.name)) {
      throw new WhosinError('bad-weights', `${file} has two nodes of the name "${node.name}".`);
    }
    nodes.set(node.name, graphNode(node, constants));
  }
  return { file, nodes };
}

/** "pool_3/_reshape:0" is output 0 of the node "pool_3/_reshape". */
export function nodeOutput(reference: string): NodeOutput {
  const [, node, index] = /^(.*?)(?::(\d+))?$/s.exec(reference)!;
  return { node: node!, index: Number(index ?? 0) };
}

/** A node of the file in the neutral form. */
export function graphNode(node: NodeDef, constants?: (name: string) => GraphTensor): GraphNode {
  const attributes = new Map<string, Attribute>();
  for (const [name, value] of Object.entries(node.attr)) {
    const attribute = attributeOf(value);
    if (attribute !== undefined) attributes.set(name, attribute);
  }
  if (node.op === 'Const' && constants) attributes.set('value', { tensor: () => constants(node.name) });
  return {
    name: node.name,
    op: node.op,
    inputs: node.input.filter((reference) => !reference.startsWith('^')).map(nodeOutput),
    attributes,
  };
}

/** Nothing if the attribute is of a kind that no op here asks for. */
function attributeOf({ value }: AttrValue): Attribute | undefined {
  switch (value.case) {
    case 'b':
    case 'f':
      return value.value;
    case 'i':
      return Number(value.value);
    case 's':
      return new TextDecoder().decode(value.value);
    case 'type':
      return DataType[value.value] ?? `type ${value.value}`;
    case 'shape':
      return { shape: sizesOf(value.value) };
    case 'tensor': {
      const tensor = value.value;
      return { tensor: () => readTensor(tensor) };
    }
    case 'list':
      return listOf(value.value);
    case 'func':
    case undefined:
  }
  return undefined;
}

function listOf({ i, f, s }: AttrValue_ListValue): Attribute {
  if (s.length > 0) return s.map((text) => new TextDecoder().decode(text));
  return i.length > 0 ? i.map(Number) : f;
}

function sizesOf({ dim, unknownRank }: TensorShapeProto): readonly number[] | undefined {
  return unknownRank ? undefined : dim.map(({ size }) => Number(size));
}

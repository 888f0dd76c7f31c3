/**
 * Writes TensorFlow nodes as ONNX nodes. Constants are folded, what scales channels goes into the weights
 * before it, pictures are held in planes as ONNX wants them, and what the outputs do not need is left out.
 */

import { reasonOf, WhosinError } from '../../../errors.ts';
import type { Dimension, GraphWriter, Value } from '../writer.ts';
import { mapChannels } from './channel-affine.ts';
import { findOutput, nodesInOrder } from './graph-names.ts';
import { textOf } from './node-attributes.ts';
import { meanOverPicture } from './ops-reduction.ts';
import { channelScales, type Preparation } from './preparation.ts';
import type { GraphNode, NodeOutput, TensorFlowGraph } from './tensorflow-graph.ts';
import { tensorFlowOps } from './tensorflow-ops.ts';
import { onnxType, type Traced, ValueWriter } from './traced-value.ts';

/** A float value that is in the ONNX graph already; `shape` is TensorFlow's in either layout. */
export interface GivenValue {
  readonly value: Value;
  readonly shape: readonly Dimension[];
  /** `planes`: held as [n, channels, height, width]. */
  readonly layout: 'plain' | 'planes';
  /** The preparation that is still to be written. */
  readonly preparation?: Preparation;
}

export interface OutputRequest {
  /** "pool_3/_reshape:0", or without the number. */
  readonly node: string;
  /** The mean of each channel over the picture, where the value has a height and a width. */
  readonly pool?: 'mean';
}

export interface WrittenValue {
  readonly value: Value;
  readonly type: 'float32' | 'int64';
  /** The shape that TensorFlow has, channels last. */
  readonly shape: readonly Dimension[];
}

/**
 * Writes the part of a graph between given values and outputs into an ONNX graph that is being written, so
 * that more can be written behind it, such as a new head.
 *
 * @param given by the names of the nodes that they stand for
 */
export function writeTensorFlow(
  g: GraphWriter,
  graph: TensorFlowGraph,
  given: ReadonlyMap<string, GivenValue>,
  outputs: readonly OutputRequest[],
): readonly WrittenValue[] {
  const w = new ValueWriter(g);
  const wanted = outputs.map(({ node }) => findOutput(graph, node));
  const names = wanted.map(({ node }) => node);
  const order = nodesInOrder(graph, names, (name) => given.has(name));
  const readers = countReaders([...order.flatMap(({ inputs }) => inputs), ...wanted]);
  const values = new Map<string, Traced>();
  for (const [name, value] of given) values.set(`${name}:0`, prepared(w, value));
  const valueOf = (output: NodeOutput): Traced => {
    const key = keyOf(output);
    const value = values.get(key);
    if (value === undefined) throw new RangeError(`the compiler does not write "${key}"`);
    // A value that several nodes read is computed once, and cannot go into the weights for one of them.
    return value.kind === 'affine' && readers.get(key)! > 1 ? w.settle(value) : value;
  };
  for (const node of order) {
    const written = inNode(graph, node, () => writeNode(w, node, node.inputs.map(valueOf)));
    for (const [index, value] of [written].flat().entries()) {
      values.set(keyOf({ node: node.name, index }), value);
    }
  }
  return wanted.map((output, i) =>
    inNode(graph, graph.nodes.get(output.node)!, () => {
      const value = valueOf(output);
      const pooled = outputs[i]!.pool === 'mean' && value.shape.length === 4;
      return finished(w, pooled ? meanOverPicture(w, value) : value);
    }),
  );
}

function prepared(w: ValueWriter, { value, shape, layout, preparation }: GivenValue): Traced {
  const computed = w.computed(value, shape, { layout });
  if (preparation === undefined) return computed;
  const { mean } = preparation;
  const scale = Float64Array.from(channelScales(preparation));
  return mapChannels(w, computed, { scale, shift: scale.map((factor, i) => -mean[i]! * factor) });
}

function writeNode(w: ValueWriter, node: GraphNode, inputs: readonly Traced[]): Traced | readonly Traced[] {
  const op = Object.hasOwn(tensorFlowOps, node.op) ? tensorFlowOps[node.op] : undefined;
  if (op === undefined) {
    throw new RangeError(
      "whosin's compiler does not know this op; name a node behind it as the input, or one before it as the output",
    );
  }
  const format = textOf(node, 'data_format', 'NHWC');
  if (format !== 'NHWC') throw new RangeError(`its data_format is ${format}, not NHWC`);
  return op(w, node, inputs);
}

function finished(w: ValueWriter, traced: Traced): WrittenValue {
  const { type, shape } = traced;
  const value = w.plain(traced);
  if (type === 'float') return { value, type: 'float32', shape };
  return {
    value: type === 'int' ? value : w.g.node('Cast', [value], { to: onnxType.int }),
    type: 'int64',
    shape,
  };
}

function inNode<T>(graph: TensorFlowGraph, { name, op }: GraphNode, write: () => T): T {
  try {
    return write();
  } catch (error) {
    // The engine's own words help nobody: an op that looks for an input or an attribute in vain.
    const reason =
      error instanceof TypeError ? 'its inputs or attributes are not those of this op' : reasonOf(error);
    const message = `${graph.file}: node "${name}" (${op}) cannot be compiled: ${reason}.`;
    throw new WhosinError('bad-weights', message, { cause: error });
  }
}

function countReaders(outputs: readonly NodeOutput[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const output of outputs) counts.set(keyOf(output), (counts.get(keyOf(output)) ?? 0) + 1);
  return counts;
}

function keyOf({ node, index }: NodeOutput): string {
  return `${node}:${index}`;
}

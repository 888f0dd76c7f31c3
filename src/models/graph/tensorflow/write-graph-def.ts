/**
 * A trained head becomes part of the TensorFlow graph that its bottlenecks came from, with the nodes and names
 * that retrain.py writes (`add_final_training_ops` and `save_graph_to_file` in
 * tensorflow/examples/image_retraining/retrain.py, TensorFlow 1.0 to 1.8), so that whatever loads its
 * `retrained_graph.pb` loads ours: classify.py, label_image.py, the demos for phones.
 */

import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { WhosinError } from '../../../errors.ts';
import {
  type AttrValueSchema,
  DataType,
  GraphDefSchema,
  type NodeDef,
  NodeDefSchema,
} from '../tensorflow_pb.ts';
import { findOutput } from './graph-names.ts';
import { readGraphDef } from './tensorflow-graph.ts';

export interface RetrainedHead {
  /** The node that the head is put on, [n, size]. */
  readonly bottleneck: string;
  readonly size: number;
  /** [labels × size], row-major. */
  readonly weights: Float32Array;
  /** [labels] */
  readonly bias: Float32Array;
  /** Name of the node that holds the probabilities. */
  readonly output: string;
}

/**
 * Nodes that the probabilities do not need are left out, as there. The nodes that stay are written as they were read.
 *
 * @param bytes a frozen GraphDef
 * @param file for messages
 * @throws WhosinError `not-found` if it lacks the bottleneck, `usage` if a name is taken
 */
export function writeRetrainedGraph(bytes: Uint8Array, file: string, head: RetrainedHead): Uint8Array {
  findOutput(readGraphDef(bytes, file), head.bottleneck);
  const { node: read } = fromBinary(GraphDefSchema, bytes);
  const whole = [...read, ...headNodes(head, new Set(read.map(({ name }) => name)))];
  const needed = neededFor(head.output, whole);
  // Freezing writes no version and an empty library: TensorFlow takes that for a graph of its first days.
  const graph = { node: whole.filter(({ name }) => needed.has(name)), library: {} };
  return toBinary(GraphDefSchema, create(GraphDefSchema, graph));
}

/** A graph without the values of its constants: what TensorBoard draws, a hundred times smaller. */
export function graphOutline(bytes: Uint8Array): Uint8Array {
  const { node: nodes, library } = fromBinary(GraphDefSchema, bytes);
  const outlined = nodes.map((one) => {
    const { value: _value, ...attr } = one.attr;
    return one.op === 'Const' ? { ...one, attr } : one;
  });
  return toBinary(GraphDefSchema, create(GraphDefSchema, { node: outlined, ...(library && { library }) }));
}

/** The nodes that one reads, directly or not. An order of execution ("^node") counts: the file has to be whole. */
function neededFor(output: string, nodes: readonly NodeDef[]): ReadonlySet<string> {
  const byName = new Map(nodes.map((one) => [one.name, one]));
  const needed = new Set([output]);
  for (const name of needed) {
    for (const input of byName.get(name)?.input ?? []) needed.add(input.replace(/^\^|:\d+$/g, ''));
  }
  return needed;
}

function headNodes(
  { bottleneck, size, weights, bias, output }: RetrainedHead,
  taken: ReadonlySet<string>,
): readonly NodeDef[] {
  const classes = bias.length;
  const input = `${freeScope('input', taken)}/BottleneckInputPlaceholder`;
  const scope = 'final_training_ops';
  const clash = [...taken].find((name) => name === output || isIn(scope, name));
  if (clash !== undefined) {
    throw new WhosinError(
      'usage',
      `The graph has a node "${clash}" already: it was retrained before, or --final_tensor_name has to be another.`,
    );
  }
  const float = { T: typeOf(DataType.DT_FLOAT) };
  const same = { value: { case: 'b' as const, value: false } };
  return [
    node(input, 'PlaceholderWithDefault', [bottleneck], {
      dtype: typeOf(DataType.DT_FLOAT),
      shape: { value: { case: 'shape', value: shapeOf([-1, size]) } },
    }),
    ...variable(`${scope}/weights/final_weights`, [size, classes], transposed(weights, classes, size)),
    ...variable(`${scope}/biases/final_biases`, [classes], bias),
    node(`${scope}/Wx_plus_b/MatMul`, 'MatMul', [input, `${scope}/weights/final_weights/read`], {
      ...float,
      transpose_a: same,
      transpose_b: same,
    }),
    node(
      `${scope}/Wx_plus_b/add`,
      'Add',
      [`${scope}/Wx_plus_b/MatMul`, `${scope}/biases/final_biases/read`],
      float,
    ),
    node(output, 'Softmax', [`${scope}/Wx_plus_b/add`], float),
  ];
}

/** A variable as freezing leaves it: a constant, and the node that read it. */
function variable(name: string, shape: readonly number[], values: Float32Array): readonly NodeDef[] {
  const dtype = DataType.DT_FLOAT;
  const tensorContent = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const place = new TextEncoder().encode(`loc:@${name}`);
  return [
    node(name, 'Const', [], {
      dtype: typeOf(dtype),
      value: { value: { case: 'tensor', value: { dtype, tensorShape: shapeOf(shape), tensorContent } } },
    }),
    node(`${name}/read`, 'Identity', [name], {
      T: typeOf(dtype),
      _class: { value: { case: 'list', value: { s: [place] } } },
    }),
  ];
}

/** TensorFlow numbers a scope whose name is taken: MobileNet's input is called "input" too. */
function freeScope(name: string, taken: ReadonlySet<string>): string {
  const isTaken = (scope: string): boolean => [...taken].some((other) => isIn(scope, other));
  if (!isTaken(name)) return name;
  let number = 1;
  while (isTaken(`${name}_${number}`)) number++;
  return `${name}_${number}`;
}

function isIn(scope: string, name: string): boolean {
  return name === scope || name.startsWith(`${scope}/`);
}

function node(
  name: string,
  op: string,
  input: string[],
  attr: Readonly<Record<string, MessageInitShape<typeof AttrValueSchema>>>,
): NodeDef {
  return create(NodeDefSchema, { name, op, input, attr });
}

function typeOf(value: DataType): MessageInitShape<typeof AttrValueSchema> {
  return { value: { case: 'type', value } };
}

function shapeOf(sizes: readonly number[]): { dim: { size: bigint }[] } {
  return { dim: sizes.map((size) => ({ size: BigInt(size) })) };
}

/** [rows × columns] to [columns × rows]. */
function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  return Float32Array.from(values, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!);
}

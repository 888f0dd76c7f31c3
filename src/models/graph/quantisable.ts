/** Finds what of a compiled graph can be calculated with 8 bits. */

import type { GraphProto, NodeProto, TensorProto } from './onnx_pb.ts';

/** A convolution with constant weights, and the activation function behind it. */
export interface Convolution {
  readonly node: NodeProto;
  readonly weights: TensorProto;
  readonly bias: TensorProto | undefined;
  /** Nodes that only cut off values: the range of the output does the same. */
  readonly activations: readonly NodeProto[];
  readonly input: string;
  /** Behind the activations. */
  readonly output: string;
}

export function convolutionsOf(graph: GraphProto): Convolution[] {
  const constants = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  const readers = readersOf(graph);
  const outputs = new Set(graph.output.map(({ name }) => name));
  return graph.node.flatMap((node) => {
    const [input = '', filter = '', shift = ''] = node.input;
    const weights = constants.get(filter);
    if (node.opType !== 'Conv' || weights === undefined) return [];
    const activations: NodeProto[] = [];
    let output = node.output[0]!;
    for (;;) {
      const [reader, ...others] = readers.get(output) ?? [];
      if (reader === undefined || others.length > 0 || outputs.has(output)) break;
      if (!cutsOff(reader, constants)) break;
      activations.push(reader);
      output = reader.output[0]!;
    }
    return [{ node, weights, bias: constants.get(shift), activations, input, output }];
  });
}

/** Convolutions whose values are read by no other one, nor by a product of matrices: what they give is the answer, and stays exact. */
export function isLast({ output }: Convolution, graph: GraphProto): boolean {
  const readers = readersOf(graph);
  const seen = new Set<NodeProto>();
  const open = [output];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    for (const reader of readers.get(value) ?? []) {
      if (reader.opType === 'Conv' || reader.opType === 'MatMul') return false;
      if (!seen.has(reader)) open.push(...reader.output);
      seen.add(reader);
    }
  }
  return true;
}

/** Throws RangeError where the tensor does not hold float32 as raw bytes. */
export function floatsOf({ name, rawData, dims }: TensorProto): Float32Array {
  const size = dims.reduce((a, b) => a * Number(b), 1);
  if (rawData.byteLength !== size * 4) throw new RangeError(`tensor "${name}" is not ${size} float32 values`);
  // A copy, because raw bytes may lie anywhere in their file.
  return new Float32Array(Uint8Array.from(rawData).buffer);
}

function readersOf(graph: GraphProto): Map<string, NodeProto[]> {
  const readers = new Map<string, NodeProto[]>();
  for (const node of graph.node) {
    for (const value of node.input) readers.set(value, [...(readers.get(value) ?? []), node]);
  }
  return readers;
}

/** Relu, and bounds that are constants, as TensorFlow writes its ReLU6. */
function cutsOff(node: NodeProto, constants: ReadonlyMap<string, TensorProto>): boolean {
  if (node.opType === 'Relu') return true;
  return (
    ['Clip', 'Min', 'Max'].includes(node.opType) &&
    node.input.filter((value) => !constants.has(value)).length === 1
  );
}

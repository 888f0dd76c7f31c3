/** Compiles a TensorFlow graph, or a part of it, to an ONNX file that takes pictures. */

import { WhosinError } from '../../../errors.ts';
import { type Dimension, GraphWriter } from '../writer.ts';
import { findOutput } from './graph-names.ts';
import { shapeOf } from './node-attributes.ts';
import type { Preparation } from './preparation.ts';
import { inBrackets } from './sizes.ts';
import type { TensorFlowGraph } from './tensorflow-graph.ts';
import { readTfjsGraph } from './tfjs-graph.ts';
import { type GivenValue, type OutputRequest, writeTensorFlow } from './write-tensorflow.ts';

export interface InputRequest {
  /** A node whose value is given from outside; what computes it in the file is left out. */
  readonly node: string;
  /** The input's name in ONNX: the node's own where it is left out. */
  readonly name?: string;
  /** The sizes of the node's value, a name for a free one; where left out, the file's, with a free first size. */
  readonly shape?: readonly Dimension[];
  /** With it the input takes bytes of RGB pixels, [n, height, width, 3]; without it the floats themselves. */
  readonly preparation?: Preparation;
}

export interface CompileOptions {
  readonly name: string;
  readonly inputs: readonly InputRequest[];
  readonly outputs: readonly (OutputRequest & { readonly name?: string })[];
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface CompiledValue {
  readonly name: string;
  readonly type: 'uint8' | 'float32' | 'int64';
  readonly shape: readonly Dimension[];
}

export interface CompiledGraph {
  /** The ONNX file. */
  readonly bytes: Uint8Array;
  readonly inputs: readonly CompiledValue[];
  readonly outputs: readonly CompiledValue[];
}

/**
 * @throws WhosinError `not-found` if a named node is not in the graph, `bad-weights` if a node cannot be
 * written: its op is not known, or it does not fit what it reads
 */
export function compileTensorFlow(graph: TensorFlowGraph, options: CompileOptions): CompiledGraph {
  const g = new GraphWriter(options.name);
  const inputs: CompiledValue[] = [];
  const given = new Map<string, GivenValue>();
  for (const request of options.inputs) {
    const { node } = findOutput(graph, request.node);
    const { preparation, name = node, shape = declaredShape(graph, node) } = request;
    const type = preparation ? 'uint8' : 'float32';
    const value = g.input(name, type, shape);
    inputs.push({ name, type, shape });
    if (preparation === undefined) {
      given.set(node, { value, shape, layout: 'plain' });
    } else if (shape.length === 4 && shape[3] === 3) {
      const planes = g.node('Transpose', [g.node('Cast', [value], { to: 1 })], { perm: [0, 3, 1, 2] });
      const ordered =
        preparation.order === 'bgr'
          ? g.node('Gather', [planes, g.ints([3], [2, 1, 0])], { axis: 1 })
          : planes;
      given.set(node, { value: ordered, shape, layout: 'planes', preparation });
    } else {
      const message = `${graph.file}: input "${node}" has shape ${inBrackets(shape)}: it takes no RGB pictures.`;
      throw new WhosinError('bad-weights', message);
    }
  }
  const written = writeTensorFlow(g, graph, given, options.outputs);
  const outputs = options.outputs.map(({ node, name = node }, i) => {
    const { value, type, shape } = written[i]!;
    g.output(name, value, type, shape);
    return { name, type, shape };
  });
  for (const [key, value] of Object.entries(options.metadata ?? {})) g.metadata(key, value);
  return { bytes: g.toBytes(), inputs, outputs };
}

/** @param files `model.json` and its weights */
export function compileTfjs(
  options: CompileOptions,
  [json, weights]: readonly Uint8Array[],
  file: string,
): Uint8Array {
  return compileTensorFlow(readTfjsGraph(new TextDecoder().decode(json), weights!, file), options).bytes;
}

function declaredShape(graph: TensorFlowGraph, name: string): readonly Dimension[] {
  const shape = shapeOf(graph.nodes.get(name)!);
  if (shape === undefined || shape.slice(1).some((size) => size < 0)) {
    throw new WhosinError(
      'bad-weights',
      `${graph.file} does not store the shape of input "${name}": name it.`,
    );
  }
  return shape.map((size, axis) => (axis === 0 ? 'n' : size));
}

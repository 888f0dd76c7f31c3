/** Graphs of a few nodes, and their results in ONNX Runtime. */

import { Tensor } from 'onnxruntime-node';
import { type Dimension, GraphWriter, type Value } from '../../../src/models/graph/writer.ts';
import { createSession } from '../../../src/runtime/create-session.ts';

export interface Result {
  readonly shape: readonly number[];
  readonly values: number[];
}

/** Runs a graph with the input `x` and the output `y`. */
export async function runGraph(bytes: Uint8Array, x: Tensor): Promise<Result> {
  const session = await createSession(bytes, { threads: 1 });
  const { y } = await session.run({ x });
  await session.release();
  return { shape: y!.dims, values: [...(y!.data as Float32Array)] };
}

/** The bytes of a graph from the float input `x` to the output `y`. */
export function toyGraph(
  inputShape: readonly Dimension[],
  outputShape: readonly Dimension[],
  build: (g: GraphWriter, x: Value) => Value,
): Uint8Array {
  const g = new GraphWriter('toy');
  const x = g.input('x', 'float32', inputShape);
  g.output('y', build(g, x), 'float32', outputShape);
  return g.toBytes();
}

export function floats(shape: readonly number[], values: readonly number[]): Tensor {
  return new Tensor('float32', Float32Array.from(values), shape);
}

/** 1, 2, 3 … as many as asked for. */
export function count(to: number): number[] {
  return Array.from({ length: to }, (_, i) => i + 1);
}

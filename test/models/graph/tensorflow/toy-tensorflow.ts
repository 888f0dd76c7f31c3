/** TensorFlow graphs of a few nodes, and their values in ONNX Runtime and in TensorFlow.js. */

import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { Tensor } from 'onnxruntime-node';
import { seededRandom } from '../../../../src/core/random.ts';
import { ModelProtoSchema } from '../../../../src/models/graph/onnx_pb.ts';
import {
  type CompileOptions,
  compileTensorFlow,
  type InputRequest,
} from '../../../../src/models/graph/tensorflow/compile-tensorflow.ts';
import {
  readGraphDef,
  type TensorFlowGraph,
} from '../../../../src/models/graph/tensorflow/tensorflow-graph.ts';
import {
  type AttrValueSchema,
  DataType,
  type GraphDef,
  GraphDefSchema,
  type NodeDefSchema,
} from '../../../../src/models/graph/tensorflow_pb.ts';
import { createSession } from '../../../../src/runtime/create-session.ts';
import { type Numbers, openTensorFlowJs } from './tensorflow-js.ts';

type Node = MessageInitShape<typeof NodeDefSchema>;
type Attribute = MessageInitShape<typeof AttrValueSchema>;

export function node(
  name: string,
  op: string,
  input: string[],
  attr: Readonly<Record<string, Attribute>> = {},
): Node {
  return { name, op, input, attr };
}

export function placeholder(name: string, ...sizes: number[]): Node {
  const dim = sizes.map((size) => ({ size: BigInt(size) }));
  const shape: Attribute = { value: { case: 'shape', value: { dim } } };
  return node(name, 'Placeholder', [], { dtype: type(DataType.DT_FLOAT), shape });
}

export function floats(name: string, shape: readonly number[], values: readonly number[]): Node {
  return constant(name, DataType.DT_FLOAT, shape, new Uint8Array(Float32Array.from(values).buffer));
}

export function ints(name: string, shape: readonly number[], values: readonly number[]): Node {
  return constant(name, DataType.DT_INT32, shape, new Uint8Array(Int32Array.from(values).buffer));
}

/** Weights of that shape, neither large nor zero. */
export function weights(name: string, ...shape: number[]): Node {
  return floats(name, shape, numbers(shape.reduce((a, b) => a * b, 1)));
}

const random = seededRandom(3);

/** Numbers between −1 and 1. */
export function numbers(count: number): number[] {
  return Array.from({ length: count }, () => random() * 2 - 1);
}

export function picture(...shape: number[]): Numbers {
  return { shape, values: Float32Array.from(numbers(shape.reduce((a, b) => a * b, 1))) };
}

/** The attributes of a convolution, or of a pool, which has no dilations. */
export function windowed(padding: string, stride = 1, dilation = 1): Readonly<Record<string, Attribute>> {
  return {
    padding: text(padding),
    strides: list(1, stride, stride, 1),
    dilations: list(1, dilation, dilation, 1),
    data_format: text('NHWC'),
  };
}

export const list = (...i: number[]): Attribute => ({
  value: { case: 'list', value: { i: i.map(BigInt) } },
});
export const texts = (...s: string[]): Attribute => ({
  value: { case: 'list', value: { s: s.map((text) => new TextEncoder().encode(text)) } },
});
export const text = (s: string): Attribute => ({ value: { case: 's', value: new TextEncoder().encode(s) } });
export const whole = (i: number): Attribute => ({ value: { case: 'i', value: BigInt(i) } });
export const real = (f: number): Attribute => ({ value: { case: 'f', value: f } });
export const flag = (b: boolean): Attribute => ({ value: { case: 'b', value: b } });
export const type = (value: DataType): Attribute => ({ value: { case: 'type', value } });

export function graphDef(...nodes: Node[]): GraphDef {
  return create(GraphDefSchema, { node: nodes, versions: { producer: 21 } });
}

export function toyGraph(...nodes: Node[]): TensorFlowGraph {
  return readGraphDef(toBinary(GraphDefSchema, graphDef(...nodes)), 'toy.pb');
}

/** How often each op is in an ONNX graph. */
export function opsIn(bytes: Uint8Array): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { opType } of fromBinary(ModelProtoSchema, bytes).graph!.node) {
    counts[opType] = (counts[opType] ?? 0) + 1;
  }
  return counts;
}

export async function runOnnx(
  bytes: Uint8Array,
  inputs: Readonly<Record<string, Tensor>>,
): Promise<Readonly<Record<string, Numbers>>> {
  const session = await createSession(bytes, { threads: 1 });
  const results = await session.run(inputs);
  await session.release();
  return Object.fromEntries(
    Object.entries(results).map(([name, { dims, data }]) => [
      name,
      { shape: dims, values: Float32Array.from(data as Float32Array, Number) },
    ]),
  );
}

export interface Comparison {
  readonly differences: readonly string[];
  /** How often each op is in the ONNX graph. */
  readonly ops: Readonly<Record<string, number>>;
}

export const agreement = { differences: [] };

/** Compiles nodes behind the placeholder "x", "y" where no others are named, and runs them in TensorFlow.js too. */
export async function compared(
  x: Numbers,
  nodes: readonly Node[],
  { outputs = ['y'], ...request }: Partial<InputRequest> & { outputs?: readonly string[] } = {},
): Promise<Comparison> {
  const all = [placeholder('x', -1, ...x.shape.slice(1)), ...nodes];
  const options: CompileOptions = {
    name: 'toy',
    inputs: [{ node: 'x', ...request }],
    outputs: outputs.map((name) => ({ node: name })),
  };
  const { bytes } = compileTensorFlow(toyGraph(...all), options);
  const found = await runOnnx(bytes, { x: new Tensor('float32', x.values, x.shape) });
  tensorFlow ??= openTensorFlowJs('cpu');
  const reference = await (await tensorFlow).openGraph(graphDef(...all));
  const wanted = reference.run({ x }, outputs);
  reference.close();
  const differences = outputs.flatMap((name, i) => difference(name, found[name]!, wanted[i]!));
  return { differences, ops: opsIn(bytes) };
}

/** Places at which two results are off by more than single precision explains. */
function difference(name: string, found: Numbers, wanted: Numbers): string[] {
  if (found.shape.join() !== wanted.shape.join()) {
    return [`${name} is [${found.shape.join()}], should be [${wanted.shape.join()}]`];
  }
  const at = wanted.values.findIndex((value, i) => {
    const own = found.values[i]!;
    return own !== value && !(Math.abs(own - value) < 1e-4 * (1 + Math.abs(value)));
  });
  return at < 0 ? [] : [`${name}[${at}] is ${found.values[at]}, should be ${wanted.values[at]}`];
}

let tensorFlow: ReturnType<typeof openTensorFlowJs> | undefined;

export function constant(
  name: string,
  dtype: DataType,
  shape: readonly number[],
  tensorContent: Uint8Array,
): Node {
  const dim = shape.map((size) => ({ size: BigInt(size) }));
  const value: Attribute = {
    value: { case: 'tensor', value: { dtype, tensorShape: { dim }, tensorContent } },
  };
  return node(name, 'Const', [], { dtype: type(dtype), value });
}

/**
 * Writes ONNX graphs node by node. Values are named by the builder; shapes are inferred by ONNX Runtime.
 * Specification: https://onnx.ai/onnx/operators/ (opset 17, IR 8: read by every runtime since 2022).
 */

import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import {
  type AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  ModelProtoSchema,
  type NodeProtoSchema,
  type TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from './onnx_pb.ts';

/** The name of a value in a graph: an input, a constant or the output of a node. */
export type Value = string;

export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A number of the shape, or the name of a size that is free until the graph runs. */
export type Dimension = number | string;

type ElementType = 'float32' | 'float64' | 'uint8' | 'int64';

/** Whole numbers become INT, others FLOAT; a float that may happen to be whole is written `float(1)`. */
type Attribute = number | string | readonly number[] | { readonly float: number };

const elementTypes: Record<ElementType, DataType> = {
  float32: DataType.FLOAT,
  float64: DataType.DOUBLE,
  uint8: DataType.UINT8,
  int64: DataType.INT64,
};

export class GraphWriter {
  readonly #name: string;
  readonly #nodes: MessageInitShape<typeof NodeProtoSchema>[] = [];
  readonly #constants: MessageInitShape<typeof TensorProtoSchema>[] = [];
  readonly #inputs: ValueInfoProto[] = [];
  readonly #outputs: ValueInfoProto[] = [];
  readonly #metadata: { key: string; value: string }[] = [];
  #count = 0;

  constructor(name: string) {
    this.#name = name;
  }

  input(name: string, type: ElementType, shape: readonly Dimension[]): Value {
    this.#inputs.push(valueInfo(name, type, shape));
    return name;
  }

  output(name: string, value: Value, type: ElementType, shape: readonly Dimension[]): void {
    this.#nodes.push({ opType: 'Identity', input: [value], output: [name], name });
    this.#outputs.push(valueInfo(name, type, shape));
  }

  floats(shape: readonly number[], data: Float32Array | readonly number[], name?: string): Value {
    // Much faster than Float32Array.from for the weights of a large layer.
    return this.#constant(name, DataType.FLOAT, shape, new Float32Array(data));
  }

  doubles(shape: readonly number[], data: readonly number[]): Value {
    return this.#constant(undefined, DataType.DOUBLE, shape, Float64Array.from(data));
  }

  ints(shape: readonly number[], data: readonly number[]): Value {
    return this.#constant(undefined, DataType.INT64, shape, BigInt64Array.from(data, wholeNumber));
  }

  /** Integers of the width that the list has. */
  whole(shape: readonly number[], data: Uint8Array | Int8Array | Int32Array): Value {
    const type =
      data instanceof Int32Array
        ? DataType.INT32
        : data instanceof Int8Array
          ? DataType.INT8
          : DataType.UINT8;
    return this.#constant(undefined, type, shape, data);
  }

  /** Adds a node with one output and returns that. */
  node(opType: string, input: readonly Value[], attributes: Readonly<Record<string, Attribute>> = {}): Value {
    const name = `${opType}_${this.#count++}`;
    const attribute = Object.entries(attributes).map(([key, value]) => attributeOf(key, value));
    this.#nodes.push({ opType, name, input: [...input], output: [name], attribute });
    return name;
  }

  metadata(key: string, value: string): void {
    this.#metadata.push({ key, value });
  }

  /** The whole model as the bytes of an `.onnx` file; the same calls give the same bytes. */
  toBytes(): Uint8Array {
    return toBinary(
      ModelProtoSchema,
      create(ModelProtoSchema, {
        irVersion: 8n,
        producerName: 'whosin',
        opsetImport: [{ domain: '', version: 17n }],
        metadataProps: this.#metadata,
        graph: {
          name: this.#name,
          node: this.#nodes,
          initializer: this.#constants,
          input: this.#inputs,
          output: this.#outputs,
        },
      }),
    );
  }

  #constant(
    name: string | undefined,
    dataType: DataType,
    shape: readonly number[],
    data: Float32Array | Float64Array | BigInt64Array | Uint8Array | Int8Array | Int32Array,
  ): Value {
    const size = shape.reduce((a, b) => a * b, 1);
    if (size !== data.length) throw new RangeError(`${data.length} values for shape [${shape.join(', ')}]`);
    const value = name ?? `constant_${this.#count++}`;
    const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.#constants.push({ name: value, dataType, dims: shape.map(wholeNumber), rawData });
    return value;
  }
}

export const needsNumber =
  'it needs the number of pictures before the graph runs; name inputs of a fixed shape';

/** Compilers reckon with what a file states, whatever it is; NaN stands for a size that is free until the graph runs. */
function wholeNumber(value: number): bigint {
  if (Number.isInteger(value)) return BigInt(value);
  throw new RangeError(Number.isNaN(value) ? needsNumber : `${value} is no whole number`);
}

/** A float attribute whose value may happen to be whole. */
export function float(value: number): Attribute {
  return { float: value };
}

/** For a node that is made without a GraphWriter. */
export function attributeOf(name: string, value: Attribute): MessageInitShape<typeof AttributeProtoSchema> {
  if (typeof value === 'string')
    return { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) };
  if (typeof value === 'number') {
    return Number.isInteger(value)
      ? { name, type: AttributeType.INT, i: BigInt(value) }
      : { name, type: AttributeType.FLOAT, f: value };
  }
  if ('float' in value) return { name, type: AttributeType.FLOAT, f: value.float };
  return value.every(Number.isInteger)
    ? { name, type: AttributeType.INTS, ints: value.map(BigInt) }
    : { name, type: AttributeType.FLOATS, floats: [...value] };
}

/** A value with its type and sizes, as graphs declare their inputs and outputs. */
export function valueInfo(name: string, type: ElementType, shape: readonly Dimension[]): ValueInfoProto {
  const dim = shape.map((d) =>
    typeof d === 'number'
      ? { value: { case: 'dimValue' as const, value: BigInt(d) } }
      : { value: { case: 'dimParam' as const, value: d } },
  );
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: 'tensorType', value: { elemType: elementTypes[type], shape: { dim } } } },
  });
}

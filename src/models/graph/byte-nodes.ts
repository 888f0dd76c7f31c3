/** The nodes that a graph of 8 bits is written with. */

import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  type AttributeProtoSchema,
  TensorProto_DataType as DataType,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProtoSchema,
} from './onnx_pb.ts';

/** A value in 8 bits: value = (byte − zero) · scale. */
export interface ByteFilters {
  /** [outputs, inputs, height, width] */
  readonly shape: readonly number[];
  readonly weights: Int8Array;
  readonly scales: Float32Array;
  readonly bias: Int32Array;
}

export interface Quantised {
  readonly name: string;
  readonly scale: number;
  readonly zero: number;
  /** The part of each channel's zero that the zero point, one whole number for all, leaves over, in levels; or one for all. */
  readonly leftOver: readonly number[];
  /** Names of the constants that hold the two. */
  readonly constants: readonly [scale: string, zero: string];
}

export type Attributes = readonly MessageInitShape<typeof AttributeProtoSchema>[];

export class ByteNodes {
  readonly nodes: NodeProto[] = [];
  readonly #constants: TensorProto[];
  readonly #known = new Map<string, Quantised>();

  /** @param constants of the graph, to which those of 8 bits are added */
  constructor(constants: TensorProto[]) {
    this.#constants = constants;
  }

  add(opType: string, input: readonly string[], output: string, attributes: Attributes = []): void {
    const name = `${output}_${opType}`;
    const attribute = [...attributes];
    this.nodes.push(
      create(NodeProtoSchema, { opType, input: [...input], output: [output], name, attribute }),
    );
  }

  constant(name: string, dataType: DataType, shape: readonly number[], data: ArrayBufferView): string {
    const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.#constants.push(create(TensorProtoSchema, { name, dataType, dims: shape.map(BigInt), rawData }));
    return name;
  }

  ints(name: string, values: readonly number[]): string {
    return this.constant(name, DataType.INT64, [values.length], BigInt64Array.from(values, BigInt));
  }

  /** The value's bytes, if they are there. */
  known(value: string): Quantised | undefined {
    return this.#known.get(value);
  }

  /** Makes bytes known, of which a node is still to be written. */
  announce(value: string, scale: number, zero: number, leftOver: readonly number[] = [0]): Quantised {
    const constants = [
      this.constant(`${value}_scale`, DataType.FLOAT, [], Float32Array.of(scale)),
      this.constant(`${value}_zero`, DataType.UINT8, [], Uint8Array.of(zero)),
    ] as const;
    return this.share(value, { name: `${value}_int8`, scale, zero, leftOver, constants });
  }

  /** Bytes that mean what those of another value mean. */
  share(value: string, like: Quantised): Quantised {
    const quantised = { ...like, name: `${value}_int8` };
    this.#known.set(value, quantised);
    return quantised;
  }

  /** @param output the name of what becomes of x; it means what y means */
  convolution(
    output: string,
    x: Quantised,
    y: Quantised,
    filters: ByteFilters,
    attributes: Attributes,
  ): void {
    const { shape, weights, scales, bias } = filters;
    const [channels = 0] = shape;
    const w = this.constant(`${output}_weights`, DataType.INT8, shape, weights);
    const wScale = this.constant(`${output}_weight_scales`, DataType.FLOAT, [channels], scales);
    const wZero = this.constant(`${output}_weight_zeros`, DataType.INT8, [channels], new Int8Array(channels));
    const b = this.constant(`${output}_bias`, DataType.INT32, [channels], bias);
    const inputs = [x.name, ...x.constants, w, wScale, wZero, ...y.constants, b];
    this.add('QLinearConv', inputs, output, attributes);
  }
}

/**
 * Post-training quantisation: the convolutions of a compiled graph calculate with 8 bits instead of 32. Weights
 * are symmetric for each output channel, activations lie evenly over the range that they were seen to have on
 * photos, and an activation function behind a convolution is the clamp of its output's range (Jacob et al.,
 * "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", CVPR 2018;
 * QLinearConv of the ONNX specification).
 */

import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import {
  type AttributeProtoSchema,
  TensorProto_DataType as DataType,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProtoSchema,
} from './onnx_pb.ts';
import {
  type ByteFilters,
  hasPadding,
  haveOneMean,
  inFours,
  inPhotoOrder,
  type PhotoBytes,
  photoBytes,
  takesFours,
} from './photo-bytes.ts';
import { type Convolution, convolutionsOf, floatsOf } from './quantisable.ts';
import { parseOnnx } from './reader.ts';
import { isProduct, weightHalves } from './weight-halves.ts';
import { attributeOf } from './writer.ts';

/** The lowest and the highest that was seen of each value, by the value's name in the graph. */
export type ActivationRanges = Readonly<Record<string, readonly [lowest: number, highest: number]>>;

/** A value in 8 bits: value = (byte − zero) · scale. */
interface Quantised {
  readonly name: string;
  readonly scale: number;
  readonly zero: number;
  /** What of each channel the zero point, one whole number for all, leaves over, in levels; or one for all. */
  readonly leftOver: readonly number[];
  /** Names of the constants that hold the two. */
  readonly constants: readonly [scale: string, zero: string];
}

/**
 * Every convolution whose input and output have a range becomes one of 8 bits, and a last layer behind them a product of
 * bytes that is as good as one of floats (weight-halves.ts); all else stays as it is.
 *
 * @param bytes of an ONNX file with float32 weights
 * @param file for messages
 */
export function quantise(bytes: Uint8Array, ranges: ActivationRanges, file: string): Uint8Array {
  const model = parseOnnx(bytes, file);
  const graph = model.graph!;
  const all = convolutionsOf(graph);
  const chosen = all.filter(({ input, output }) => ranges[input] && ranges[output]);
  const convolutionOf = new Map(chosen.map((convolution) => [convolution.node, convolution]));
  const fromBytes = new Set(chosen.map(({ output }) => output));
  const productOf = new Map(
    all
      .filter(({ node, input, output }) => fromBytes.has(input) && !ranges[output] && isProduct(node))
      .map((convolution) => [convolution.node, convolution]),
  );
  const swallowed = new Set(chosen.flatMap(({ activations }) => activations));
  const rest = graph.node.filter((node) => !convolutionOf.has(node) && !swallowed.has(node));
  const wantedAsFloats = new Set([
    ...rest.flatMap(({ input }) => input),
    ...graph.output.map(({ name }) => name),
  ]);

  const nodes: NodeProto[] = [];
  const add = (opType: string, input: string[], output: string, attributes: Attributes = []): void => {
    nodes.push(
      create(NodeProtoSchema, {
        opType,
        input,
        output: [output],
        name: `${output}_${opType}`,
        attribute: [...attributes],
      }),
    );
  };
  const constant = constantsInto(graph.initializer);
  const known = new Map<string, Quantised>();
  const asInt8 = (
    value: string,
    scale: number,
    zero: number,
    leftOver: readonly number[] = [0],
  ): Quantised => {
    const constants = [
      constant(`${value}_scale`, DataType.FLOAT, [], Float32Array.of(scale)),
      constant(`${value}_zero`, DataType.UINT8, [], Uint8Array.of(zero)),
    ] as const;
    const quantised = { name: `${value}_int8`, scale, zero, leftOver, constants };
    known.set(value, quantised);
    return quantised;
  };
  const inputOf = (value: string): Quantised => {
    const there = known.get(value);
    if (there) return there;
    const quantised = asInt8(value, ...levelsOf(ranges[value]!));
    add('QuantizeLinear', [value, ...quantised.constants], quantised.name);
    return quantised;
  };
  const writeConvolution = (
    output: string,
    inputs: readonly string[],
    y: Quantised,
    filters: ByteFilters,
    like: Attributes,
  ): void => {
    const { shape, weights, scales, bias } = filters;
    const [channels = 0] = shape;
    const w = constant(`${output}_weights`, DataType.INT8, shape, weights);
    const wScale = constant(`${output}_weight_scales`, DataType.FLOAT, [channels], scales);
    const wZero = constant(`${output}_weight_zeros`, DataType.INT8, [channels], new Int8Array(channels));
    const b = constant(`${output}_bias`, DataType.INT32, [channels], bias);
    add('QLinearConv', [...inputs, w, wScale, wZero, ...y.constants, b], output, like);
  };
  const shapeOf = (name: string, sizes: readonly number[]): string =>
    constant(name, DataType.INT64, [sizes.length], BigInt64Array.from(sizes, BigInt));
  /** Reads the bytes of the photo as they are. */
  const writeFirst = (first: Convolution, photo: PhotoBytes, y: Quantised): void => {
    const zero = Math.round(photo.means.reduce((a, b) => a + b) / photo.means.length);
    const leftOver = photo.means.map((mean) => zero - mean);
    const x = asInt8(first.input, photo.scale, zero, leftOver);
    const filters = inPhotoOrder(quantiseWeights(first, x), photo.order);
    const [toPlanes, toPixels] = [
      [0, 3, 1, 2],
      [0, 2, 3, 1],
    ].map((perm) => [attributeOf('perm', perm)]);
    if (!takesFours(first, photo)) {
      add('Transpose', [photo.input], x.name, toPlanes);
      writeConvolution(y.name, [x.name, ...x.constants], y, filters, first.node.attribute);
      return;
    }
    const fours = `${x.name}_fours`;
    const columns = `${y.name}_columns`;
    add('Reshape', [photo.input, shapeOf(`${fours}_shape`, [0, 0, -1, 12])], fours);
    const framed = haveOneMean(photo) ? fours : writeFrame(fours, photo);
    add('Transpose', [framed], x.name, toPlanes);
    const other = first.node.attribute.filter(
      ({ name }) => !['kernel_shape', 'strides', 'pads', 'auto_pad'].includes(name),
    );
    const pads = attributeOf('pads', framed === fours ? [0, 0, 1, 1] : [0, 0, 0, 0]);
    const like = [...other, attributeOf('kernel_shape', [3, 2]), attributeOf('strides', [2, 1]), pads];
    writeConvolution(columns, [x.name, ...x.constants], y, inFours(filters), like);
    add('Transpose', [columns], `${columns}_pixels`, toPixels);
    add(
      'Reshape',
      [`${columns}_pixels`, shapeOf(`${columns}_shape`, [0, 0, -1, filters.shape[0]!])],
      `${columns}_apart`,
    );
    add('Transpose', [`${columns}_apart`], y.name, toPlanes);
  };
  /** Four pixels on the right and one below, in the photo's mean colour: padding that is nothing to each channel. */
  const writeFrame = (fours: string, { means, order }: PhotoBytes): string => {
    const colour = new Uint8Array(12);
    for (const [i, to] of order.entries())
      for (let pixel = 0; pixel < 4; pixel++) colour[pixel * 3 + to] = Math.round(means[i]!);
    const border = constant(`${fours}_mean`, DataType.UINT8, [1, 1, 1, 12], colour);
    let framed = fours;
    for (const axis of [2, 1]) {
      const side = `${fours}_side_${axis}`;
      // As long as the picture along the other axis, and one along its own.
      add('Shape', [framed], `${side}_of`);
      const ends = shapeOf(`${side}_ends`, [axis]);
      const one = shapeOf(`${side}_one`, [1]);
      add('ScatterElements', [`${side}_of`, ends, one], `${side}_shape`);
      add('Expand', [border, `${side}_shape`], side);
      add('Concat', [framed, side], `${fours}_framed_${axis}`, [attributeOf('axis', axis)]);
      framed = `${fours}_framed_${axis}`;
    }
    return framed;
  };
  /** ONNX Runtime multiplies bytes where it finds a product of values that were bytes. */
  const writeProduct = (product: Convolution): void => {
    const [output] = product.node.output as [string];
    const [outputs, inputs] = product.weights.dims.map(Number) as [number, number];
    const rows = `${output}_rows`;
    add('Transpose', [product.input], rows, [attributeOf('perm', [0, 2, 3, 1])]);
    const halves = weightHalves(product).map(({ values, scales }, i) => {
      const half = `${output}_${i === 0 ? 'high' : 'low'}`;
      const w = constant(`${half}_weights`, DataType.INT8, [inputs, outputs], values);
      const scale = constant(`${half}_scales`, DataType.FLOAT, [outputs], scales);
      add('DequantizeLinear', [w, scale], `${half}_floats`, [attributeOf('axis', 1)]);
      add('MatMul', [rows, `${half}_floats`], half);
      return half;
    });
    add('Add', halves, `${output}_product`);
    if (product.bias) add('Add', [`${output}_product`, product.bias.name], `${output}_biased`);
    const last = `${output}_${product.bias ? 'biased' : 'product'}`;
    add('Transpose', [last], output, [attributeOf('perm', [0, 3, 1, 2])]);
  };

  for (const node of graph.node) {
    const convolution = convolutionOf.get(node);
    const product = productOf.get(node);
    if (product) {
      writeProduct(product);
      continue;
    }
    const pooled = node.opType === 'MaxPool' ? known.get(node.input[0]!) : undefined;
    if (pooled && ranges[node.output[0]!]) {
      // The largest byte stands for the largest value.
      const [output] = node.output as [string];
      const quantised = { ...pooled, name: `${output}_int8` };
      known.set(output, quantised);
      add('MaxPool', [pooled.name], quantised.name, node.attribute);
      if (wantedAsFloats.has(output)) add('DequantizeLinear', [quantised.name, ...pooled.constants], output);
      continue;
    }
    if (convolution === undefined) {
      if (!swallowed.has(node)) nodes.push(node);
      continue;
    }
    const { input, output } = convolution;
    const photo = known.has(input) ? undefined : photoBytes(graph, input);
    const x = photo && isReadable(convolution, photo) ? photo : inputOf(input);
    const y = asInt8(output, ...levelsOf(ranges[output]!));
    if ('means' in x) writeFirst(convolution, x, y);
    else {
      const filters = quantiseWeights(convolution, x);
      writeConvolution(y.name, [x.name, ...x.constants], y, filters, node.attribute);
    }
    if (wantedAsFloats.has(output)) add('DequantizeLinear', [y.name, ...y.constants], output);
  }
  graph.node = withoutUnused(
    nodes,
    graph.output.map(({ name }) => name),
  );
  const used = new Set(graph.node.flatMap(({ input }) => input));
  graph.initializer = graph.initializer.filter(({ name }) => used.has(name));
  return toBinary(ModelProtoSchema, model);
}

function isReadable(convolution: Convolution, photo: PhotoBytes): boolean {
  return haveOneMean(photo) || !hasPadding(convolution.node) || takesFours(convolution, photo);
}

/** Scale and zero point of 256 levels over a range that holds 0, which paddings need. */
function levelsOf([lowest, highest]: readonly [number, number]): [scale: number, zero: number] {
  const low = Math.min(0, lowest);
  const scale = (Math.max(0, highest) - low) / 255 || 1;
  return [scale, Math.round(-low / scale)];
}

/** Weights of −127 to 127 with a scale for each output channel; the bias counts in products of both scales. */
function quantiseWeights(
  { weights, bias }: Convolution,
  { scale: inputScale, leftOver }: Quantised,
): ByteFilters {
  const shape = weights.dims.map(Number);
  const [channels = 0] = shape;
  const values = floatsOf(weights);
  const each = values.length / channels;
  const plane = each / (shape[1] ?? 1);
  const shifts = bias ? floatsOf(bias) : new Float32Array(channels);
  const out = {
    weights: new Int8Array(values.length),
    scales: new Float32Array(channels),
    bias: new Int32Array(channels),
    shape,
  };
  for (let c = 0; c < channels; c++) {
    const own = values.subarray(c * each, (c + 1) * each);
    const scale = own.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127 || 1;
    let sum = 0;
    for (const [i, value] of own.entries()) {
      const weight = (out.weights[c * each + i] = Math.round(value / scale));
      sum += weight * leftOver[Math.floor(i / plane) % leftOver.length]!;
    }
    out.scales[c] = scale;
    out.bias[c] = Math.round(shifts[c]! / (scale * inputScale) + sum);
  }
  return out;
}

type Attributes = readonly MessageInitShape<typeof AttributeProtoSchema>[];

type Constants = (
  name: string,
  dataType: DataType,
  shape: readonly number[],
  data: ArrayBufferView,
) => string;

function constantsInto(initializers: TensorProto[]): Constants {
  return (name, dataType, shape, { buffer, byteOffset, byteLength }) => {
    const rawData = new Uint8Array(buffer, byteOffset, byteLength);
    initializers.push(create(TensorProtoSchema, { name, dataType, dims: shape.map(BigInt), rawData }));
    return name;
  };
}

/** Nodes that lead to an output. */
function withoutUnused(nodes: readonly NodeProto[], outputs: readonly string[]): NodeProto[] {
  const wanted = new Set(outputs);
  return nodes
    .toReversed()
    .filter((node) => {
      const leads = node.output.some((value) => wanted.has(value));
      if (leads) for (const value of node.input) wanted.add(value);
      return leads;
    })
    .toReversed();
}

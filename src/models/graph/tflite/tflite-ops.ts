/** Which operators of TensorFlow Lite the compiler knows, and the nodes of TensorFlow that each is. */

import type { Attribute } from '../tensorflow/tensorflow-graph.ts';
import type { FlatTable } from './flat-table.ts';
import {
  activated,
  convolution,
  depthwise,
  fullyConnected,
  pool,
  product,
  sum,
  type WriteOperator,
} from './tflite-layers.ts';
import { sigmoid } from './tflite-sigmoid.ts';

interface OperatorKind {
  readonly name: string;
  readonly write: WriteOperator;
}

/** An operator that is one node, with the attributes that its options hold, and the field of its activation. */
const asNode =
  (
    op: string,
    attributes: (options: FlatTable) => Record<string, Attribute> = () => ({}),
    activation?: number,
  ): WriteOperator =>
  (g, placed) => {
    const { inputs, options } = placed;
    const value = g.node(op, inputs, options ? attributes(options) : {});
    return activation === undefined ? value : activated(g, value, placed, activation);
  };

const reduced = (op: string): WriteOperator => asNode(op, (options) => ({ keep_dims: options.flag(0) }));

const concatenation: WriteOperator = (g, placed) => {
  const value = g.node('ConcatV2', [...placed.inputs, g.ints([placed.options?.int(0) ?? 0], [])]);
  return activated(g, value, placed, 1);
};

const reshape: WriteOperator = (g, { inputs, options }) =>
  g.node('Reshape', [inputs[0]!, inputs[1] ?? g.ints(options?.ints(0) ?? [])]);

const softmax: WriteOperator = (g, { inputs, options }) => {
  const beta = options?.float(0, 1) ?? 1;
  return g.node('Softmax', [beta === 1 ? inputs[0]! : g.node('Mul', [inputs[0]!, g.number(beta)])]);
};

const hardSwish: WriteOperator = (g, { inputs: [x] }) => {
  const six = g.node('Relu6', [g.node('AddV2', [x!, g.number(3)])]);
  return g.node('Mul', [x!, g.node('Mul', [six, g.number(1 / 6)])]);
};

/** Quantised values are held as floats here: what changes their integers changes nothing. */
const same: WriteOperator = (_g, { inputs }) => inputs[0]!;

const split: WriteOperator = (g, { inputs, options }) => {
  const parts = options?.int(0, 1) ?? 1;
  const { node } = g.node('Split', inputs, { num_split: parts });
  return Array.from({ length: parts }, (_, index) => ({ node, index }));
};

const gather: WriteOperator = (g, { inputs, options }) =>
  g.node('GatherV2', [...inputs, g.ints([options?.int(0) ?? 0], [])]);

const masks = ['begin_mask', 'end_mask', 'ellipsis_mask', 'new_axis_mask', 'shrink_axis_mask'];

/** By the numbers of the schema. */
const kinds: Readonly<Record<number, OperatorKind>> = {
  0: { name: 'ADD', write: sum('AddV2', 1) },
  1: { name: 'AVERAGE_POOL_2D', write: pool('AvgPool') },
  2: { name: 'CONCATENATION', write: concatenation },
  3: { name: 'CONV_2D', write: convolution },
  4: { name: 'DEPTHWISE_CONV_2D', write: depthwise },
  6: { name: 'DEQUANTIZE', write: same },
  8: { name: 'FLOOR', write: asNode('Floor') },
  9: { name: 'FULLY_CONNECTED', write: fullyConnected },
  14: { name: 'LOGISTIC', write: sigmoid },
  17: { name: 'MAX_POOL_2D', write: pool('MaxPool') },
  18: { name: 'MUL', write: product },
  19: { name: 'RELU', write: asNode('Relu') },
  21: { name: 'RELU6', write: asNode('Relu6') },
  22: { name: 'RESHAPE', write: reshape },
  23: {
    name: 'RESIZE_BILINEAR',
    write: asNode('ResizeBilinear', (o) => ({ align_corners: o.flag(2), half_pixel_centers: o.flag(3) })),
  },
  25: { name: 'SOFTMAX', write: softmax },
  28: { name: 'TANH', write: asNode('Tanh') },
  34: { name: 'PAD', write: asNode('Pad') },
  36: { name: 'GATHER', write: gather },
  39: { name: 'TRANSPOSE', write: asNode('Transpose') },
  40: { name: 'MEAN', write: reduced('Mean') },
  41: { name: 'SUB', write: sum('Sub', -1) },
  42: { name: 'DIV', write: asNode('RealDiv', undefined, 0) },
  43: { name: 'SQUEEZE', write: asNode('Squeeze', (o) => ({ squeeze_dims: o.ints(0) })) },
  45: {
    name: 'STRIDED_SLICE',
    write: asNode('StridedSlice', (o) => Object.fromEntries(masks.map((mask, i) => [mask, o.int(i)]))),
  },
  47: { name: 'EXP', write: asNode('Exp') },
  49: { name: 'SPLIT', write: split },
  50: { name: 'LOG_SOFTMAX', write: asNode('LogSoftmax') },
  53: { name: 'CAST', write: same },
  54: { name: 'PRELU', write: asNode('Prelu') },
  55: { name: 'MAXIMUM', write: asNode('Maximum') },
  57: { name: 'MINIMUM', write: asNode('Minimum') },
  59: { name: 'NEG', write: asNode('Neg') },
  60: { name: 'PADV2', write: asNode('PadV2') },
  65: { name: 'SLICE', write: asNode('Slice') },
  70: { name: 'EXPAND_DIMS', write: asNode('ExpandDims') },
  74: { name: 'SUM', write: reduced('Sum') },
  75: { name: 'SQRT', write: asNode('Sqrt') },
  76: { name: 'RSQRT', write: asNode('Rsqrt') },
  77: { name: 'SHAPE', write: asNode('Shape') },
  78: { name: 'POW', write: asNode('Pow') },
  82: { name: 'REDUCE_MAX', write: reduced('Max') },
  83: { name: 'PACK', write: asNode('Pack', (o) => ({ axis: o.int(1) })) },
  92: { name: 'SQUARE', write: asNode('Square') },
  97: {
    name: 'RESIZE_NEAREST_NEIGHBOR',
    write: asNode('ResizeNearestNeighbor', (o) => ({
      align_corners: o.flag(0),
      half_pixel_centers: o.flag(1),
    })),
  },
  98: { name: 'LEAKY_RELU', write: asNode('LeakyRelu', (o) => ({ alpha: o.float(0) })) },
  100: {
    name: 'MIRROR_PAD',
    write: asNode('MirrorPad', (o) => ({ mode: o.byte(0) === 1 ? 'SYMMETRIC' : 'REFLECT' })),
  },
  101: { name: 'ABS', write: asNode('Abs') },
  106: { name: 'ADD_N', write: asNode('AddN') },
  111: { name: 'ELU', write: asNode('Elu') },
  114: { name: 'QUANTIZE', write: same },
  117: { name: 'HARD_SWISH', write: hardSwish },
};

/** Nothing for an operator that the compiler does not know. */
export function operatorKind(code: number): OperatorKind | undefined {
  return Object.hasOwn(kinds, code) ? kinds[code] : undefined;
}

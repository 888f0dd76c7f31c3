/** Which TensorFlow ops the compiler knows, and what writes each. */

import { cast, prelu, relu6, softmax, unary, unaryOps } from './ops-activation.ts';
import { addBytes, inBytes } from './ops-bytes.ts';
import { averagePool, convolution, depthwise, maxPool } from './ops-convolution.ts';
import { addAll, binary, binaryOps } from './ops-elementwise.ts';
import { gather, gatherNd, select } from './ops-gather.ts';
import { biasAdd, fused, fusedBatchNorm, globalBatchNorm, matMul } from './ops-layer.ts';
import { pad } from './ops-padding.ts';
import { localNorm, resize } from './ops-picture.ts';
import { dequantize, fakeQuantise } from './ops-quantisation.ts';
import { argMax, reduce, reductionOps } from './ops-reduction.ts';
import {
  concat,
  expandDims,
  fill,
  pack,
  range,
  reshape,
  shapeOfValue,
  squeeze,
  tile,
  transpose,
} from './ops-shape.ts';
import { slice, split, stridedSlice, unpack } from './ops-slice.ts';
import type { GraphNode } from './tensorflow-graph.ts';
import type { Traced, ValueWriter } from './traced-value.ts';

/** Writes a node; what it throws is the reason why it cannot. */
export type Op = (w: ValueWriter, node: GraphNode, inputs: readonly Traced[]) => Traced | readonly Traced[];

const all = (ops: readonly string[], op: Op): Record<string, Op> =>
  Object.fromEntries(ops.map((name) => [name, op]));

const same: Op = (_w, _node, [x]) => x!;

export const tensorFlowOps: Readonly<Record<string, Op>> = {
  ...all(['CheckNumerics', 'Identity', 'PlaceholderWithDefault', 'PreventGradient', 'ReadVariableOp'], same),
  // Keras saves swish so, with a gradient of its own.
  IdentityN: (_w, _node, inputs) => inputs,
  ...all(['Snapshot', 'StopGradient'], same),
  ...all(binaryOps, binary),
  ...all(unaryOps, unary),
  ...all(reductionOps, reduce),
  ...all(['_FusedConv2D', '_FusedMatMul', 'FusedConv2D'], fused),
  ...all(['_FusedDepthwiseConv2dNative', 'FusedDepthwiseConv2dNative'], fused),
  ...all(['FusedBatchNorm', 'FusedBatchNormV2', 'FusedBatchNormV3'], fusedBatchNorm),
  AddBytes: addBytes,
  AddN: addAll,
  ArgMax: argMax,
  ArgMin: argMax,
  AvgPool: averagePool,
  BatchNormWithGlobalNormalization: globalBatchNorm,
  BiasAdd: biasAdd,
  BiasAddV1: biasAdd,
  Cast: cast,
  Concat: concat,
  ConcatV2: concat,
  Const: constantOf,
  Conv2D: (w, node, [x, filters]) => convolution(w, node, x!, filters!),
  DepthwiseConv2dNative: (w, node, [x, filters]) => depthwise(w, node, x!, filters!),
  Dequantize: dequantize,
  ExpandDims: expandDims,
  FakeQuantWithMinMaxVars: fakeQuantise,
  Fill: fill,
  Gather: gather,
  GatherNd: gatherNd,
  GatherV2: gather,
  InBytes: inBytes,
  LRN: localNorm,
  LogSoftmax: softmax,
  MatMul: (w, node, [a, b]) => matMul(w, node, [a!, b!]),
  MaxPool: maxPool,
  MirrorPad: pad,
  Pack: pack,
  Pad: pad,
  PadV2: pad,
  Placeholder: () => {
    throw new RangeError('it is an input of the graph, and was not named as one');
  },
  Prelu: prelu,
  Range: range,
  Relu6: relu6,
  Reshape: reshape,
  ResizeBilinear: resize,
  ResizeNearestNeighbor: resize,
  Select: select,
  SelectV2: select,
  Shape: shapeOfValue,
  Slice: slice,
  Softmax: softmax,
  Split: split,
  SplitV: split,
  Squeeze: squeeze,
  StridedSlice: stridedSlice,
  Tile: tile,
  Transpose: transpose,
  Unpack: unpack,
};

function constantOf(_w: ValueWriter, node: GraphNode): Traced {
  const value = node.attributes.get('value');
  if (typeof value !== 'object' || !('tensor' in value)) throw new RangeError('it has no value');
  const tensor = value.tensor();
  if (tensor.type === 'text') throw new RangeError('it is text');
  return { ...tensor, kind: 'constant' };
}

/** Graphs of TensorFlow, TensorFlow.js and ONNX that hold every op that whosin's compiler writes. */

import { toBinary, toJson } from '@bufbuild/protobuf';
import { DataType, type GraphDef, GraphDefSchema } from '../../src/models/graph/tensorflow_pb.ts';
import { GraphWriter } from '../../src/models/graph/writer.ts';
import {
  flag,
  floats,
  graphDef,
  ints,
  list,
  node,
  placeholder,
  real,
  text,
  type,
  weights,
  whole,
  windowed,
} from '../models/graph/tensorflow/toy-tensorflow.ts';
import { toyGraph } from '../runtime/toy-model.ts';
import { together, utf8 } from './reader.ts';

/** A small classifier as image networks are made: convolutions, norms, pools, a last layer. */
const layers = graphDef(
  placeholder('input', -1, 8, 8, 3),
  weights('w', 3, 3, 3, 4),
  node('conv', 'Conv2D', ['input', 'w'], windowed('SAME', 2)),
  weights('bias', 4),
  node('biased', 'BiasAdd', ['conv', 'bias']),
  node('relu', 'Relu6', ['biased']),
  weights('d', 3, 3, 4, 1),
  node('depth', 'DepthwiseConv2dNative', ['relu', 'd'], windowed('SAME')),
  weights('gamma', 4),
  weights('variance', 4),
  node('norm', 'FusedBatchNormV3', ['depth', 'gamma', 'bias', 'bias', 'variance'], { epsilon: real(0.001) }),
  node('pool', 'MaxPool', ['norm'], { ...windowed('VALID', 2), ksize: list(1, 2, 2, 1) }),
  node('average', 'AvgPool', ['norm'], { ...windowed('SAME', 2), ksize: list(1, 2, 2, 1) }),
  ints('last', [], [3]),
  node('both', 'ConcatV2', ['pool', 'average', 'last'], { N: whole(2) }),
  node('lrn', 'LRN', ['both'], { depth_radius: whole(2) }),
  ints('axes', [2], [1, 2]),
  node('mean', 'Mean', ['lrn', 'axes'], { keep_dims: flag(true) }),
  node('flat', 'Squeeze', ['mean'], { squeeze_dims: list(1, 2) }),
  weights('full', 8, 3),
  node('logits', 'MatMul', ['flat', 'full'], { transpose_b: flag(false) }),
  node('final_result', 'Softmax', ['logits']),
);

/** Nodes that exporters write around networks: shapes that are computed, slices, pads, resizes, quantised weights. */
const shapes = graphDef(
  placeholder('input', -1, 8, 8, 3),
  ints('pads', [4, 2], [0, 0, 1, 1, 1, 1, 0, 0]),
  node('padded', 'MirrorPad', ['input', 'pads'], { mode: text('REFLECT') }),
  ints('size', [2], [4, 4]),
  node('small', 'ResizeBilinear', ['padded', 'size'], { align_corners: flag(false) }),
  ints('order', [4], [0, 1, 2, 3]),
  node('turned', 'Transpose', ['small', 'order']),
  node('shape', 'Shape', ['turned']),
  ints('zero', [1], [0]),
  ints('one', [1], [1]),
  node('batch', 'StridedSlice', ['shape', 'zero', 'one', 'one'], { shrink_axis_mask: whole(1) }),
  ints('rest', [], [48]),
  node('wanted', 'Pack', ['batch', 'rest'], { N: whole(2), axis: whole(0) }),
  node('rows', 'Reshape', ['turned', 'wanted']),
  ints('from', [2], [0, 0]),
  ints('count', [2], [-1, 6]),
  node('slice', 'Slice', ['rows', 'from', 'count']),
  ints('axis', [], [1]),
  node('halves', 'Split', ['axis', 'slice'], { num_split: whole(2) }),
  node('sum', 'AddN', ['halves', 'halves:1'], { N: whole(2) }),
  ints('some', [2], [2, 0]),
  node('gathered', 'GatherV2', ['sum', 'some', 'axis']),
  ints('times', [2], [1, 2]),
  node('tiled', 'Tile', ['gathered', 'times']),
  floats('low', [], [-6]),
  floats('high', [], [6]),
  node('quantised', 'FakeQuantWithMinMaxVars', ['tiled', 'low', 'high'], { num_bits: whole(8) }),
  node('wide', 'ExpandDims', ['quantised', 'axis']),
  node('range', 'Max', ['wide', 'axis'], { keep_dims: flag(false) }),
  ints('four', [2], [1, 4]),
  floats('half', [], [0.5]),
  node('filled', 'Fill', ['four', 'half']),
  node('product', 'Mul', ['range', 'filled']),
  node('more', 'Greater', ['product', 'half']),
  node('chosen', 'SelectV2', ['more', 'product', 'filled']),
  node('cast', 'Cast', ['chosen'], { DstT: type(DataType.DT_FLOAT) }),
  floats('square', [4, 3], Array<number>(12).fill(0.1)),
  node('dense', 'MatMul', ['cast', 'square']),
  node('final_result', 'Sigmoid', ['dense']),
);

/** As Inception v3 of 2015 begins: it decodes and scales photos itself. */
const decoding = graphDef(
  node('DecodeJpeg/contents', 'Placeholder', []),
  node('DecodeJpeg', 'DecodeJpeg', ['DecodeJpeg/contents']),
  ints('ResizeBilinear/size', [2], [8, 8]),
  node('ResizeBilinear', 'ResizeBilinear', ['DecodeJpeg', 'ResizeBilinear/size']),
  ints('axes', [2], [1, 2]),
  node('pooled', 'Mean', ['ResizeBilinear', 'axes']),
  weights('w3', 3, 3),
  node('logits', 'MatMul', ['pooled', 'w3']),
  node('softmax', 'Softmax', ['logits']),
);

export function graphDefSeeds(): Uint8Array[] {
  return [...[layers, shapes, decoding].map((graph) => toBinary(GraphDefSchema, graph)), toyGraph()];
}

/** The same as `model.json` and its weights, which lie outside of it there. */
export function tfjsSeeds(): Uint8Array[] {
  return [layers, shapes].map(tfjs);
}

function tfjs(graph: GraphDef): Uint8Array {
  const constants = graph.node.flatMap((own) => {
    const value = own.attr['value']?.value;
    return own.op === 'Const' && value?.case === 'tensor' ? [{ name: own.name, tensor: value.value }] : [];
  });
  const listed = constants.map(({ name, tensor }, i) => {
    const shape = (tensor.tensorShape?.dim ?? []).map(({ size }) => Number(size));
    const dtype = tensor.dtype === DataType.DT_INT32 ? 'int32' : 'float32';
    // One of them as converters shrink it: a byte for each value.
    const shrunk = i === 0 && dtype === 'float32';
    return { name, shape, dtype, ...(shrunk && { quantization: { dtype: 'uint8', scale: 0.01, min: -1 } }) };
  });
  const weightBytes = constants.map(({ tensor }, i) =>
    'quantization' in listed[i]!
      ? tensor.tensorContent.filter((_, at) => at % 4 === 0)
      : tensor.tensorContent,
  );
  const model = {
    format: 'graph-model',
    modelTopology: toJson(GraphDefSchema, graph),
    weightsManifest: [{ paths: ['weights.bin'], weights: listed }],
  };
  return together(utf8(JSON.stringify(model)), new Uint8Array(Buffer.concat(weightBytes)));
}

/** Classifiers as they come from other programs: free sizes, fixed batch, channels last, a graph inside a node's. */
export function onnxSeeds(): Uint8Array[] {
  const sizes = [
    ['n', 3, 8, 8],
    [1, 3, 8, 8],
    [4, 3, 8, 8],
    ['n', 3, 'h', 'w'],
  ] as const;
  return sizes.map((shape, i) => {
    const g = new GraphWriter(`toy-${i}`);
    const x = g.input('data', 'float32', shape);
    const conv = g.node('Conv', [x, g.floats([4, 3, 3, 3], Array<number>(108).fill(0.05), 'w')], {
      kernel_shape: [3, 3],
      pads: [1, 1, 1, 1],
    });
    const pooled = g.node('Flatten', [g.node('GlobalAveragePool', [g.node('Relu', [conv])])], { axis: 1 });
    const dense = g.node('Gemm', [pooled, g.floats([3, 4], Array<number>(12).fill(0.2), 'full')], {
      transB: 1,
    });
    g.output('scores', i % 2 ? g.node('Softmax', [dense], { axis: 1 }) : dense, 'float32', [shape[0], 3]);
    if (i === 0) g.metadata('labels', '["a","b","c"]');
    return g.toBytes();
  });
}

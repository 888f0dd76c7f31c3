/** Ops on whole pictures besides convolutions: scaling, and the local norm of networks before batch norm. */

import { float, type Value } from '../writer.ts';
import { numbersIn } from './constant-folding.ts';
import { flagOf, numberOf } from './node-attributes.ts';
import { isFree, known } from './sizes.ts';
import type { GraphNode } from './tensorflow-graph.ts';
import type { Computed, Traced, ValueWriter } from './traced-value.ts';

/**
 * TensorFlow 1 puts pixel 0 of both pictures on each other and scales from there; the two attributes came
 * later. https://www.tensorflow.org/api_docs/python/tf/compat/v1/image/resize_bilinear
 */
export function resize(w: ValueWriter, node: GraphNode, [x, size]: readonly Traced[]): Computed {
  const [height, width] = numbersIn(size, 'size') as [number, number];
  const [n, h, , channels] = x!.shape;
  known(h, 'height');
  const corners = flagOf(node, 'align_corners');
  const centres = flagOf(node, 'half_pixel_centers');
  const nearest = node.op === 'ResizeNearestNeighbor';
  const planes = w.planes(x!);
  const rest = [known(channels, 'number of channels'), height, width];
  const sizes = isFree(n)
    ? w.g.node('Concat', [batchOf(w, planes), w.g.ints([3], rest)], { axis: 0 })
    : w.g.ints([4], [n!, ...rest]);
  const value = w.g.node('Resize', [planes, '', '', sizes], {
    mode: nearest ? 'nearest' : 'linear',
    coordinate_transformation_mode: corners ? 'align_corners' : centres ? 'half_pixel' : 'asymmetric',
    ...(nearest && { nearest_mode: corners || centres ? 'round_prefer_ceil' : 'floor' }),
  });
  return w.computed(value, [n!, height, width, channels!], { layout: 'planes' });
}

/** TensorFlow's alpha is for each summand, ONNX's for the mean of all. */
export function localNorm(w: ValueWriter, node: GraphNode, [x]: readonly Traced[]): Computed {
  const size = 2 * numberOf(node, 'depth_radius', 5) + 1;
  const value = w.g.node('LRN', [w.planes(x!)], {
    size,
    alpha: float(numberOf(node, 'alpha', 1) * size),
    beta: float(numberOf(node, 'beta', 0.5)),
    bias: float(numberOf(node, 'bias', 1)),
  });
  return w.computed(value, x!.shape, { layout: 'planes' });
}

function batchOf(w: ValueWriter, planes: Value): Value {
  return w.g.node('Slice', [w.g.node('Shape', [planes]), w.g.ints([1], [0]), w.g.ints([1], [1])]);
}

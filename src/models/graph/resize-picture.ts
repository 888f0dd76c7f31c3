/** Resizes pictures of any size inside an ONNX graph, as runtime and core do outside of it. */

import type { GraphWriter, Value } from './writer.ts';

export type ResizeRule = 'bilinear' | 'lanczos';

/**
 * @param planes float [n, 3, h, w] of any h and w, values from 0 to 255
 * @returns whole numbers from 0 to 255, [n, 3, height, width]
 */
export function resizePicture(
  g: GraphWriter,
  planes: Value,
  { width, height }: { readonly width: number; readonly height: number },
  rule: ResizeRule,
): Value {
  const resized =
    rule === 'bilinear' ? bilinear(g, planes, width, height) : lanczos(g, planes, width, height);
  const rounded = g.node('Floor', [g.node('Add', [resized, g.floats([], [0.5])])]);
  return g.node('Clip', [rounded, g.floats([], [0]), g.floats([], [255])]);
}

/**
 * The largest part with the proportions of `size`, from the middle, as `centreCrop` of core cuts it.
 *
 * @param planes float [n, 3, h, w] of any h and w
 */
export function cropCentre(
  g: GraphWriter,
  planes: Value,
  size: { readonly width: number; readonly height: number },
): Value {
  const one = (of: number): Value => g.ints([1], [of]);
  const along = (axis: number): Value => g.node('Gather', [g.node('Shape', [planes]), one(axis)]);
  const [rows, columns] = [along(2), along(3)];
  const fit = (by: number, from: Value, other: Value, otherBy: number): Value =>
    g.node('Min', [from, g.node('Div', [g.node('Mul', [other, one(by)]), one(otherBy)])]);
  const sides = [fit(size.height, rows, columns, size.width), fit(size.width, columns, rows, size.height)];
  const cuts = [rows, columns].map((whole, i) => {
    const start = g.node('Div', [g.node('Sub', [whole, sides[i]!]), one(2)]);
    return { start, end: g.node('Add', [start, sides[i]!]) };
  });
  const starts = g.node(
    'Concat',
    cuts.map(({ start }) => start),
    { axis: 0 },
  );
  const ends = g.node(
    'Concat',
    cuts.map(({ end }) => end),
    { axis: 0 },
  );
  return g.node('Slice', [planes, starts, ends, g.ints([2], [2, 3])]);
}

/** TensorFlow 1's rule, see core/bilinear-resize.ts. */
function bilinear(g: GraphWriter, planes: Value, width: number, height: number): Value {
  const batch = g.node('Slice', [g.node('Shape', [planes]), g.ints([1], [0]), g.ints([1], [1])]);
  const sizes = g.node('Concat', [batch, g.ints([3], [3, height, width])], { axis: 0 });
  return g.node('Resize', [planes, '', '', sizes], {
    mode: 'linear',
    coordinate_transformation_mode: 'asymmetric',
  });
}

/** ONNX's own Resize skips pixels where a picture shrinks; each side is a product with a matrix of mixes here. */
function lanczos(g: GraphWriter, planes: Value, width: number, height: number): Value {
  const rows = mixes(g, planes, 2, height);
  const columns = g.node('Transpose', [mixes(g, planes, 3, width)], { perm: [1, 0] });
  return g.node('MatMul', [g.node('MatMul', [rows, planes]), columns]);
}

/** Width of the kernel on each side, in pixels of the smaller of the two pictures. */
const lobes = 3;

/** How much of each old row (axis 2) or column (axis 3) goes into each new one: [size, old size]. */
function mixes(g: GraphWriter, planes: Value, axis: number, size: number): Value {
  const number = (value: number): Value => g.floats([], [value]);
  const old = g.node('Gather', [g.node('Shape', [planes]), g.ints([], [axis])]);
  const length = g.node('Cast', [old], { to: 1 });
  const step = g.node('Div', [length, number(size)]);
  const middles = g.floats(
    [size, 1],
    Float32Array.from({ length: size }, (_, i) => i + 0.5),
  );
  const places = g.node('Add', [g.node('Range', [number(0), length, number(1)]), number(0.5)]);
  const distances = g.node('Sub', [places, g.node('Mul', [middles, step])]);
  // If the picture shrinks, the kernel grows with it, so that every old pixel counts.
  const x = g.node('Abs', [g.node('Div', [distances, g.node('Max', [step, number(1)])])]);
  const near = g.node('Cast', [g.node('Less', [x, number(lobes)])], { to: 1 });
  const wave = g.node('Mul', [sinc(g, x), sinc(g, g.node('Div', [x, number(lobes)]))]);
  const weights = g.node('Mul', [wave, near]);
  return g.node('Div', [weights, g.node('ReduceSum', [weights, g.ints([1], [1])], { keepdims: 1 })]);
}

/** sin(πx) / πx, and 1 at 0. */
function sinc(g: GraphWriter, x: Value): Value {
  // So near to 0 that the quotient is 1 in single precision.
  const angle = g.node('Max', [g.node('Mul', [x, g.floats([], [Math.PI])]), g.floats([], [1e-4])]);
  return g.node('Div', [g.node('Sin', [angle]), angle]);
}

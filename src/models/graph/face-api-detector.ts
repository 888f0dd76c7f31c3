/**
 * The SSD MobileNet v1 face detector of face-api (trained on WIDER FACE, MIT). The original takes a canvas of
 * 512×512 with its anchors as a table; here the anchors are laid out in pixels for a canvas of any size, so
 * that small passes cost little. Anchors and box coding: Liu et al., "SSD: Single Shot MultiBox Detector",
 * ECCV 2016, as in TensorFlow's object detection API (scale factors 10 and 5).
 */

import { batchNorm, conv, depthwise, prepareRgb, relu6 } from './layers.ts';
import type { Weights } from './weights-manifest.ts';
import { GraphWriter, type Tensor, type Value } from './writer.ts';

const canvas = 512;
const levels = [
  { stride: 16, anchors: 3 },
  { stride: 32, anchors: 6 },
  { stride: 64, anchors: 6 },
  { stride: 128, anchors: 6 },
  { stride: 256, anchors: 6 },
  { stride: 512, anchors: 6 },
] as const;

/** Middle (y, x), half sizes (height, width), face. */
const valuesPerAnchor = 5;

/**
 * `photos` uint8 [n, height, width, 3], sides multiples of 32 → `boxes` float32 [n, anchors, 4] as top, left,
 * bottom, right in pixels of the canvas, and `scores` float32 [n, anchors], 0 to 1.
 */
export function writeDetector(weights: Weights): Uint8Array {
  const g = new GraphWriter('face-detector');
  const photos = g.input('photos', 'uint8', ['n', 'height', 'width', 3]);
  const maps = backbone(g, weights, prepareRgb(g, photos, [127.5, 127.5, 127.5], 1 / 127.5));
  const sizes = anchorSizes(weights('Output/extra_dim'));
  const found = maps.map((map, i) => {
    const { filters, bias } = predictor(weights, i, sizes[i]!);
    const rows = g.node('Transpose', [map], { perm: [0, 2, 3, 1] });
    const product = g.node('MatMul', [rows, g.floats(filters.shape, filters.data)]);
    const last = g.node('Add', [product, g.floats([bias.length], bias)]);
    // All anchors of the level in one row; in ONNX a 0 keeps the dimension of the input.
    return g.node('Reshape', [last, g.ints([3], [0, -1, valuesPerAnchor])]);
  });
  const values = g.node('Concat', found, { axis: 1 });
  const columns = (from: number, to: number): Value =>
    g.node('Slice', [values, g.ints([1], [from]), g.ints([1], [to]), g.ints([1], [2])]);
  const middle = g.node('Add', [columns(0, 2), corners(g, maps[0]!)]);
  const half = g.node('Exp', [columns(2, 4)]);
  const edges = [g.node('Sub', [middle, half]), g.node('Add', [middle, half])];
  g.output('boxes', g.node('Concat', edges, { axis: 2 }), 'float32', ['n', 'anchors', 4]);
  const scores = g.node('Squeeze', [g.node('Sigmoid', [columns(4, 5)]), g.ints([1], [2])]);
  g.output('scores', scores, 'float32', ['n', 'anchors']);
  return g.toBytes();
}

/** The six feature maps that boxes are predicted from, largest first. */
function backbone(g: GraphWriter, weights: Weights, photos: Value): Value[] {
  const pointwise = (x: Value, prefix: string, stride = 1): Value =>
    relu6(
      g,
      conv(g, x, weights(`${prefix}/weights`), {
        stride,
        bias: weights(`${prefix}/convolution_bn_offset`).data,
      }),
    );
  let x = pointwise(photos, 'MobilenetV1/Conv2d_0_pointwise', 2);
  const maps: Value[] = [];
  for (let i = 1; i <= 13; i++) {
    const prefix = `MobilenetV1/Conv2d_${i}_depthwise`;
    const norm = (name: string): Tensor => weights(`${prefix}/BatchNorm/${name}`);
    const affine = batchNorm(
      norm('gamma'),
      norm('beta'),
      norm('moving_mean'),
      norm('moving_variance'),
      0.001,
    );
    const stride = [2, 4, 6, 12].includes(i) ? 2 : 1;
    x = relu6(g, depthwise(g, x, weights(`${prefix}/depthwise_weights`), { stride, affine }));
    x = pointwise(x, `MobilenetV1/Conv2d_${i}_pointwise`);
    if (i === 11) maps.push(x);
  }
  maps.push(x);
  for (let i = 0; i < 8; i += 2) {
    x = pointwise(x, `Prediction/Conv2d_${i}_pointwise`);
    x = pointwise(x, `Prediction/Conv2d_${i + 1}_pointwise`, 2);
    maps.push(x);
  }
  return maps;
}

/**
 * Height and width in pixels of each level's anchors, read off the original's table: 5118 boxes of top, left,
 * bottom, right as fractions of the 512 canvas, every cell of a level repeating the same sizes.
 */
function anchorSizes(table: Tensor): Float32Array[] {
  let first = 0;
  return levels.map(({ stride, anchors }) => {
    const sizes = new Float32Array(anchors * 2);
    for (let a = 0; a < anchors; a++) {
      const at = (first + a) * 4;
      sizes[a * 2] = (table.data[at + 2]! - table.data[at]!) * canvas;
      sizes[a * 2 + 1] = (table.data[at + 3]! - table.data[at + 1]!) * canvas;
    }
    first += (canvas / stride) ** 2 * anchors;
    return sizes;
  });
}

/**
 * The layer behind one feature map, with all of the box coding that does not depend on the place: for each anchor the
 * middle of its box in pixels from the upper left corner of its cell (y, x), the logarithms of half its height and
 * half its width, and the logit of a face.
 */
function predictor(
  weights: Weights,
  level: number,
  sizes: Float32Array,
): { filters: Tensor; bias: Float32Array } {
  const { stride, anchors } = levels[level]!;
  const named = (name: string): Tensor => weights(`Prediction/BoxPredictor_${level}/${name}`);
  const [codes, codeBias] = [named('BoxEncodingPredictor/weights'), named('BoxEncodingPredictor/biases')];
  // Classes are background, face and one that training never used.
  const [classes, classBias] = [named('ClassPredictor/weights'), named('ClassPredictor/biases')];
  const inputs = codes.shape[2]!;
  const outputs = anchors * valuesPerAnchor;
  const filters = { shape: [inputs, outputs], data: new Float32Array(inputs * outputs) };
  const bias = new Float32Array(outputs);
  for (let a = 0; a < anchors; a++) {
    for (let v = 0; v < valuesPerAnchor; v++) {
      const [from, fromBias, every, at] =
        v < 4 ? [codes, codeBias, anchors * 4, a * 4 + v] : [classes, classBias, anchors * 3, a * 3 + 1];
      const size = sizes[a * 2 + (v % 2)]!;
      const scale = v < 2 ? size / 10 : v < 4 ? 1 / 5 : 1;
      const shift = v < 2 ? stride / 2 : v < 4 ? Math.log(size / 2) : 0;
      const to = a * valuesPerAnchor + v;
      for (let i = 0; i < inputs; i++) {
        filters.data[i * outputs + to] = from.data[i * every + at]! * scale;
      }
      bias[to] = fromBias.data[at]! * scale + shift;
    }
  }
  return { filters, bias };
}

/** Upper left corners (y, x) in pixels of the cells of all levels, once for each anchor: [anchors, 2]. */
function corners(g: GraphWriter, finest: Value): Value {
  const [{ stride }] = levels;
  const most = Math.max(...levels.map(({ anchors }) => anchors));
  const cells = g.node('Shape', [finest], { start: 2, end: 4 });
  const shape = g.node('Concat', [cells, g.ints([2], [most, 1])], { axis: 0 });
  const steps = g.node('Expand', [g.floats([], [stride]), shape]);
  const along = (axis: number): Value => g.node('CumSum', [steps, g.ints([], [axis])], { exclusive: 1 });
  const grid = g.node('Concat', [along(0), along(1)], { axis: 3 });
  // The cells of a coarser level start where some of the finest do.
  const rows = levels.map((level) => {
    const step = level.stride / stride;
    const end = Number.MAX_SAFE_INTEGER;
    const slice = [
      [0, 0, 0],
      [end, end, level.anchors],
      [0, 1, 2],
      [step, step, 1],
    ];
    const own = g.node('Slice', [grid, ...slice.map((numbers) => g.ints([3], numbers))]);
    return g.node('Reshape', [own, g.ints([2], [-1, 2])]);
  });
  return g.node('Concat', rows, { axis: 0 });
}

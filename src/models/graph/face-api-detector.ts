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

/**
 * `photos` uint8 [n, height, width, 3], sides multiples of 32 → `boxes` float32 [n, anchors, 4] as top, left,
 * bottom, right in pixels of the canvas, and `scores` float32 [n, anchors], 0 to 1.
 */
export function writeDetector(weights: Weights): Uint8Array {
  const g = new GraphWriter('face-detector');
  const photos = g.input('photos', 'uint8', ['n', 'height', 'width', 3]);
  const maps = backbone(g, weights, prepareRgb(g, photos, [127.5, 127.5, 127.5], 1 / 127.5));
  const tables = anchorSizes(weights('Output/extra_dim'));
  const boxes: Value[] = [];
  const scores: Value[] = [];
  for (const [i, map] of maps.entries()) {
    const { stride, anchors } = levels[i]!;
    const predictor = `Prediction/BoxPredictor_${i}`;
    const codes = predict(g, weights, map, `${predictor}/BoxEncodingPredictor`, anchors, 4);
    const logits = predict(g, weights, map, `${predictor}/ClassPredictor`, anchors, 3);
    boxes.push(rows(g, decode(g, map, codes, tables[i]!, stride), 4));
    // Classes are background, face and one that training never used.
    scores.push(g.node('Sigmoid', [g.node('Gather', [rows(g, logits, 3), g.ints([], [1])], { axis: 2 })]));
  }
  g.output('boxes', g.node('Concat', boxes, { axis: 1 }), 'float32', ['n', 'anchors', 4]);
  g.output('scores', g.node('Concat', scores, { axis: 1 }), 'float32', ['n', 'anchors']);
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

/** A predictor's map [n, anchors × values, h, w] as [n, h, w, anchors, values]. */
function predict(
  g: GraphWriter,
  weights: Weights,
  map: Value,
  name: string,
  anchors: number,
  values: number,
): Value {
  const raw = conv(g, map, weights(`${name}/weights`), { bias: weights(`${name}/biases`).data });
  const last = g.node('Transpose', [raw], { perm: [0, 2, 3, 1] });
  // In ONNX a 0 keeps the dimension of the input.
  return g.node('Reshape', [last, g.ints([5], [0, 0, 0, anchors, values])]);
}

/** All anchors of a level in one row: [n, h, w, anchors, values] as [n, h × w × anchors, values]. */
function rows(g: GraphWriter, x: Value, values: number): Value {
  return g.node('Reshape', [x, g.ints([3], [0, -1, values])]);
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

/** Box codes (dy, dx, dh, dw) around anchors centred in the cells of a map, as boxes in pixels. */
function decode(g: GraphWriter, map: Value, codes: Value, sizes: Float32Array, stride: number): Value {
  const anchors = sizes.length / 2;
  const shape = g.node('Shape', [map]);
  const code = (i: number): Value =>
    g.node('Slice', [codes, g.ints([1], [i]), g.ints([1], [i + 1]), g.ints([1], [4])]);
  const centres = (axis: number, spread: readonly number[]): Value => {
    const cells = g.node('Gather', [shape, g.ints([], [axis])]);
    const index = g.node('Cast', [g.node('Range', [g.ints([], [0]), cells, g.ints([], [1])])], { to: 1 });
    const pixels = g.node('Mul', [g.node('Add', [index, g.floats([], [0.5])]), g.floats([], [stride])]);
    return g.node('Reshape', [pixels, g.ints([spread.length], spread)]);
  };
  const edges = (move: Value, grow: Value, centre: Value, axis: 0 | 1): readonly [Value, Value] => {
    const size = g.floats(
      [anchors, 1],
      sizes.filter((_, i) => i % 2 === axis),
    );
    const shift = g.node('Mul', [g.node('Div', [move, g.floats([], [10])]), size]);
    const middle = g.node('Add', [centre, shift]);
    const growth = g.node('Exp', [g.node('Div', [grow, g.floats([], [5])])]);
    const half = g.node('Mul', [g.node('Mul', [growth, size]), g.floats([], [0.5])]);
    return [g.node('Sub', [middle, half]), g.node('Add', [middle, half])];
  };
  const [top, bottom] = edges(code(0), code(2), centres(2, [-1, 1, 1, 1]), 0);
  const [left, right] = edges(code(1), code(3), centres(3, [-1, 1, 1]), 1);
  return g.node('Concat', [top, left, bottom, right], { axis: 4 });
}

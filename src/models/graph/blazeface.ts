/**
 * BlazeFace, short range (Bazarevsky and others, "BlazeFace: Sub-millisecond Neural Face Detection on Mobile GPUs",
 * 2019) as the package `@mediapipe/face_detection` carries it, decoded as MediaPipe does
 * (mediapipe/modules/face_detection/face_detection_short_range.pbtxt and
 * mediapipe/calculators/tensor/tensors_to_detections_calculator.cc).
 */

import { writeTensorFlow } from './tensorflow/write-tensorflow.ts';
import { tfliteGraph } from './tflite/tflite-graph.ts';
import { GraphWriter } from './writer.ts';

/** The canvas that it was written for, in pixels. */
const side = 128;

/** Two maps: pixels between the cells of each, and the anchors of a cell, all in its middle. */
const maps = [
  { stride: 8, each: 2 },
  { stride: 16, each: 6 },
] as const;

/** x and y in pixels, in the order of the network's boxes. */
const anchors = maps.flatMap(({ stride, each }) => {
  const cells = side / stride;
  return Array.from({ length: cells * cells * each }, (_, i) => {
    const cell = Math.floor(i / each);
    return [((cell % cells) + 0.5) * stride, (Math.floor(cell / cells) + 0.5) * stride] as const;
  });
});

/**
 * `photos` uint8 [n, 128, 128, 3] → `boxes` float32 [n, 896, 4] as top, left, bottom, right in pixels of the canvas,
 * `scores` float32 [n, 896], 0 to 1, and `points` float32 [n, 896, 12] as x and y in pixels of the canvas: left and
 * right eye as they lie in the picture, tip of the nose, middle of the mouth, left and right ear.
 *
 * @throws WhosinError `not-a-model`, `not-found` or `bad-weights`
 */
export function compileBlazeFace(_: null, [bytes]: readonly Uint8Array[], file: string): Uint8Array {
  const graph = tfliteGraph(bytes!, file);
  const g = new GraphWriter('blazeface');
  const shape = ['n', side, side, 3];
  const photos = g.input('photos', 'uint8', shape);
  const value = g.node('Transpose', [g.node('Cast', [photos], { to: 1 })], { perm: [0, 3, 1, 2] });
  const preparation = { mean: [127.5, 127.5, 127.5], scale: 1 / 127.5 } as const;
  const given = new Map([['input', { value, shape, layout: 'planes', preparation } as const]]);
  const requests = [{ node: 'regressors' }, { node: 'classificators' }];
  const [codes, logits] = writeTensorFlow(g, graph, given, requests);
  g.output('boxes', decodeBoxes(g, codes!.value), 'float32', ['n', anchors.length, 4]);
  const scores = g.node('Sigmoid', [g.node('Flatten', [logits!.value], { axis: 1 })]);
  g.output('scores', scores, 'float32', ['n', anchors.length]);
  g.output('points', decodePoints(g, codes!.value), 'float32', ['n', anchors.length, 12]);
  return g.toBytes();
}

/** Codes (x, y, width, height) in pixels, x and y from the anchor to the middle of the box. */
function decodeBoxes(g: GraphWriter, codes: string): string {
  const middle = g.node('Add', [part(g, codes, 0, 2), g.floats([1, anchors.length, 2], anchors.flat())]);
  const half = g.node('Mul', [part(g, codes, 2, 4), g.floats([], [0.5])]);
  const edges = (op: 'Sub' | 'Add'): string =>
    g.node('Gather', [g.node(op, [middle, half]), g.ints([2], [1, 0])], { axis: 2 });
  return g.node('Concat', [edges('Sub'), edges('Add')], { axis: 2 });
}

/** Codes 4 to 15: x and y of each point in pixels from the anchor. */
function decodePoints(g: GraphWriter, codes: string): string {
  const from = anchors.flatMap((anchor) => Array.from({ length: 6 }, () => anchor).flat());
  return g.node('Add', [part(g, codes, 4, 16), g.floats([1, anchors.length, 12], from)]);
}

function part(g: GraphWriter, codes: string, from: number, to: number): string {
  return g.node('Slice', [codes, g.ints([1], [from]), g.ints([1], [to]), g.ints([1], [2])]);
}

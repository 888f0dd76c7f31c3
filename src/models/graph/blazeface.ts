/**
 * BlazeFace, short range (Bazarevsky and others, "BlazeFace: Sub-millisecond Neural Face Detection on Mobile GPUs",
 * 2019) as the package `@mediapipe/face_detection` carries it, decoded as MediaPipe does
 * (mediapipe/modules/face_detection/face_detection_short_range.pbtxt and
 * mediapipe/calculators/tensor/tensors_to_detections_calculator.cc). Its six points of the face are not used: the mesh
 * finds more of them.
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
 * and `scores` float32 [n, 896], 0 to 1.
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
  g.output('boxes', decode(g, codes!.value), 'float32', ['n', anchors.length, 4]);
  const scores = g.node('Sigmoid', [g.node('Flatten', [logits!.value], { axis: 1 })]);
  g.output('scores', scores, 'float32', ['n', anchors.length]);
  return g.toBytes();
}

/** Codes (x, y, width, height, points) in pixels, x and y from the anchor to the middle of the box. */
function decode(g: GraphWriter, codes: string): string {
  const part = (from: number): string =>
    g.node('Slice', [codes, g.ints([1], [from]), g.ints([1], [from + 2]), g.ints([1], [2])]);
  const middle = g.node('Add', [part(0), g.floats([1, anchors.length, 2], anchors.flat())]);
  const half = g.node('Mul', [part(2), g.floats([], [0.5])]);
  const edges = (op: 'Sub' | 'Add'): string =>
    g.node('Gather', [g.node(op, [middle, half]), g.ints([2], [1, 0])], { axis: 2 });
  return g.node('Concat', [edges('Sub'), edges('Add')], { axis: 2 });
}

/**
 * YuNet (Wu, Peng and Yu, "YuNet: A Tiny Millisecond-level Face Detector", 2023) as OpenCV Zoo publishes it: three maps
 * of strides 8, 16 and 32, each of one anchor a cell, decoded as OpenCV does (modules/objdetect/src/face_detect.cpp).
 * Its points of the face are not used: the mesh finds more of them.
 */

import { WhosinError } from '../../errors.ts';
import { type YunetParts, yunetAnchors, yunetStrides } from '../face-parts.ts';
import { TensorProto_DataType as DataType } from './onnx_pb.ts';
import { type Added, cutOnnx, elementTypeOf, isPlanes, sizesOf } from './onnx-cut.ts';
import { preparations } from './picture-parts.ts';
import { parseOnnx } from './reader.ts';

/** A canvas has to be made of whole cells of every map. */
const step = 32;

const outputNames = yunetStrides.flatMap((stride) => [`cls_${stride}`, `obj_${stride}`, `bbox_${stride}`]);
const yunetOutputs = [...outputNames, ...yunetStrides.map((stride) => `kps_${stride}`)];

const float: number = DataType.FLOAT;

/** Whether a graph has the outputs that tell YuNet from everything else. Throws `not-a-model`. */
export function isYunet(bytes: Uint8Array, file: string): boolean {
  const there = new Set(parseOnnx(bytes, file).graph!.output.map(({ name }) => name));
  return yunetOutputs.every((name) => there.has(name));
}

/** As the file declares itself. @throws WhosinError `not-a-model`, or `usage` if it is no YuNet */
export function yunetParts(bytes: Uint8Array, file: string): YunetParts {
  const no = (what: string): WhosinError =>
    new WhosinError(
      'usage',
      `${file} ${what}: a detector of faces is OpenCV Zoo's YuNet of 2023 or later, which takes float [1, 3, height, width] and gives cls_8 to kps_32.`,
    );
  if (!isYunet(bytes, file)) throw no('lacks outputs of it');
  const graph = parseOnnx(bytes, file).graph!;
  const weights = new Set(graph.initializer.map(({ name }) => name));
  const [input, ...others] = graph.input.filter(({ name }) => !weights.has(name));
  if (input === undefined || others.length > 0) throw no(`has ${input ? others.length + 1 : 0} inputs`);
  const [batch, channels, height, width] = sizesOf(input);
  if (elementTypeOf(input) !== float || !isPlanes(input) || channels !== 3) {
    throw no(`takes something else in "${input.name}"`);
  }
  const declared = { input: input.name, batch: batch ?? 'n' };
  if (width === undefined || height === undefined) return declared;
  if (width % step !== 0 || height % step !== 0) throw no(`takes ${width}×${height} pixels`);
  return { ...declared, canvas: { width, height } };
}

/**
 * `photos` uint8 [n, height, width, 3], sides multiples of 32 → `boxes` float32 [n, anchors, 4] as top, left,
 * bottom, right in pixels of the canvas, and `scores` float32 [n, anchors], 0 to 1.
 *
 * @throws WhosinError `not-a-model`, `not-found` or `bad-weights`
 */
export function compileYunet(
  { input, batch, canvas }: YunetParts,
  [bytes]: readonly Uint8Array[],
  file: string,
): Uint8Array {
  const { width = 'width', height = 'height' } = canvas ?? {};
  const anchors = canvas ? yunetAnchors(canvas) : 'anchors';
  return cutOnnx(bytes!, {
    file,
    input: { node: input, width, height, preparation: { ...preparations['0..255'], order: 'bgr' } },
    pictures: 'photos',
    oldestOpset: 11n,
    nodes: outputNames,
    outputs: [
      { name: 'boxes', sizes: [batch, anchors, 4] },
      { name: 'scores', sizes: [batch, anchors] },
    ],
    tail(g, names) {
      const maps = yunetStrides.map((stride, i) => {
        const [cls, obj, code] = names.slice(i * 3, i * 3 + 3) as [string, string, string];
        return { boxes: decode(g, code, stride), scores: scoresOf(g, cls, obj) };
      });
      return [
        g.node(
          'Concat',
          maps.map(({ boxes }) => boxes),
          { axis: 1 },
        ),
        g.node(
          'Concat',
          maps.map(({ scores }) => scores),
          { axis: 1 },
        ),
      ];
    },
  });
}

/** [n, anchors, 1] each: the geometric mean of how surely it is a face and how surely there is something. */
function scoresOf(g: Added, cls: string, obj: string): string {
  const share = (value: string): string => g.node('Clip', [value, g.floats([], [0]), g.floats([], [1])]);
  return g.node('Flatten', [g.node('Sqrt', [g.node('Mul', [share(cls), share(obj)])])], { axis: 1 });
}

/** Codes (dx, dy, ln width, ln height) in cells, from the upper left corner of the anchor's own. */
function decode(g: Added, code: string, stride: number): string {
  const size = g.node('Shape', ['photos']);
  const cells = (axis: number): string =>
    g.node('Div', [g.node('Gather', [size, g.ints([axis], [])], { axis: 0 }), g.ints([stride], [])]);
  const [rows, columns] = [cells(1), cells(2)];
  const index = g.node('Range', [g.ints([0], []), g.node('Mul', [rows, columns]), g.ints([1], [])]);
  const row = g.node('Div', [index, columns]);
  const column = g.node('Sub', [index, g.node('Mul', [row, columns])]);
  const part = (i: number): string => g.node('Slice', [code, g.ints([i]), g.ints([i + 1]), g.ints([2])]);
  const pixels = (value: string): string => g.node('Mul', [value, g.floats([], [stride])]);
  const edges = (cell: string, move: number, grow: number): readonly [string, string] => {
    const place = g.node('Reshape', [g.node('Cast', [cell], { to: DataType.FLOAT }), g.ints([-1, 1])]);
    const middle = pixels(g.node('Add', [place, part(move)]));
    const half = g.node('Mul', [pixels(g.node('Exp', [part(grow)])), g.floats([], [0.5])]);
    return [g.node('Sub', [middle, half]), g.node('Add', [middle, half])];
  };
  const [left, right] = edges(column, 0, 2);
  const [top, bottom] = edges(row, 1, 3);
  return g.node('Concat', [top, left, bottom, right], { axis: 2 });
}

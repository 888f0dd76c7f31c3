/**
 * A detector made in code with the input and the twelve outputs of OpenCV Zoo's YuNet: blue first, 0 to 255, three maps
 * of one anchor a cell. In the place of a network it has a plain sense of red: where a photo is reddest, there is a
 * face, which finds skin as well as painted squares.
 */

import { GraphWriter, type Value } from '../../src/models/graph/writer.ts';

export interface ToyYunet {
  /** The size that the file declares: as face_detection_yunet_2023mar.onnx, or as 2026may, which leaves the sides free. */
  readonly declared: { readonly width: number; readonly height: number } | undefined;
  /** It can be run with no other canvas than the declared one. */
  readonly rigid?: boolean;
  /** Side of a face in cells of each stride; of strides that are left out nothing is found. */
  readonly faces: Readonly<Partial<Record<8 | 16 | 32, number>>>;
  /** So many cells around each count; beyond the canvas there is no red, so that many draw faces to the middle. */
  readonly around?: number;
}

/** Finds the face of a portrait. */
export const published: ToyYunet = {
  declared: { width: 640, height: 640 },
  faces: { 32: 8 },
  around: 9,
};

export function toyYunet({ declared, rigid = false, faces, around: cellsAround = 3 }: ToyYunet): Uint8Array {
  const g = new GraphWriter('toy-yunet');
  const sides = declared ? [declared.height, declared.width] : ['height', 'width'];
  const photo = g.input('input', 'float32', [1, 3, ...sides]);
  const red = g.node('Conv', [photo, g.floats([1, 3, 1, 1], [-1, 0, 1])], { kernel_shape: [1, 1] });
  for (const stride of [8, 16, 32] as const) {
    const cells = declared ? (declared.width / stride) * (declared.height / stride) : -1;
    const rows = (value: Value, values: number): Value => {
      const last = g.node('Transpose', [value], { perm: [0, 2, 3, 1] });
      return g.node('Reshape', [last, g.ints([3], [1, rigid ? cells : -1, values])]);
    };
    const level = g.node('AveragePool', [red], { kernel_shape: [stride, stride], strides: [stride, stride] });
    const around = g.node('AveragePool', [level], {
      kernel_shape: [cellsAround, cellsAround],
      pads: Array.from({ length: 4 }, () => (cellsAround - 1) / 2),
      count_include_pad: 1,
    });
    const side = faces[stride];
    const most = g.node('ReduceMax', [around], { axes: [2, 3] });
    const reddest = g.node('Mul', [g.node('Sub', [around, most]), g.floats([], [0.5])]);
    // Both may leave 0 to 1, as a network's may: OpenCV clamps them.
    const cls = g.node('Mul', [g.node('Sub', [around, g.floats([], [20])]), g.floats([], [0.2])]);
    const obj = g.node('Add', [reddest, g.floats([], [1])]);
    const found = g.node('Mul', [cls, g.floats([], [side === undefined ? 0 : 1])]);
    const constant = (values: readonly number[]): Value => {
      const n = values.length;
      const weights = [
        g.floats(
          [n, 1, 1, 1],
          Array.from({ length: n }, () => 0),
        ),
        g.floats([n], values),
      ];
      return g.node('Conv', [level, ...weights], { kernel_shape: [1, 1] });
    };
    const size = Math.log(side ?? 1);
    const outputs = [
      ['cls', found, 1],
      ['obj', obj, 1],
      ['bbox', constant([0.5, 0.25, size, size]), 4],
      ['kps', constant(Array.from({ length: 10 }, () => 0)), 10],
    ] as const;
    for (const [name, value, values] of outputs) {
      const sizes = [1, declared ? cells : 'anchors', values];
      g.output(`${name}_${stride}`, rows(value, values), 'float32', sizes);
    }
  }
  return g.toBytes();
}

/**
 * Objects as points (Zhou et al. 2019, arXiv:1904.07850): each peak of a label's heat map is the middle of a
 * thing, and the sizes there are its distances to the left, the top, the right and the bottom.
 */

import { type Box, clip, iou, type Size } from '../core/geometry.ts';

/** The values of a map, [1, rows, columns, channels]. */
export interface PictureMap {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface FoundObject {
  /** The place of the label in the pack's list. */
  readonly index: number;
  /** The heat of the peak, 0 to 1: not a calibrated probability. */
  readonly score: number;
  /** In pixels of the picture that the network was given. */
  readonly box: Box<'px'>;
}

/** The network's own tail looks at no more. */
const mostPeaks = 100;

/** Boxes that share more than this are one thing: of one label, and of two, of which only one can be right. */
const sameThing = { oneLabel: 0.5, twoLabels: 0.85 };

/**
 * The peaks from a score up, the best first; at most 100. This is what the tail of the network in
 * `@vladmandic/human` does (max pooling over 3 × 3, a list of the 100 best), which ONNX has no need to do.
 *
 * @param heat [1, rows, columns, labels] @param sizes [1, rows, columns, 4] @param input in pixels
 */
export function heatPeaks(
  heat: PictureMap,
  sizes: PictureMap,
  input: Size,
  minScore: number,
): readonly FoundObject[] {
  const [, rows, columns, labels] = heat.shape as [number, number, number, number];
  const [across, down] = [input.width / columns, input.height / rows];
  const found: { readonly at: number; readonly score: number }[] = [];
  for (const [at, score] of heat.data.entries()) {
    if (score >= minScore && isPeak(heat.data, at, score, rows, columns, labels)) found.push({ at, score });
  }
  const best = found.toSorted((a, b) => b.score - a.score).slice(0, mostPeaks);
  return best.map(({ at, score }) => {
    const cell = Math.floor(at / labels);
    const x = (cell % columns) * across;
    const y = Math.floor(cell / columns) * down;
    const [left, top, right, bottom] = sizes.data.subarray(cell * 4, cell * 4 + 4) as unknown as [
      number,
      number,
      number,
      number,
    ];
    return {
      index: at % labels,
      score,
      box: { left: x - left, top: y - top, width: left + right, height: top + bottom },
    };
  });
}

/** Leaves of boxes that lie on each other only the best; inside the picture, and not empty. */
export function distinctObjects(found: readonly FoundObject[], picture: Size): readonly FoundObject[] {
  const kept: FoundObject[] = [];
  for (const object of found) {
    const box = clip(object.box, picture);
    if (!(box.width >= 1 && box.height >= 1)) continue;
    const isSame = (other: FoundObject): boolean =>
      iou(other.box, box) > (other.index === object.index ? sameThing.oneLabel : sameThing.twoLabels);
    if (kept.some(isSame)) continue;
    kept.push({ ...object, box });
  }
  return kept;
}

/** Whether no neighbour of the same label is hotter. */
function isPeak(
  heat: Float32Array,
  at: number,
  score: number,
  rows: number,
  columns: number,
  labels: number,
): boolean {
  const cell = Math.floor(at / labels);
  const [row, column] = [Math.floor(cell / columns), cell % columns];
  for (let y = Math.max(row - 1, 0); y <= Math.min(row + 1, rows - 1); y++) {
    for (let x = Math.max(column - 1, 0); x <= Math.min(column + 1, columns - 1); x++) {
      if (heat[(y * columns + x) * labels + (at % labels)]! > score) return false;
    }
  }
  return true;
}

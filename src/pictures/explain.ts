/**
 * Which parts of a picture led to an answer: a patch is laid over one place after another, and the places where the
 * label's probability and its odds fall are those that led to it. Any model will do, for all that is asked of it are
 * probabilities. (Occlusion sensitivity: Zeiler and Fergus, "Visualizing and understanding convolutional
 * networks", ECCV 2014, section 4.2.)
 */

import type { RgbImage } from '../core/image.ts';
import { cancelled, WhosinError } from '../errors.ts';
import { ranking } from '../learn/measure/classification-metrics.ts';

export interface OcclusionMap {
  readonly label: string;
  /** The label's probability in the picture as it is. */
  readonly probability: number;
  /** The size of all cells, in pixels of the picture; the cell in row r, column c begins at (c · width, r · height). */
  readonly cell: { readonly width: number; readonly height: number };
  /**
   * How much the probability falls where the cell is covered: the mean over all patches that cover it. Below 0
   * where it rises: something there speaks for another label. [rows][columns]
   */
  readonly drops: readonly (readonly number[])[];
  /**
   * How much the natural logarithm of the label's odds falls there. A model that is sure beyond doubt stays so wherever it is
   * covered: its probability hardly falls, its odds do.
   */
  readonly logOddsDrops: readonly (readonly number[])[];
  /** The sides of the patches, in cells. */
  readonly patches: readonly number[];
}

export interface ExplainOptions {
  readonly onRun?: ((done: number, total: number) => void) | undefined;
  /** Ends the work with WhosinError `cancelled`. */
  readonly signal?: AbortSignal | undefined;
}

/** Along the longer side: fine enough to tell a shirt from the face above it. */
const cellsAlong = 16;

/** Sides of the patches in cells, and how far they are moved each time. */
const patches = [
  { side: 2, stride: 1 },
  { side: 4, stride: 2 },
  { side: 6, stride: 3 },
] as const;

/**
 * Patches of three sizes, because a small one shows where, and only a large one hides all of what is large. They
 * reach over the edges, so that the margin is covered as often as the middle. They are filled with the mean
 * colour of the picture: of the fills that are common (grey, mean, blurred) one that hides colours too, which a
 * label may hang on, with the least contrast to the rest.
 *
 * @param image as large as the model gets to see pictures; a larger one only takes longer
 * @param probabilities one for each of `labels`; the image handed to it is painted over afterwards
 * @param label the likeliest one if left out
 * @throws WhosinError `not-found` if there is no such label
 */
export async function explain(
  image: RgbImage,
  probabilities: (image: RgbImage) => Promise<ArrayLike<number>>,
  labels: readonly string[],
  label?: string,
  { onRun, signal }: ExplainOptions = {},
): Promise<OcclusionMap> {
  const whole = await probabilities(image);
  const index = label === undefined ? ranking(whole)[0]! : indexOfLabel(labels, label);
  const grid = gridOf(image);
  const places = patches.map((patch) => placesOf(patch, grid));
  const total = places.flat().length;
  const painted = { ...image, data: new Uint8Array(image.data) };
  const fill = meanColour(image);
  const before = logOdds(whole, index);
  const maps: Record<'drops' | 'logOddsDrops', Float64Array[]> = { drops: [], logOddsDrops: [] };
  let done = 0;
  for (const ofOneSize of places) {
    const falls = { drops: [] as number[], logOddsDrops: [] as number[] };
    for (const place of ofOneSize) {
      if (signal?.aborted) throw cancelled();
      onRun?.(done++, total);
      const box = pixelsOf(place, grid, image);
      paint(painted, box, fill);
      const covered = await probabilities(painted);
      falls.drops.push(whole[index]! - covered[index]!);
      falls.logOddsDrops.push(before - logOdds(covered, index));
      restore(painted, box, image);
    }
    for (const of of ['drops', 'logOddsDrops'] as const)
      maps[of].push(meanOverCells(ofOneSize, falls[of], grid));
  }
  onRun?.(total, total);
  return {
    label: labels[index]!,
    probability: whole[index]!,
    cell: { width: image.width / grid.columns, height: image.height / grid.rows },
    drops: meanInRows(maps.drops, grid),
    logOddsDrops: meanInRows(maps.logOddsDrops, grid),
    patches: patches.map(({ side }) => side),
  };
}

/** Below this a probability tells nothing: the smallest numbers of 32 bits are no measurements. */
const least = 1e-12;

/** From the other labels' probabilities: a softmax that is sure of one label rounds it to 1, and not them to 0. */
function logOdds(probabilities: ArrayLike<number>, index: number): number {
  let others = 0;
  for (let i = 0; i < probabilities.length; i++) if (i !== index) others += probabilities[i]!;
  return Math.log(Math.max(probabilities[index]!, least)) - Math.log(Math.max(others, least));
}

function meanInRows(maps: readonly Float64Array[], { rows, columns }: Grid): number[][] {
  const mean = maps[0]!.map((_, i) => maps.reduce((sum, map) => sum + map[i]!, 0) / maps.length);
  return Array.from({ length: rows }, (_, r) => [...mean.subarray(r * columns, (r + 1) * columns)]);
}

/** Throws `not-found`, with the labels that there are. */
export function indexOfLabel(labels: readonly string[], label: string, model = 'The model'): number {
  const index = labels.indexOf(label);
  if (index >= 0) return index;
  const rest = labels.length > mostNamed ? ` and ${labels.length - mostNamed} more` : '';
  const some = labels.slice(0, mostNamed).join(', ');
  throw new WhosinError('not-found', `${model} has no label "${label}". It has: ${some}${rest}.`);
}

const mostNamed = 10;

interface Grid {
  readonly rows: number;
  readonly columns: number;
}

/** In cells; may begin or end outside the picture. */
interface Place {
  readonly row: number;
  readonly column: number;
  readonly side: number;
}

/** Cells as square as whole numbers of them allow. */
function gridOf({ width, height }: RgbImage): Grid {
  const side = Math.max(width, height) / cellsAlong;
  return { rows: Math.max(1, Math.round(height / side)), columns: Math.max(1, Math.round(width / side)) };
}

function placesOf({ side, stride }: (typeof patches)[number], { rows, columns }: Grid): readonly Place[] {
  const starts = (cells: number): number[] =>
    Array.from({ length: Math.ceil((cells + side - stride) / stride) }, (_, i) => (i + 1) * stride - side);
  return starts(rows).flatMap((row) => starts(columns).map((column) => ({ row, column, side })));
}

interface Pixels {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function pixelsOf({ row, column, side }: Place, { rows, columns }: Grid, image: RgbImage): Pixels {
  const at = (cell: number, cells: number, pixels: number): number =>
    Math.round((Math.min(Math.max(cell, 0), cells) * pixels) / cells);
  return {
    left: at(column, columns, image.width),
    right: at(column + side, columns, image.width),
    top: at(row, rows, image.height),
    bottom: at(row + side, rows, image.height),
  };
}

function paint(
  { width, data }: RgbImage,
  { left, top, right, bottom }: Pixels,
  fill: readonly number[],
): void {
  for (let y = top; y < bottom; y++) {
    for (let i = (y * width + left) * 3; i < (y * width + right) * 3; i++) data[i] = fill[i % 3]!;
  }
}

function restore({ width, data }: RgbImage, { left, top, right, bottom }: Pixels, from: RgbImage): void {
  for (let y = top; y < bottom; y++) {
    const start = (y * width + left) * 3;
    data.set(from.data.subarray(start, (y * width + right) * 3), start);
  }
}

/** The mean of red, green and blue, 0 to 255. */
export function meanColour({ data }: RgbImage): readonly number[] {
  const sums = [0, 0, 0];
  for (let i = 0; i < data.length; i++) sums[i % 3]! += data[i]!;
  return sums.map((sum) => Math.round(sum / (data.length / 3)));
}

function meanOverCells(
  places: readonly Place[],
  falls: readonly number[],
  { rows, columns }: Grid,
): Float64Array {
  const sums = new Float64Array(rows * columns);
  const counts = new Float64Array(rows * columns);
  for (const [i, { row, column, side }] of places.entries()) {
    for (let r = Math.max(0, row); r < Math.min(rows, row + side); r++) {
      for (let c = Math.max(0, column); c < Math.min(columns, column + side); c++) {
        sums[r * columns + c]! += falls[i]!;
        counts[r * columns + c]!++;
      }
    }
  }
  return sums.map((sum, i) => sum / counts[i]!);
}

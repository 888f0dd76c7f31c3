/** Layers that change the sizes of a value and none of its elements. */

import type { Config } from './keras-config.ts';
import { numbersOf, pairOf, requireChannelsLast, textOf } from './layer-config.ts';
import type { WriteLayer } from './placed-layer.ts';

/** A size of one in front stands for however many pictures there are (see `reshape` of the compiler). */
const eachPicture = 1;

export const flatten: WriteLayer = (w, { inputs }) =>
  w.node('Reshape', [inputs[0]!, w.ints([eachPicture, -1])]);

export const reshape: WriteLayer = (w, { inputs, config }) =>
  w.node('Reshape', [inputs[0]!, w.ints([eachPicture, ...(numbersOf(config, 'target_shape') ?? [])])]);

export const permute: WriteLayer = (w, { inputs, config }) =>
  w.node('Transpose', [inputs[0]!, w.ints([0, ...(numbersOf(config, 'dims') ?? [])])]);

export const zeroPadding: WriteLayer = (w, { inputs, config }) => {
  const [top, bottom, left, right] = sidesOf(config, 'padding');
  return w.node('Pad', [inputs[0]!, w.ints([0, 0, top, bottom, left, right, 0, 0], [4, 2])]);
};

export const cropping: WriteLayer = (w, { inputs, config }) => {
  const [top, bottom, left, right] = sidesOf(config, 'cropping');
  const ends = [0, -bottom, -right, 0];
  const whole = ends.reduce((mask, end, axis) => (end === 0 ? mask | (1 << axis) : mask), 0);
  const bounds = [[0, top, left, 0], ends, [1, 1, 1, 1]].map((numbers) => w.ints(numbers));
  return w.node('StridedSlice', [inputs[0]!, ...bounds], { begin_mask: 0b1001, end_mask: whole });
};

export const resizing: WriteLayer = (w, { inputs, config }) => {
  const [height, width] = [config['height'], config['width']];
  const way = textOf(config, 'interpolation', 'bilinear');
  if (typeof height !== 'number' || typeof width !== 'number') throw new RangeError('it has no size');
  if (way !== 'bilinear' && way !== 'nearest') throw new RangeError(`its interpolation is ${way}`);
  if (config['crop_to_aspect_ratio'] === true) throw new RangeError('it crops pictures to their proportions');
  const op = way === 'bilinear' ? 'ResizeBilinear' : 'ResizeNearestNeighbor';
  return w.node(op, [inputs[0]!, w.ints([height, width])], { half_pixel_centers: true });
};

/** One number, one for height and width, or one for each side. */
function sidesOf(config: Config, name: string): readonly [number, number, number, number] {
  requireChannelsLast(config);
  const numbers = numbersOf(config, name) ?? [1];
  if (numbers.length === 4) return [numbers[0]!, numbers[1]!, numbers[2]!, numbers[3]!];
  const [rows, columns] = pairOf(config, name, [1, 1]);
  return [rows, rows, columns, columns];
}

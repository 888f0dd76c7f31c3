/** The only pixel currency: upright, 8 bits a channel, red green blue, row-major. */

import type { QuarterTurns, Size } from './geometry.ts';

export interface RgbImage {
  readonly width: number;
  readonly height: number;
  /** width × height × 3 bytes. */
  readonly data: Uint8Array;
}

/** The photo turned clockwise by so many quarters. */
export function turnClockwise({ width, height, data }: RgbImage, turns: QuarterTurns): RgbImage {
  const out = new Uint8Array(data.length);
  const onSide = turns !== 2;
  const newWidth = onSide ? height : width;
  for (let y = 0, from = 0; y < height; y++) {
    for (let x = 0; x < width; x++, from += 3) {
      const column = turns === 1 ? height - 1 - y : turns === 2 ? width - 1 - x : y;
      const row = turns === 1 ? x : turns === 2 ? height - 1 - y : width - 1 - x;
      const to = (row * newWidth + column) * 3;
      out[to] = data[from]!;
      out[to + 1] = data[from + 1]!;
      out[to + 2] = data[from + 2]!;
    }
  }
  return { width: newWidth, height: onSide ? width : height, data: out };
}

/** Each 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** Pixels that are enough for the mean of a photo. */
const judgedPixels = 10_000;

export function meanColour({ data }: RgbImage): Colour {
  const step = Math.max(1, Math.floor(data.length / 3 / judgedPixels)) * 3;
  const sums: [number, number, number] = [0, 0, 0];
  let pixels = 0;
  for (let i = 0; i < data.length; i += step, pixels++) {
    sums[0] += data[i]!;
    sums[1] += data[i + 1]!;
    sums[2] += data[i + 2]!;
  }
  return [Math.round(sums[0] / pixels), Math.round(sums[1] / pixels), Math.round(sums[2] / pixels)];
}

/** A picture of one colour. */
export function evenly({ width, height }: Size, colour: Colour): RgbImage {
  const data = new Uint8Array(width * height * 3);
  paint(data, colour);
  return { width, height, data };
}

/** @param pixels three bytes each */
export function paint(pixels: Uint8Array, [red, green, blue]: Colour): void {
  if (red === green && green === blue) {
    pixels.fill(red);
    return;
  }
  for (let i = 0; i < pixels.length; i += 3) {
    pixels[i] = red;
    pixels[i + 1] = green;
    pixels[i + 2] = blue;
  }
}

/** From this brightness down (0 to 255) of its brightest parts a photo counts as dark. */
const darkBelow = 100;

/** How a photo taken with too little light is brightened until its brightest hundredth is white; any other stays as it is. */
export function lightening({ data }: RgbImage): (image: RgbImage) => RgbImage {
  if (isBright(data)) return (image) => image;
  const counts = greens(data);
  let white = 255;
  for (let above = 0; white > 0 && above + counts[white]! <= data.length / 300; white--) {
    above += counts[white]!;
  }
  if (white >= darkBelow || white === 0) return (image) => image;
  return (image) => ({ ...image, data: image.data.map((value) => Math.min(255, (value * 255) / white)) });
}

/** Whether the brightest hundredth reaches `darkBelow`: seen long before the last pixel of most photos. */
function isBright(data: Uint8Array): boolean {
  const hundredth = data.length / 300;
  let bright = 0;
  for (let i = 1; i < data.length; i += 3) {
    if (data[i]! >= darkBelow && ++bright > hundredth) return true;
  }
  return false;
}

/** How many pixels have which green. */
function greens(data: Uint8Array): Uint32Array {
  const counts = new Uint32Array(256);
  for (let i = 1; i < data.length; i += 3) counts[data[i]!]!++;
  return counts;
}

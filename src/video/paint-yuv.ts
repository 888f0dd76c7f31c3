/** Boxes and names on raw frames: planes of luma and colour as ffmpeg's yuv420p has them. */

import type { Box, Size } from '../core/geometry.ts';
import type { Label } from '../core/label.ts';
import { renderTag, toneColour } from '../runtime/text-tag.ts';

/** The pixels of one label: made once, laid onto every frame. */
export interface Painted {
  readonly colour: Yuv;
  readonly line: number;
  readonly tag: {
    readonly width: number;
    readonly height: number;
    readonly y: Uint8Array;
    readonly u: Uint8Array;
    readonly v: Uint8Array;
  };
}

type Yuv = readonly [y: number, u: number, v: number];

/** BT.601 in studio range; the clip's own matrix differs by a shade, which a frame around a face may. */
function toYuv(red: number, green: number, blue: number): Yuv {
  return [
    16 + (65.738 * red + 129.057 * green + 25.064 * blue) / 256,
    128 + (-37.945 * red - 74.494 * green + 112.439 * blue) / 256,
    128 + (112.439 * red - 94.154 * green - 18.285 * blue) / 256,
  ];
}

export async function paintLabel({ text, tone }: Label, frame: Size): Promise<Painted> {
  const line = Math.max(2, 2 * Math.round(Math.max(frame.width, frame.height) / 800));
  const { width: w, height: h, data } = await renderTag(text, tone, line * 5, frame);
  // Whole pairs of pixels.
  const [width, height] = [w - (w % 2), h - (h % 2)];
  const y = new Uint8Array(width * height);
  const u = new Uint8Array(y.length / 4);
  const v = new Uint8Array(y.length / 4);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const from = (row * w + column) * 3;
      const [luma, blue, red] = toYuv(data[from]!, data[from + 1]!, data[from + 2]!);
      y[row * width + column] = luma;
      if (row % 2 === 0 && column % 2 === 0) {
        u[((row / 2) * width) / 2 + column / 2] = blue;
        v[((row / 2) * width) / 2 + column / 2] = red;
      }
    }
  }
  return { colour: toYuv(...toneColour(tone)), line, tag: { width, height, y, u, v } };
}

/** @param frame luma, then the two planes of colour at half the size; both sides are even */
export function drawLabel(
  frame: Uint8Array,
  size: Size,
  box: Box<'px'>,
  { colour, line, tag }: Painted,
): void {
  const [left, top] = [even(box.left), even(box.top)];
  const [right, bottom] = [even(box.left + box.width), even(box.top + box.height)];
  fill(frame, size, left, top, right, top + line, colour);
  fill(frame, size, left, bottom - line, right, bottom, colour);
  fill(frame, size, left, top, left + line, bottom, colour);
  fill(frame, size, right - line, top, right, bottom, colour);
  const above = top - tag.height;
  const y = above >= 0 ? above : Math.max(0, Math.min(bottom, size.height - tag.height));
  const x = Math.max(0, Math.min(left, size.width - tag.width));
  lay(frame, size, x, y, tag);
}

function even(value: number): number {
  return 2 * Math.round(value / 2);
}

function fill(
  frame: Uint8Array,
  { width, height }: Size,
  left: number,
  top: number,
  right: number,
  bottom: number,
  [y, u, v]: Yuv,
): void {
  const [from, to] = [Math.max(0, left), Math.min(width, right)];
  const [first, last] = [Math.max(0, top), Math.min(height, bottom)];
  if (from >= to) return;
  const colours = width * height;
  for (let row = first; row < last; row++) {
    frame.fill(y, row * width + from, row * width + to);
    if (row % 2 !== 0) continue;
    const at = colours + ((row / 2) * width) / 2;
    frame.fill(u, at + from / 2, at + to / 2);
    frame.fill(v, at + colours / 4 + from / 2, at + colours / 4 + to / 2);
  }
}

/** Even coordinates, inside the frame. */
function lay(frame: Uint8Array, { width, height }: Size, x: number, y: number, tag: Painted['tag']): void {
  const colours = width * height;
  for (let row = 0; row < Math.min(tag.height, height - y); row++) {
    frame.set(tag.y.subarray(row * tag.width, (row + 1) * tag.width), (y + row) * width + x);
    if (row % 2 !== 0) continue;
    const [from, to] = [((row / 2) * tag.width) / 2, ((row / 2 + 1) * tag.width) / 2];
    const at = colours + (((y + row) / 2) * width) / 2 + x / 2;
    frame.set(tag.u.subarray(from, to), at);
    frame.set(tag.v.subarray(from, to), at + colours / 4);
  }
}

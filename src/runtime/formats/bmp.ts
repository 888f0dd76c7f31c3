/** BMP as scanners and old programs write it: no compression, 1 to 8 bits with a palette, 24 or 32 bits. */

import type { Size } from '../../core/geometry.ts';
import type { RgbImage } from '../../core/image.ts';

export interface BmpHeader extends Size {
  readonly bits: number;
  /** From where the rows lie in the file, and how long each is with its padding, in bytes. */
  readonly from: number;
  readonly stride: number;
  /** The first row is that at the top; most files begin at the bottom. */
  readonly topDown: boolean;
  /** The offset of the palette: blue, green, red and nothing, for each colour. */
  readonly palette: number;
}

const bitFields = 3;

/** @returns undefined if it is none of those kinds */
export function readBmp(bytes: Uint8Array): BmpHeader | undefined {
  if (bytes.length < 54) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerSize = view.getUint32(14, true);
  const [width, height] = [view.getInt32(18, true), view.getInt32(22, true)];
  const bits = view.getUint16(28, true);
  const compression = view.getUint32(30, true);
  const usual = compression === 0 || (compression === bitFields && bits === 32);
  if (headerSize < 40 || !usual || ![1, 4, 8, 24, 32].includes(bits) || width <= 0 || height === 0)
    return undefined;
  return {
    width,
    height: Math.abs(height),
    bits,
    from: view.getUint32(10, true),
    stride: Math.ceil((width * bits) / 32) * 4,
    topDown: height < 0,
    palette: 14 + headerSize,
  };
}

/** Rows that the file holds in full; fewer than its height where it was cut off. */
export function bmpRows(bytes: Uint8Array, { from, stride, height }: BmpHeader): number {
  return Math.min(height, Math.max(0, Math.floor((bytes.length - from) / stride)));
}

/** Rows that are missing are white. */
export function decodeBmp(bytes: Uint8Array, header: BmpHeader): RgbImage {
  const { width, height, bits, from, stride, topDown, palette } = header;
  const data = new Uint8Array(width * height * 3).fill(255);
  const inPalette = (1 << Math.min(bits, 8)) - 1;
  for (let row = 0; row < bmpRows(bytes, header); row++) {
    const start = from + row * stride;
    let to = (topDown ? row : height - 1 - row) * width * 3;
    for (let x = 0; x < width; x++, to += 3) {
      const bit = x * bits;
      const at = start + (bit >> 3);
      const colour = bits > 8 ? at : palette + ((bytes[at]! >> (8 - bits - (bit & 7))) & inPalette) * 4;
      data[to] = bytes[colour + 2]!;
      data[to + 1] = bytes[colour + 1]!;
      data[to + 2] = bytes[colour]!;
    }
  }
  return { width, height, data };
}

/** BMP, which sharp does not write. */

import type { RgbImage } from '../../src/core/image.ts';

export interface BmpKind {
  /** 8 has a palette of 6 × 6 × 6 colours, 1 one of black and white. */
  readonly bits: 1 | 8 | 24 | 32;
  readonly topDown?: boolean;
}

export function bmp({ width, height, data }: RgbImage, { bits, topDown = false }: BmpKind): Buffer {
  const colours = bits === 8 ? 216 : bits === 1 ? 2 : 0;
  const from = 54 + colours * 4;
  const stride = Math.ceil((width * bits) / 32) * 4;
  const file = Buffer.alloc(from + stride * height);
  file.write('BM', 'latin1');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(from, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(topDown ? -height : height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(bits, 28);
  for (let i = 0; i < colours; i++) {
    const grey = i * 255;
    const step = (by: number): number => (Math.floor(i / by) % 6) * 51;
    file.set(bits === 1 ? [grey, grey, grey, 0] : [step(1), step(6), step(36), 0], 54 + i * 4);
  }
  for (let y = 0; y < height; y++) {
    const row = from + (topDown ? y : height - 1 - y) * stride;
    for (let x = 0; x < width; x++) {
      const [r, g, b] = data.subarray((y * width + x) * 3) as unknown as [number, number, number];
      if (bits === 1) file[row + (x >> 3)]! |= (g >= 128 ? 128 : 0) >> (x & 7);
      else if (bits === 8)
        file[row + x] = Math.round(b / 51) + Math.round(g / 51) * 6 + Math.round(r / 51) * 36;
      else file.set([b, g, r], row + (x * bits) / 8);
    }
  }
  return file;
}

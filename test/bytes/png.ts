/** PNG of any size, made without holding its pixels: of zeros, which deflate to a thousandth. */

import { once } from 'node:events';
import { constants, crc32, createDeflate } from 'node:zlib';

export interface PngShape {
  readonly width: number;
  readonly height: number;
  readonly bits: 1 | 2 | 4 | 8 | 16;
  readonly kind: keyof typeof kinds;
  readonly interlaced?: boolean;
}

/** The colour type, and channels for each pixel (PNG, section 11.2.2). */
const kinds = { grey: [0, 1], rgb: [2, 3], greyAlpha: [4, 2], rgba: [6, 4] } as const;

/** Adam7: where each pass begins, and its steps. */
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

export function pngChunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

export function pngHeader({ width, height, bits, kind, interlaced = false }: PngShape): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bits, kinds[kind][0], 0, 0, interlaced ? 1 : 0], 8);
  return pngChunk('IHDR', header);
}

export const pngSignature = Buffer.from('89504e470d0a1a0a', 'hex');

export async function zerosPng(shape: PngShape): Promise<Buffer> {
  const { width, height, bits, kind, interlaced = false } = shape;
  const deflate = createDeflate({ level: constants.Z_BEST_SPEED, chunkSize: 2 ** 16 });
  const parts: Buffer[] = [];
  deflate.on('data', (part: Buffer) => parts.push(part));
  const zeros = Buffer.alloc(2 ** 20);
  const steps = interlaced ? passes : [[0, 0, 1, 1] as const];
  for (const [left, top, across, down] of steps) {
    const columns = Math.ceil((width - left) / across);
    const rows = Math.ceil((height - top) / down);
    if (columns <= 0 || rows <= 0) continue;
    // Each row begins with its filter.
    let bytes = rows * (1 + Math.ceil((columns * bits * kinds[kind][1]) / 8));
    for (; bytes > 0; bytes -= zeros.length) {
      if (!deflate.write(zeros.subarray(0, Math.min(bytes, zeros.length)))) await once(deflate, 'drain');
    }
  }
  deflate.end();
  await once(deflate, 'end');
  return Buffer.concat([
    pngSignature,
    pngHeader(shape),
    pngChunk('IDAT', Buffer.concat(parts)),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

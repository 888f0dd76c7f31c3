/** PNG files that are odd or broken, chunk by chunk. */

import { deflateSync } from 'node:zlib';
import { type PngShape, pngChunk, pngHeader, pngSignature, zerosPng } from '../bytes/png.ts';
import { portrait } from '../demo-people.ts';
import type { OddFiles } from './odd-files.ts';

interface Chunk {
  readonly type: string;
  readonly from: number;
  readonly to: number;
}

function chunksOf(png: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 8; at + 12 <= png.length; ) {
    const to = at + 12 + png.readUInt32BE(at);
    chunks.push({ type: png.toString('latin1', at + 4, at + 8), from: at, to });
    at = to;
  }
  return chunks;
}

const shapes: readonly Pick<PngShape, 'bits' | 'kind'>[] = [
  ...([1, 2, 4, 8, 16] as const).map((bits) => ({ bits, kind: 'grey' as const })),
  ...([8, 16] as const).flatMap((bits) =>
    (['rgb', 'greyAlpha', 'rgba'] as const).map((kind) => ({ bits, kind })),
  ),
];

export async function oddPngs(): Promise<OddFiles> {
  const small = (): ReturnType<typeof portrait> => portrait('nell').resize(160);
  const png = await small().png().toBuffer();
  const chunks = chunksOf(png);
  const files: Record<string, Uint8Array> = {
    'whole.png': png,
    'interlaced.png': await small().png({ progressive: true }).toBuffer(),
    'palette.png': await small().png({ palette: true }).toBuffer(),
    'alpha.png': await small().ensureAlpha(0.5).png().toBuffer(),
    'clear.png': await small().ensureAlpha(0).png().toBuffer(),
    '16-bit.png': await small().toColourspace('rgb16').png().toBuffer(),
  };
  for (const { bits, kind } of shapes) {
    const shape = { width: 61, height: 47, bits, kind };
    files[`${kind}-${bits}-bit.png`] = await zerosPng(shape);
    files[`${kind}-${bits}-bit-interlaced.png`] = await zerosPng({ ...shape, interlaced: true });
  }
  files['12-megapixels-in-a-few-kilobytes.png'] = await zerosPng({
    width: 4000,
    height: 3000,
    bits: 16,
    kind: 'rgba',
    interlaced: true,
  });
  files['as-wide-as-a-line.png'] = await zerosPng({ width: 60_000, height: 1, bits: 8, kind: 'grey' });
  files['as-high-as-a-line.png'] = await zerosPng({ width: 1, height: 60_000, bits: 8, kind: 'grey' });

  for (const [i, { type, from, to }] of chunks.entries()) {
    files[`cut-before-${i}-${type}.png`] = png.subarray(0, from);
    files[`cut-in-${i}-${type}.png`] = png.subarray(0, (from + to) >> 1);
    const wrong = Buffer.from(png);
    wrong[to - 1]! ^= 1;
    files[`checksum-of-${i}-${type}.png`] = wrong;
  }
  const header = (width: number, height: number): Buffer =>
    pngHeader({ width, height, bits: 8, kind: 'rgb' });
  const close = pngChunk('IEND', Buffer.alloc(0));
  const made = (...parts: readonly Uint8Array[]): Buffer => Buffer.concat([pngSignature, ...parts, close]);
  const pixels = (bytes: number): Buffer => pngChunk('IDAT', deflateSync(Buffer.alloc(bytes)));
  files['width-0.png'] = made(header(0, 9), pixels(9));
  files['two-billion-squared.png'] = made(header(0x7fffffff, 0x7fffffff), pixels(9));
  files['four-billion-squared.png'] = made(header(0xffffffff, 0xffffffff), pixels(9));
  files['too-few-pixels.png'] = made(header(90, 90), pixels(90 * 100));
  files['far-too-many-pixels.png'] = made(header(9, 9), pixels(30 * 2 ** 20));
  files['no-pixels.png'] = made(header(9, 9));
  files['pixels-that-do-not-inflate.png'] = made(header(9, 9), pngChunk('IDAT', Buffer.alloc(300, 0x55)));
  files['two-headers.png'] = made(header(9, 9), header(9, 9), pixels(9 * 28));
  files['header-last.png'] = made(pixels(9 * 28), header(9, 9));
  const paletted = Buffer.from(header(9, 9));
  paletted[17] = 3;
  files['palette-missing.png'] = made(pngChunk('IHDR', paletted.subarray(8, 21)), pixels(90));
  files['palette-too-short.png'] = made(
    pngChunk('IHDR', paletted.subarray(8, 21)),
    pngChunk('PLTE', Buffer.of(1, 2, 3)),
    pngChunk('IDAT', deflateSync(Buffer.alloc(90, 200))),
  );
  files['unknown-colour-type.png'] = made(
    pngChunk('IHDR', Buffer.from('000000090000000908050000', 'hex')),
    pixels(999),
  );
  const bomb = deflateSync(Buffer.alloc(40 * 2 ** 20));
  const behindHeader = (chunk: Buffer): Buffer =>
    Buffer.concat([png.subarray(0, chunks[0]!.to), chunk, png.subarray(chunks[0]!.to)]);
  files['profile-bomb.png'] = behindHeader(
    pngChunk('iCCP', Buffer.concat([Buffer.from('icc\0\0', 'latin1'), bomb])),
  );
  files['text-bomb.png'] = behindHeader(
    pngChunk('zTXt', Buffer.concat([Buffer.from('text\0\0', 'latin1'), bomb])),
  );
  const names = Array.from(
    { length: 60_000 },
    (_, i) => `<mwg-rs:Name>Person number ${i}</mwg-rs:Name>`,
  ).join('');
  files['three-megabytes-of-names.png'] = behindHeader(
    pngChunk('iTXt', Buffer.from(`XML:com.adobe.xmp\0\0\0\0\0${names}`)),
  );
  files['ten-thousand-chunks.png'] = behindHeader(
    Buffer.concat(Array.from({ length: 10_000 }, () => pngChunk('tEXt', Buffer.from('name\0Ann')))),
  );
  files['chunk-of-4-gigabytes.png'] = behindHeader(Buffer.from('ffffffff74455874', 'hex'));
  files['something-behind-the-end.png'] = Buffer.concat([png, Buffer.alloc(5000, 7)]);
  return files;
}

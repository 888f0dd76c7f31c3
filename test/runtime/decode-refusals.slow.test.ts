import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/core/random.ts';
import type { ErrorCode } from '../../src/errors.ts';
import { decodePhoto } from '../../src/runtime/decode.ts';
import { blackPng, encode, fourColours, iphoneHeic } from '../photo-fixtures.ts';

function refusal(code: ErrorCode, name: string): object {
  return { name: 'WhosinError', code, message: expect.stringContaining(name) };
}

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

describe('files that are no photos', () => {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>';
  test.each<[string, string, Uint8Array]>([
    ['an empty file', 'empty.jpg', new Uint8Array(0)],
    ['text under the name of a JPEG', 'notes.jpg', text('Dear diary,\ntoday I took no photo.\n'.repeat(20))],
    ['a web page saved as a picture', 'download.jpg', text('<!doctype html><title>404</title>')],
    ['a PDF', 'scan.pdf', text('%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n')],
    ['an SVG drawing', 'logo.svg', text(svg)],
    ['an SVG drawing under the name of a PNG', 'logo.png', text(`<?xml version="1.0"?>\n${svg}`)],
    ['zero bytes only', 'blank.jpg', new Uint8Array(5000)],
    ['a single byte', 'one.jpg', Uint8Array.of(0xff)],
  ])('%s is refused as not-a-photo, by name', async (_what, name, bytes) => {
    await expect(decodePhoto(bytes, name)).rejects.toMatchObject(refusal('not-a-photo', name));
  });

  test('the message says that a file is empty', async () => {
    await expect(decodePhoto(new Uint8Array(0), 'a.jpg')).rejects.toThrow('a.jpg is empty (0 bytes).');
  });
});

describe('damaged photos', () => {
  // Noise barely compresses, so cutting the file cuts pixels.
  const random = seededRandom(1);
  const data = Uint8Array.from({ length: 160 * 120 * 3 }, () => random() * 256);
  const noise = encode({ width: 160, height: 120, data });

  test.each([
    ['jpeg', [0.02, 0.3]],
    ['png', [0.02, 0.3]],
    ['webp', [0.02, 0.3, 0.6, 0.95]],
    ['avif', [0.02, 0.3, 0.6, 0.95]],
    ['gif', [0.02, 0.3, 0.6, 0.95]],
  ] as const)(
    'a %s of which less than half can be shown is refused as damaged, by name',
    async (format, shares) => {
      const whole = await noise.clone().toFormat(format).toBuffer();
      for (const share of shares) {
        const cut = whole.subarray(0, Math.floor(whole.length * share));
        await expect(decodePhoto(cut, `cut-${share}.${format}`)).rejects.toMatchObject(
          refusal('damaged-photo', `cut-${share}.${format}`),
        );
      }
    },
  );

  test('an interlaced PNG that is cut off is refused too, though its first passes show a picture', async () => {
    const png = await noise.clone().png({ progressive: true }).toBuffer();
    await expect(
      decodePhoto(png.subarray(0, Math.floor(png.length * 0.7)), 'interlaced.png'),
    ).rejects.toMatchObject(refusal('damaged-photo', 'interlaced.png'));
  });

  test('a PNG whose first pixels were altered fails its checksum', async () => {
    const png = await noise.clone().png().toBuffer();
    png[png.length >> 2]! ^= 0x55;
    await expect(decodePhoto(png, 'flipped.png')).rejects.toMatchObject(
      refusal('damaged-photo', 'flipped.png'),
    );
  });

  test('a HEIC cut off anywhere is refused as damaged, by name', async () => {
    for (const length of [40, 300, iphoneHeic.length - 50]) {
      await expect(decodePhoto(iphoneHeic.subarray(0, length), `cut-${length}.heic`)).rejects.toMatchObject(
        refusal('damaged-photo', `cut-${length}.heic`),
      );
    }
  });

  test('bytes after the end of a JPEG are no damage: cameras append previews and clips there', async () => {
    const jpeg = await encode(fourColours()).jpeg().toBuffer();
    const { width } = await decodePhoto(Buffer.concat([jpeg, Buffer.alloc(4000, 7)]), 'motion.jpg');
    expect(width).toBe(48);
  });
});

describe('decompression bombs', () => {
  test('a PNG of 20000 × 20000 pixels in 50 KB is refused before its pixels are unpacked', async () => {
    const bomb = blackPng(20_000, 20_000);
    expect(bomb.length).toBeLessThan(100_000);
    await expect(decodePhoto(bomb, 'bomb.png')).rejects.toMatchObject(refusal('photo-too-large', 'bomb.png'));
  });

  test('a large scan below the limit opens', async () => {
    const { width, height, image } = await decodePhoto(blackPng(12_000, 9000), 'scan.png');
    expect([width, height, image.width, image.height]).toEqual([12_000, 9000, 2048, 1536]);
  });
});

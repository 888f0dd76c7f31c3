import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { RgbImage } from '../../src/core/image.ts';
import { bitCount, hammingDistance, perceptualHash } from '../../src/core/perceptual-hash.ts';
import { seededRandom } from '../../src/core/random.ts';
import { mirror } from '../../src/core/warp.ts';
import { decodePhoto } from '../../src/runtime/decode.ts';
import { demoPhoto, encode } from '../photo-fixtures.ts';

function noise(width: number, height: number, seed = 1): RgbImage {
  const random = seededRandom(seed);
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i += 3) data.fill(random() * 256, i, i + 3);
  return { width, height, data };
}

function blank(width: number, height: number, value: number): RgbImage {
  return { width, height, data: new Uint8Array(width * height * 3).fill(value) };
}

/** Each pixel repeated. */
function enlarge({ width, height, data }: RgbImage, across: number, down: number): RgbImage {
  const out = new Uint8Array(data.length * across * down);
  for (let y = 0; y < height * down; y++) {
    for (let x = 0; x < width * across; x++) {
      const from = (Math.floor(y / down) * width + Math.floor(x / across)) * 3;
      out.set(data.subarray(from, from + 3), (y * width * across + x) * 3);
    }
  }
  return { width: width * across, height: height * down, data: out };
}

/** Straight from the definition of the two-dimensional DCT-II. */
function signsByDefinition({ data }: RgbImage): string {
  let bits = '';
  for (let v = 1; v <= 8; v++) {
    for (let u = 1; u <= 8; u++) {
      let sum = 0;
      for (let y = 0; y < 32; y++) {
        for (let x = 0; x < 32; x++) {
          const wave =
            Math.cos(((2 * x + 1) * u * Math.PI) / 64) * Math.cos(((2 * y + 1) * v * Math.PI) / 64);
          sum += data[(y * 32 + x) * 3]! * wave;
        }
      }
      bits += sum > 0 ? '1' : '0';
    }
  }
  return BigInt(`0b${bits}`).toString(16).padStart(16, '0');
}

async function hashOf(file: Promise<Uint8Array>): Promise<string> {
  return perceptualHash((await decodePhoto(await file, 'photo')).image);
}

describe('perceptualHash', () => {
  test('holds the signs of the 8 × 8 lowest frequencies, the constant ones left out', () => {
    for (const seed of [1, 2, 3]) {
      const picture = noise(32, 32, seed);
      expect(perceptualHash(picture)).toBe(signsByDefinition(picture));
    }
  });

  test('is the same at any size that shows the same, whole multiples or not', () => {
    const picture = noise(32, 32);
    expect(perceptualHash(enlarge(picture, 3, 2))).toBe(perceptualHash(picture));
    // 48 pixels on 32 cells: every second pixel belongs to two cells by half.
    const other = noise(48, 48);
    expect(perceptualHash(enlarge(other, 2, 3))).toBe(perceptualHash(other));
  });

  test('sees colours by their luma: green is light, blue is dark', () => {
    const greenOnBlue = noise(32, 32).data.map((value, i) =>
      value < 128 ? [0, 0, 255][i % 3]! : [0, 255, 0][i % 3]!,
    );
    const whiteOnBlack = noise(32, 32).data.map((value) => (value < 128 ? 0 : 255));
    expect(perceptualHash({ width: 32, height: 32, data: greenOnBlue })).toBe(
      perceptualHash({ width: 32, height: 32, data: whiteOnBlack }),
    );
  });

  test.each([
    [1, 1],
    [1, 500],
    [500, 1],
    [33, 7],
    [640, 480],
  ])('a blank picture of %i × %i pixels hashes to zeros, whatever its colour', (width, height) => {
    for (const value of [0, 77, 255]) {
      expect(perceptualHash(blank(width, height, value))).toBe('0000000000000000');
    }
  });

  test('tells a picture from its mirror image and from its negative', () => {
    const picture = noise(64, 64);
    const negative = { ...picture, data: picture.data.map((value) => 255 - value) };
    expect(hammingDistance(perceptualHash(picture), perceptualHash(mirror(picture)))).toBeGreaterThan(15);
    expect(hammingDistance(perceptualHash(picture), perceptualHash(negative))).toBeGreaterThan(60);
  });

  test('copies of a photo are near it, other photos are far', async () => {
    const photos = await Promise.all(
      [1, 2, 3, 4, 5, 6].map(async (n) => (await decodePhoto(await readFile(demoPhoto(n)), `${n}`)).image),
    );
    const hashes = photos.map((photo) => perceptualHash(photo));
    for (const [i, photo] of photos.entries()) {
      const width = Math.round(photo.width / 3);
      const copies = [
        await hashOf(encode(photo).jpeg({ quality: 40 }).toBuffer()),
        await hashOf(encode(photo).webp().toBuffer()),
        await hashOf(encode(photo).resize({ width }).jpeg().toBuffer()),
      ];
      for (const hash of copies) expect(hammingDistance(hash, hashes[i]!)).toBeLessThanOrEqual(3);
      for (const hash of hashes.toSpliced(i, 1))
        expect(hammingDistance(hash, hashes[i]!)).toBeGreaterThan(14);
    }
  });
});

describe('hammingDistance', () => {
  test('counts the bits that differ', () => {
    expect(hammingDistance('0123456789abcdef', '0123456789abcdef')).toBe(0);
    expect(hammingDistance('0000000000000000', 'ffffffffffffffff')).toBe(64);
    expect(hammingDistance('8000000000000001', '0000000000000000')).toBe(2);
    expect(hammingDistance('00000001ffffffff', '00000000ffffffff')).toBe(1);
  });

  test.each(['', '0', 'xyz', '0123456789ABCDEF', '0123456789abcdef0'])(
    'refuses %j, which is no hash',
    (text) => {
      expect(() => hammingDistance(text, '0000000000000000')).toThrow(RangeError);
    },
  );

  test('bitCount agrees with the binary digits of 32-bit words, signed or not', () => {
    const random = seededRandom(5);
    for (const word of [
      0,
      1,
      -1,
      0x80000000,
      0xffffffff,
      ...Array.from({ length: 99 }, () => random() * 2 ** 32),
    ]) {
      expect(bitCount(word)).toBe((word >>> 0).toString(2).replaceAll('0', '').length);
    }
  });
});

/** Photos that were refused whole, or read without a word, though a part of them is there. */

import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { damagedShare } from '../../src/core/damage.ts';
import type { RgbImage } from '../../src/core/image.ts';
import { decodePhoto, type Photo } from '../../src/runtime/decode.ts';
import { bmp } from '../bytes/bmp.ts';
import { tiff } from '../bytes/tiff.ts';
import { demoPhoto, encode, fourColours } from '../photo-fixtures.ts';

// 1920 × 1280 pixels, 144,516 bytes.
const jpeg = readFileSync(demoPhoto(1));
let whole: RgbImage;
let progressive: Buffer;
let png: Buffer;
beforeAll(async () => {
  ({ image: whole } = await decodePhoto(jpeg, 'whole.jpg'));
  progressive = await sharp(jpeg).jpeg({ progressive: true }).toBuffer();
  png = await sharp(jpeg).png({ compressionLevel: 1 }).toBuffer();
});

const without = (bytes: Buffer, last: number): Buffer => bytes.subarray(0, bytes.length - last);
const firstOf = (bytes: Buffer, share: number): Buffer => bytes.subarray(0, Math.floor(bytes.length * share));

/** Twenty bytes that are others, as a bad block of a disk leaves them. */
function garbled(bytes: Buffer, share: number): Buffer {
  const other = Buffer.from(bytes);
  const at = Math.floor(bytes.length * share);
  for (let i = at; i < at + 20; i++) other[i]! ^= 0x5a;
  return other;
}

/** Rows from the top that are the same as those of the whole photo. */
function rowsAsIn(reference: RgbImage, { image }: Photo): number {
  const row = reference.width * 3;
  for (let y = 0; y < reference.height; y++) {
    const [from, to] = [y * row, (y + 1) * row];
    if (Buffer.compare(image.data.subarray(from, to), reference.data.subarray(from, to)) !== 0) return y;
  }
  return reference.height;
}

describe('a JPEG that lacks its end', () => {
  test.each([1, 2])('by the last %d bytes, the mark of the end, is whole', async (last) => {
    const photo = await decodePhoto(without(jpeg, last), 'cut.jpg');
    expect(photo).not.toHaveProperty('damage');
    expect(rowsAsIn(whole, photo)).toBe(1280);
    expect(await decodePhoto(without(progressive, last), 'cut.jpg')).not.toHaveProperty('damage');
  });

  test('by 1.1 % of its bytes shows all but its last rows, and says so', async () => {
    const photo = await decodePhoto(without(jpeg, 1595), 'cut.jpg');
    expect(photo).toMatchObject({ width: 1920, height: 1280, damage: { kind: 'missing' } });
    const { part } = photo.damage!;
    expect(part).toMatchObject({ left: 0, width: 1920 });
    expect(part.top + part.height).toBe(1280);
    // The part that is called missing holds all that is, and little more.
    expect(rowsAsIn(whole, photo)).toBeGreaterThanOrEqual(part.top - 1);
    expect(damagedShare(photo.damage!, photo)).toBeLessThan(0.03);
  });

  test('by 40 % is read; by 70 % it is no longer the photo', async () => {
    const { damage } = await decodePhoto(firstOf(jpeg, 0.6), 'cut.jpg');
    expect(damage!.kind).toBe('missing');
    await expect(decodePhoto(firstOf(jpeg, 0.3), 'cut.jpg')).rejects.toMatchObject({
      code: 'damaged-photo',
      message: expect.stringMatching(/^cut\.jpg is cut off: 6\d % of the picture is missing\.$/) as string,
    });
  });

  test('lacks the left side where the camera was turned', async () => {
    const turned = await sharp(jpeg).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const photo = await decodePhoto(firstOf(turned, 0.9), 'turned.jpg');
    expect(photo).toMatchObject({
      width: 1280,
      height: 1920,
      damage: { part: { left: 0, top: 0, height: 1920 } },
    });
  });

  test('and is progressive shows all of the picture, less finely, once its first scan is there', async () => {
    const photo = await decodePhoto(firstOf(progressive, 0.7), 'cut.jpg');
    expect(photo.damage).toEqual({ kind: 'doubtful', part: { left: 0, top: 0, width: 1920, height: 1280 } });
    await expect(decodePhoto(firstOf(progressive, 0.1), 'cut.jpg')).rejects.toMatchObject({
      message: 'cut.jpg is damaged or cut off: its end is missing.',
    });
  });

  test('is decoded at a size like any other', async () => {
    const photo = await decodePhoto(without(jpeg, 1595), 'cut.jpg', { width: 80, height: 60 });
    expect(photo).toMatchObject({ image: { width: 80, height: 60 }, damage: { kind: 'missing' } });
  });
});

describe('a JPEG whose scan is damaged', () => {
  test('is read as far as it goes, and says from where on it may be wrong', async () => {
    const photo = await decodePhoto(garbled(jpeg, 0.7), 'bad.jpg');
    expect(photo.damage!.kind).toBe('doubtful');
    // libjpeg notices some rows later that the data make no sense.
    expect(rowsAsIn(whole, photo)).toBeGreaterThan(500);
    expect(photo.damage!.part.top).toBeGreaterThan(500);
  });

  test('and progressive is doubtful as a whole', async () => {
    const { damage } = await decodePhoto(garbled(progressive, 0.5), 'bad.jpg');
    expect(damage).toEqual({ kind: 'doubtful', part: { left: 0, top: 0, width: 1920, height: 1280 } });
  });

  test.each<[string, (bytes: Buffer) => Buffer]>([
    [
      'a JFIF version that does not exist',
      (bytes) => replaced(bytes, 'JFIF\0', Buffer.from('JFIF\0\x09', 'latin1')),
    ],
    [
      'bytes between its segments',
      (bytes) => Buffer.concat([bytes.subarray(0, 20), Buffer.alloc(3), bytes.subarray(20)]),
    ],
    [
      'zeros before the mark of the end',
      (bytes) => Buffer.concat([without(bytes, 2), Buffer.alloc(300), Buffer.of(0xff, 0xd9)]),
    ],
    ['a preview and a clip behind the end', (bytes) => Buffer.concat([bytes, bytes, Buffer.alloc(4000, 7)])],
  ])('is none for %s: cameras write such things', async (_what, change) => {
    const odd = await decodePhoto(change(jpeg), 'odd.jpg');
    expect(odd).not.toHaveProperty('damage');
    expect(rowsAsIn(whole, odd)).toBe(1280);
  });
});

function replaced(bytes: Buffer, text: string, by: Buffer): Buffer {
  const other = Buffer.from(bytes);
  by.copy(other, other.indexOf(text, 0, 'latin1'));
  return other;
}

describe('other formats', () => {
  test.each([
    ['cut off', (bytes: Buffer) => firstOf(bytes, 0.8)],
    ['altered', (bytes: Buffer) => garbled(bytes, 0.8)],
  ])('a PNG that is %s is read down to there', async (_what, change) => {
    const photo = await decodePhoto(change(png), 'bad.png');
    expect(photo.damage!.kind).toBe('missing');
    expect(rowsAsIn(whole, photo)).toBeGreaterThanOrEqual(photo.damage!.part.top - 1);
    expect(photo.damage!.part.top).toBeGreaterThan(900);
  });

  test('a BMP that is cut off lacks its top: the last row comes first', async () => {
    const file = bmp(fourColours(48, 64), { bits: 24 });
    const photo = await decodePhoto(firstOf(file, 0.8), 'cut.bmp');
    expect(photo.damage).toEqual({ kind: 'missing', part: { left: 0, top: 0, width: 48, height: 13 } });
    const top = bmp(fourColours(48, 64), { bits: 24, topDown: true });
    const { damage } = await decodePhoto(firstOf(top, 0.8), 'cut.bmp');
    expect(damage!.part).toEqual({ left: 0, top: 51, width: 48, height: 13 });
    await expect(decodePhoto(firstOf(file, 0.3), 'cut.bmp')).rejects.toThrow(
      /^cut\.bmp is cut off: 7\d % of/,
    );
  });

  test('a TIFF that is cut off is read down to there if its directory comes first', async () => {
    const { data } = fourColours(48, 640);
    const kind = { width: 48, height: 640, bits: 8, channels: 3, photometric: 2, data } as const;
    const photo = await decodePhoto(firstOf(tiff({ ...kind, directoryFirst: true }), 0.8), 'cut.tif');
    expect(photo.damage!.kind).toBe('missing');
    expect(photo.damage!.part.top).toBeGreaterThan(450);
    await expect(decodePhoto(firstOf(tiff(kind), 0.8), 'cut.tif')).rejects.toThrow(
      /^cut\.tif is cut off: the last \d+ of its \d+ bytes are missing\.$/,
    );
  });

  test('whole photos of every kind have no damage', async () => {
    const picture = encode(fourColours());
    for (const format of ['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const) {
      const photo = await decodePhoto(await picture.clone().toFormat(format).toBuffer(), format);
      expect(photo).not.toHaveProperty('damage');
    }
  });
});

import sharp, { type Sharp } from 'sharp';
import { expect, test } from 'vitest';
import { readPhotoHeader } from '../../src/runtime/photo-header.ts';

const picture = (width = 37, height = 21): Sharp =>
  sharp({ create: { width, height, channels: 3, background: { r: 200, g: 40, b: 90 } } });

/** As sharp reads it: a JPEG without EXIF is read without sharp. */
test.each([
  ['baseline', picture().jpeg()],
  ['progressive', picture().jpeg({ progressive: true })],
  ['colours at full width', picture(640, 3).jpeg({ chromaSubsampling: '4:4:4' })],
  ['grey', picture().toColourspace('b-w').jpeg()],
  ['CMYK', picture().toColourspace('cmyk').jpeg()],
  ['turned by EXIF', picture().withMetadata({ orientation: 6 }).jpeg()],
  [
    'with EXIF, upright',
    picture()
      .withExif({ IFD0: { Artist: 'somebody' } })
      .jpeg(),
  ],
  ['with a profile of colours', picture().withIccProfile('p3').jpeg()],
] as const)('the header of a JPEG is what sharp reads: %s', async (_, photo) => {
  const bytes = await photo.toBuffer();
  const header = await readPhotoHeader(bytes, 'a.jpg');
  if (header.by !== 'sharp') throw new Error(header.by);
  const { width, height, channels, depth, autoOrient, orientation } = await sharp(bytes).metadata();
  expect(header.metadata).toMatchObject({ width, height, channels, depth, autoOrient });
  expect(header.metadata.orientation ?? 1).toBe(orientation ?? 1);
});

test.each([
  ['a header that is cut off', (bytes: Buffer) => bytes.subarray(0, 120)],
  ['a height of 0', (bytes: Buffer) => with0(bytes, 5)],
  ['nine bits', (bytes: Buffer) => with9(bytes)],
] as const)('%s is left to sharp, which refuses it', async (_, damaged) => {
  const bytes = damaged(await picture().jpeg().toBuffer());
  await expect(readPhotoHeader(bytes, 'a.jpg')).rejects.toMatchObject({ code: 'damaged-photo' });
});

const frameOf = (bytes: Buffer): number => bytes.indexOf(Buffer.from([0xff, 0xc0]));

function with0(bytes: Buffer, at: number): Buffer {
  const out = Buffer.from(bytes);
  out.writeUInt16BE(0, frameOf(bytes) + at);
  return out;
}

function with9(bytes: Buffer): Buffer {
  const out = Buffer.from(bytes);
  out[frameOf(bytes) + 4] = 9;
  return out;
}

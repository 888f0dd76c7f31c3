/**
 * Each bad photo is refused for its own reason. libvips has one buffer of messages for all threads of a process: each failure
 * appends to it and clears it, so files that failed side by side were given each other's reasons, parts of them, or none.
 */

import { describe, expect, test } from 'vitest';
import { reasonOf, WhosinError } from '../../src/errors.ts';
import { decodePhoto } from '../../src/runtime/decode.ts';
import { encode, fourColours, iphoneHeic } from '../photo-fixtures.ts';
import { decodeInChild } from './decoding-child.ts';

function refusalOf(name: string, bytes: Uint8Array): Promise<string> {
  return decodePhoto(bytes, name).then(
    () => 'was read',
    (error: unknown) => (error instanceof WhosinError ? error.message : `not refused: ${reasonOf(error)}`),
  );
}

const picture = (): ReturnType<typeof encode> => encode(fourColours());
const cut = (bytes: Buffer, length: number): Buffer => bytes.subarray(0, length);

async function badPhotos(): Promise<readonly (readonly [name: string, bytes: Uint8Array, reason: string])[]> {
  const [jpeg, png, webp, avif, gif, tif] = (await Promise.all(
    (['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const).map((format) =>
      picture().toFormat(format).toBuffer(),
    ),
  )) as [Buffer, Buffer, Buffer, Buffer, Buffer, Buffer];
  const huffman = Buffer.from(jpeg);
  huffman.fill(0xff, jpeg.indexOf(Buffer.of(0xff, 0xc4)) + 5, jpeg.indexOf(Buffer.of(0xff, 0xc4)) + 20);
  const noPixels = Buffer.from(png);
  noPixels.fill(0x55, png.indexOf('IDAT') + 4, png.indexOf('IEND') - 8);
  const noFrame = Buffer.from(avif);
  noFrame.fill(0, avif.indexOf('mdat') + 4);
  const nonsense = 'is damaged: its data make no sense as a picture.';
  return [
    ['huffman.jpg', huffman, nonsense],
    ['header.jpg', cut(jpeg, 60), 'is damaged or cut off: its end is missing.'],
    ['pixels.png', noPixels, nonsense],
    ['header.png', cut(png, 40), 'is damaged or cut off: its end is missing.'],
    [
      'half.webp',
      cut(webp, webp.length - 20),
      `is cut off: the last 20 of its ${webp.length} bytes are missing.`,
    ],
    [
      'half.avif',
      cut(avif, avif.length - 7),
      `is cut off: the last 7 of its ${avif.length} bytes are missing.`,
    ],
    ['frame.avif', noFrame, nonsense],
    [
      'half.heic',
      cut(iphoneHeic, iphoneHeic.length - 9),
      `is cut off: the last 9 of its ${iphoneHeic.length} bytes are missing.`,
    ],
    ['half.gif', cut(gif, gif.length - 30), 'is damaged or cut off: its end is missing.'],
    [
      'half.tif',
      cut(tif, 100),
      `is cut off: the last ${tif.readUInt32LE(4) + 2 - 100} of its ${tif.readUInt32LE(4) + 2} bytes are missing.`,
    ],
    ['notes.jpg', Buffer.from('Dear diary'), 'is not a photo: no known picture format.'],
    ['empty.jpg', new Uint8Array(0), 'is empty (0 bytes).'],
  ];
}

describe('the reason of a photo', () => {
  test('is its own, one at a time', async () => {
    for (const [name, bytes, reason] of await badPhotos()) {
      expect(await refusalOf(name, bytes)).toBe(`${name} ${reason}`);
    }
  });

  test('is its own, side by side with all others and with whole photos, in twenty rounds', async () => {
    const bad = await badPhotos();
    const whole = await picture().jpeg().toBuffer();
    for (let round = 0; round < 20; round++) {
      const found = await Promise.all(
        bad.flatMap(([name, bytes]) => [refusalOf(name, bytes), refusalOf('whole.jpg', whole)]),
      );
      expect(found).toEqual(bad.flatMap(([name, , reason]) => [`${name} ${reason}`, 'was read']));
    }
  });
});

test('an AVIF of a size that no picture has writes nothing to standard error', async () => {
  const avif = await picture().avif().toBuffer();
  // Width and height of the picture; libvips took the height for a number below 0, and GLib said so.
  const size = avif.indexOf('ispe') + 8;
  for (const [width, height] of [
    [48, 0xf0000000],
    [0xf0000000, 64],
    [0xffffffff, 0xffffffff],
  ] as const) {
    avif.writeUInt32BE(width, size);
    avif.writeUInt32BE(height, size + 4);
    const { read, stderr } = await decodeInChild(avif);
    expect(stderr).toBe('');
    const reason = `photo is too large to open safely (${width} × ${height} pixels): save a smaller copy.`;
    expect(read).toEqual([reason]);
  }
});

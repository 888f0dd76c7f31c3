/** Photos that lost their end. */

import sharp from 'sharp';
import { decodePhoto } from '../src/runtime/decode.ts';
import { type DemoPerson, portrait } from './demo-people.ts';

/** One person above the other: 420 × 840 pixels, each face in the middle of its half. */
export async function twoPeople(above: DemoPerson, below: DemoPerson): Promise<Buffer> {
  const pieces = await Promise.all(
    [above, below].map((person) => portrait(person).resize(420, 420).png().toBuffer()),
  );
  return sharp({ create: { width: 420, height: 840, channels: 3, background: 'white' } })
    .composite(pieces.map((input, i) => ({ input, left: 0, top: i * 420 })))
    .jpeg({ quality: 95 })
    .toBuffer();
}

/** The beginning of a JPEG of which the rows from about this one on are missing. */
export async function cutAtRow(jpeg: Buffer, row: number): Promise<Buffer> {
  let [short, long] = [0, jpeg.length];
  while (long - short > 50) {
    const middle = (short + long) >> 1;
    const top = await decodePhoto(jpeg.subarray(0, middle), 'cut.jpg').then(
      ({ damage, height }) => damage?.part.top ?? height,
      () => 0,
    );
    if (top < row) short = middle;
    else long = middle;
  }
  return jpeg.subarray(0, long);
}

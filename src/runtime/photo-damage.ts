/**
 * How far a damaged photo can be read. Decoders fill what is missing with one colour and go on after data that make no
 * sense, or refuse the whole photo, as they are told to: how many rows are whole is found by asking strictly for fewer of
 * them. Only whether they refuse is used, not what they say (see formats/why-unreadable.ts).
 */

import { type Damage, storedFrom } from '../core/damage.ts';
import type { Size } from '../core/geometry.ts';
import { WhosinError } from '../errors.ts';
import { type BmpHeader, bmpRows } from './formats/bmp.ts';
import { hasWholeScan, heldPerPixel, pictureAlone } from './formats/jpeg.ts';
import type { PhotoFormat } from './formats/picture-format.ts';
import { untilDamaged } from './formats/png.ts';
import { whyUnreadable } from './formats/why-unreadable.ts';
import type { HeaderMetadata } from './photo-header.ts';
import { maxPixels } from './photo-header.ts';
import { sharp } from './sharp.ts';

/** How little a decoder puts up with, the most of it first. */
export type Strictness = 'none' | 'truncated' | 'error' | 'warning';

/**
 * A JPEG carries no checksum: that its data make no sense is a warning, and a missing strip of a TIFF is an error. Those of
 * other formats are about metadata.
 */
export function strictness(format: PhotoFormat): Strictness {
  if (format === 'jpeg') return 'warning';
  return format === 'tiff' ? 'error' : 'truncated';
}

/** A photo that lost more than half is not the one that it was. */
const mostMissing = 0.5;

/**
 * @param bytes of a photo that could not be read strictly
 * @param name for messages
 * @returns undefined if only its metadata or the mark of its end is damaged
 * @throws WhosinError `damaged-photo` if too little of it can be read
 */
export async function findDamage(
  bytes: Uint8Array,
  name: string,
  format: PhotoFormat,
  { width, height, orientation = 1 }: HeaderMetadata,
): Promise<Damage | undefined> {
  const stored = { width, height };
  const picture = intact(bytes, format);
  const areWhole = (rows: number): Promise<boolean> =>
    reads(picture, strictness(format), { width, height: rows });
  if (format === 'jpeg' && (await areWhole(height))) return undefined;
  const goesOn = format === 'jpeg' && (await reads(bytes, 'truncated', stored));
  // All scans of a progressive photo are read before its first row: that one shows all, less finely than it did.
  const inScans = format === 'jpeg' && (heldPerPixel(bytes) ?? 0) > 0;
  const rows = inScans ? 0 : await lastWhole(height, areWhole);
  const part = storedFrom(rows, stored, orientation);
  if (goesOn || (inScans && hasWholeScan(bytes))) return { kind: 'doubtful', part };
  if (rows === 0) throw WhosinError.about('damaged-photo', name, whyUnreadable(bytes, format));
  requireMost(rows, height, name);
  return { kind: 'missing', part };
}

/** The faults for which a decoder is to fail. */
function intact(bytes: Uint8Array, format: PhotoFormat): Uint8Array {
  if (format === 'jpeg') return pictureAlone(bytes);
  return format === 'png' ? untilDamaged(bytes) : bytes;
}

/** The length of a BMP file gives the number of its rows. */
export function bmpDamage(bytes: Uint8Array, name: string, header: BmpHeader): Damage | undefined {
  const { height, topDown } = header;
  const rows = bmpRows(bytes, header);
  if (rows === height) return undefined;
  requireMost(rows, height, name);
  // Most begin with the last row.
  return { kind: 'missing', part: storedFrom(rows, header, topDown ? 1 : 4) };
}

function requireMost(rows: number, height: number, name: string): void {
  if (rows >= height * (1 - mostMissing)) return;
  const missing = Math.round((1 - rows / height) * 100);
  throw WhosinError.about('damaged-photo', name, `is cut off: ${missing} % of the picture is missing`);
}

/** A JPEG's rows are damaged 16 at a time, and its decoder complains some of them late. */
const blockRows = 16;

/** How many rows are whole, to within a 256th of them or a block; each try reads the photo from its beginning. */
async function lastWhole(height: number, areWhole: (rows: number) => Promise<boolean>): Promise<number> {
  const near = Math.max(1, Math.floor(height / blockRows / 256));
  let [whole, broken] = [0, Math.ceil(height / blockRows)];
  // Some formats can be read whole or not at all.
  for (let blocks = 1; broken - whole > near; blocks = (whole + broken) >> 1) {
    if (await areWhole(blocks * blockRows)) whole = blocks;
    else broken = blocks;
  }
  return whole * blockRows;
}

/** Whether the first rows can be read strictly. They are scaled down to a dot as they come, so few are in memory. */
async function reads(bytes: Uint8Array, failOn: Strictness, { width, height }: Size): Promise<boolean> {
  const rows = sharp(bytes, { failOn, limitInputPixels: maxPixels }).extract({
    left: 0,
    top: 0,
    width,
    height,
  });
  return rows
    .resize({ width: 1, height: 1, fit: 'fill' })
    .raw()
    .toBuffer()
    .then(
      () => true,
      () => false,
    );
}

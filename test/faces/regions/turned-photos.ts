/** Photos in each of EXIF's eight orientations and each format, which name two people, and where these are. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Box, iou } from '../../../src/core/geometry.ts';
import type { RgbImage } from '../../../src/core/image.ts';
import { type PhotoRegions, readRegions } from '../../../src/faces/regions/photo-regions.ts';
import { fourColoursTile, heicGrid, mirrored, turned } from '../../bytes/heic.ts';
import { encode, storedAs } from '../../photo-fixtures.ts';
import { type AreaText, description, mwgElements, packet } from '../../photos/regions/xmp-text.ts';

/** The people of ../shared/data/xmp, in the upright photo of 840 × 700. */
export const truth: Readonly<Record<string, Box<'ratio'>>> = {
  'Marie Curie': { left: 0.315, top: 0.21, width: 0.11, height: 0.2 },
  'Pierre Curie': { left: 0.64, top: 0.12, width: 0.1, height: 0.24 },
};

export const orientations = [1, 2, 3, 4, 5, 6, 7, 8] as const;
/** The place of a box of the upright photo in the stored pixels: looked up in pixels that are stored so. */
function storedArea(name: string, box: Box<'ratio'>, orientation: number): AreaText {
  const upright: RgbImage = { width: 840, height: 700, data: new Uint8Array(840 * 700 * 3) };
  const [left, top] = [Math.round(box.left * 840), Math.round(box.top * 700)];
  for (let y = top; y < top + Math.round(box.height * 700); y++)
    upright.data.fill(255, (y * 840 + left) * 3, (y * 840 + left + Math.round(box.width * 840)) * 3);
  const { width, height, data } = storedAs(orientation, upright);
  let [x0, y0, x1, y1] = [width, height, 0, 0];
  for (let at = 0; at < width * height; at++) {
    if (data[at * 3] === 0) continue;
    const [x, y] = [at % width, Math.floor(at / width)];
    [x0, y0, x1, y1] = [Math.min(x0, x), Math.min(y0, y), Math.max(x1, x + 1), Math.max(y1, y + 1)];
  }
  const [w, h] = [(x1 - x0) / width, (y1 - y0) / height];
  return { name, x: x0 / width + w / 2, y: y0 / height + h / 2, w, h };
}

const areasIn = new Map<number, readonly AreaText[]>();

export function xmpOf(orientation: number, attributes = ''): string {
  const areas =
    areasIn.get(orientation) ??
    Object.entries(truth).map(([name, box]) => storedArea(name, box, orientation));
  areasIn.set(orientation, areas);
  return packet(description(mwgElements(areas), attributes));
}

/** The turns and mirrors with which HEIF says what EXIF says with a number. */
export const heifProperties: Readonly<Record<number, readonly Uint8Array[]>> = {
  1: [],
  2: [mirrored(1)],
  3: [turned(2)],
  4: [mirrored(0)],
  5: [mirrored(1), turned(1)],
  6: [turned(3)],
  7: [mirrored(1), turned(3)],
  8: [turned(1)],
};

export const formats = ['jpg', 'png', 'webp', 'tif', 'heic'] as const;

export async function written(
  format: (typeof formats)[number],
  orientation: number,
  upright: RgbImage,
  xmp: string | undefined,
): Promise<Uint8Array> {
  if (format === 'heic') {
    return heicGrid(fourColoursTile, {
      columns: 2,
      rows: 2,
      properties: heifProperties[orientation]!,
      ...(xmp !== undefined && { xmp: Buffer.from(xmp) }),
    });
  }
  const photo = encode(storedAs(orientation, upright)).withMetadata({ orientation });
  const sharpFormat = format === 'jpg' ? 'jpeg' : format === 'tif' ? 'tiff' : format;
  return (xmp === undefined ? photo : photo.withXmp(xmp)).toFormat(sharpFormat).toBuffer();
}

export async function regionsOf(path: string): Promise<PhotoRegions> {
  for await (const photo of readRegions([path])) {
    if (photo.kind === 'failure') throw photo.error;
    return photo;
  }
  throw new Error('no answer');
}

/** Whether the names are in the file, beside it by its whole name or by its stem, or beside it with others in the file. */
export const ways = ['embedded', 'sidecar', 'stem', 'both'] as const;

/** Writes the photo with its names into the folder. @returns its path, and the file that has the names */
export async function writeNamed(
  folder: string,
  way: (typeof ways)[number],
  format: (typeof formats)[number],
  orientation: number,
  upright: RgbImage,
): Promise<{ readonly path: string; readonly file: string }> {
  const stem = join(folder, `${way}-${orientation}-${format}`);
  const path = `${stem}.${format}`;
  const inside = {
    embedded: xmpOf(orientation),
    sidecar: undefined,
    stem: undefined,
    both: packet(description(mwgElements([{ name: 'Old Name', x: 0.1, y: 0.1, w: 0.1, h: 0.1 }]))),
  }[way];
  await writeFile(path, await written(format, orientation, upright, inside));
  if (way === 'embedded') return { path, file: path };
  const file = way === 'stem' ? `${stem}.xmp` : `${path}.xmp`;
  // A sidecar's turn of its photo is of no account.
  await writeFile(file, xmpOf(orientation, 'tiff:Orientation="3"'));
  return { path, file };
}

/** How far each person's region overlaps their true place, 0 to 1. Somebody who should not be there has 0. */
export function overlaps({ regions }: PhotoRegions): Record<string, number> {
  const all = regions.map(({ name, box }) => [name ?? '', truth[name ?? ''] ? iou(box, truth[name!]!) : 0]);
  return { ...Object.fromEntries(Object.keys(truth).map((name) => [name, 0])), ...Object.fromEntries(all) };
}

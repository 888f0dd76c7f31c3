/**
 * Portraits of people cut out of the group photos that the npm package of the face networks carries: always here,
 * and each of them can be asked for again in the photo that it was cut from.
 */

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { demoPhoto } from './photo-fixtures.ts';

interface Place {
  /** Number of the group photo. */
  readonly photo: number;
  /** Middle of the face, and the side of a square that holds the whole head. */
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

/** The names are made up. */
export const demoPeople = {
  mona: { photo: 3, x: 684, y: 464, side: 420 },
  nell: { photo: 3, x: 1598, y: 430, side: 420 },
  olga: { photo: 6, x: 351, y: 619, side: 420 },
  pam: { photo: 6, x: 759, y: 472, side: 380 },
  ruth: { photo: 6, x: 1273, y: 444, side: 380 },
  sue: { photo: 6, x: 1590, y: 410, side: 400 },
} as const satisfies Record<string, Place>;

export type DemoPerson = keyof typeof demoPeople;

/** A portrait; further ones of the same person differ in margin, light and side as photos of one evening do. */
export function portrait(person: DemoPerson, number = 1): Sharp {
  const { photo, x, y, side } = demoPeople[person];
  const width = Math.round(side * (1 - 0.05 * (number - 1)));
  const image = sharp(demoPhoto(photo))
    .extract({ left: Math.round(x - width / 2), top: Math.round(y - width / 2), width, height: width })
    .modulate({ brightness: 1 - 0.1 * (number - 1) });
  return (number % 2 === 0 ? image.flop() : image).jpeg({ quality: 92 });
}

/** Writes one folder for each person into `root`, as `whosin train` reads them. */
export async function writePortraits(
  root: string,
  folders: Readonly<Record<string, readonly [person: DemoPerson, photos: number]>>,
): Promise<void> {
  for (const [folder, [person, photos]] of Object.entries(folders)) {
    for (let number = 1; number <= photos; number++) {
      await writePhoto(join(root, folder, `${number}.jpg`), portrait(person, number));
    }
  }
}

export async function writePhoto(path: string, photo: Sharp | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, photo instanceof Uint8Array ? photo : await photo.toBuffer());
}

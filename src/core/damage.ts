/** The damage of a photo that was read as far as possible. */

import { type Box, overlap, type Size } from './geometry.ts';

export interface Damage {
  /** `missing`: the file ends early. `doubtful`: it goes on, but its data made no sense from some place on. */
  readonly kind: 'missing' | 'doubtful';
  /** The part of the picture that is not to be trusted: from where the data failed to the end, in pixels of the upright photo. */
  readonly part: Box<'px'>;
}

/** The share of the photo, 0 to 1, that is not to be trusted. */
export function damagedShare({ part }: Damage, photo: Size): number {
  return (part.width * part.height) / (photo.width * photo.height);
}

/** In words: "damaged: 0.9 % of the picture is missing". */
export function describeDamage(damage: Damage, photo: Size): string {
  const share = damagedShare(damage, photo) * 100;
  const percent = `${share < 10 ? Math.max(share, 0.1).toFixed(1) : Math.round(share)} %`;
  if (damage.kind === 'missing') return `damaged: ${percent} of the picture is missing`;
  return `damaged, read as far as it goes: ${percent} of the picture may be wrong`;
}

/** Decoders find their way back into damaged data, so what follows may be right or not. */
const doubt = 0.5;

/** How much of what a box shows is to be believed, 0 to 1. */
export function trustIn(box: Box<'px'>, damage: Damage | undefined): number {
  if (damage === undefined) return 1;
  const touched = overlap(box, damage.part) / (box.width * box.height);
  return 1 - touched * (damage.kind === 'missing' ? 1 : doubt);
}

/** The last rows of a photo as they are stored, in the upright photo. @param orientation EXIF's, 1 to 8 */
export function storedFrom(row: number, stored: Size, orientation: number): Box<'px'> {
  const { width, height } = stored;
  const rows = height - row;
  // TIFF 6.0, tag 274: the side of the upright photo on which the last stored row lies.
  if (orientation <= 2) return { left: 0, top: row, width, height: rows };
  if (orientation <= 4) return { left: 0, top: 0, width, height: rows };
  return { left: orientation === 5 || orientation === 8 ? row : 0, top: 0, width: rows, height: width };
}

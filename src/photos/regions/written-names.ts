/** Names that whosin has written itself: they alone are taken out again, where they hold no longer. */

import { type Box, iou } from '../../core/geometry.ts';
import { holdsMiddle } from './match-regions.ts';

/** One name in one of the forms of a file. */
export interface WrittenName {
  readonly form: 'mwg' | 'microsoft' | 'people' | 'keywords' | 'picasa';
  readonly name: string;
  /** Null for a name without a place. */
  readonly box: Box<'ratio'> | null;
  /** Whether the region is whosin's too: of another program's region the name alone is taken. */
  readonly made: boolean;
}

interface Place {
  readonly name: string;
  readonly box: Box<'ratio'>;
}

export function isSamePlace(a: Box<'ratio'>, b: Box<'ratio'>): boolean {
  return iou(a, b) > 0.1 || holdsMiddle(a, b);
}

/** Whether the face, or a face of the photo, still has the name. */
export function holds({ name, box }: WrittenName, places: readonly Place[]): boolean {
  return places.some((place) => place.name === name && (box === null || isSamePlace(box, place.box)));
}

/** The entry that tells that whosin wrote this name at this place. */
export function entryOf(
  written: readonly WrittenName[],
  name: string | null,
  box: Box<'ratio'>,
): WrittenName | undefined {
  return written.find((one) => one.name === name && one.box !== null && isSamePlace(one.box, box));
}

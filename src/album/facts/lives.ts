/** When people were born and died, and what that tells about a photo: who can be in it, and how old they are. */

import { WhosinError } from '../../errors.ts';
import { after, isMoment } from '../query/dates.ts';

/** `2015-03-02`, `2015-03` or `2015`; null if it is not known. */
export interface Life {
  readonly born: string | null;
  readonly died: string | null;
}

/** A photo's time, and where it is from. */
export interface PhotoTime {
  readonly taken: string | null;
  readonly taken_from: 'exif' | 'digitised' | 'video' | 'file' | null;
}

/** `no`: not born yet. `asked`: dead by then, unless the photo shows a picture: nobody is named so without a question. */
export type Presence = 'yes' | 'asked' | 'no';

/** Clocks of cameras stand for other parts of the world. */
const day = 86_400_000;

/** A camera whose clock was lost begins with the first of January of some year. */
const lostClock = /^\d{4}-01-01/;

/** Full years at which somebody looks different: a small child, a schoolchild, a youth, grown up. */
const stages = [2, 6, 12, 18];

/**
 * Times of files tell when they were copied. Scans are later than what they show: whoever was not born at the time of a scan is not in
 * it, but whoever was dead may be. So may they in a new photo of an old one, which cannot be told from others.
 */
export function presenceIn({ born, died }: Life, { taken, taken_from: from }: PhotoTime): Presence {
  if (taken === null || lostClock.test(taken)) return 'yes';
  const isPhotographed = from === 'exif';
  if (born !== null && (isPhotographed || from === 'digitised') && shifted(taken, day) < born) return 'no';
  return died !== null && isPhotographed && shifted(taken, -day) >= after(died) ? 'asked' : 'yes';
}

function shifted(taken: string, by: number): string {
  return new Date(Date.parse(`${taken}Z`) + by).toISOString().slice(0, 19);
}

/**
 * Full years; null if the birth or a camera's time is not known, or the photo is from before the birth or after the death.
 * If only the year of the birth is known, it is the age that they reach in the year of the photo.
 */
export function ageIn({ born, died }: Life, { taken, taken_from: from }: PhotoTime): number | null {
  if (born === null || taken === null || from !== 'exif') return null;
  if (died !== null && taken >= after(died)) return null;
  const years = Number(taken.slice(0, 4)) - Number(born.slice(0, 4));
  const age = taken.slice(4, born.length) < born.slice(4) ? years - 1 : years;
  return age < 0 ? null : age;
}

/** The stage of life that a photo shows somebody in, from 0 for a baby to 4 for grown up; null where that is not known. */
export function stageIn(life: Life, photo: PhotoTime): number | null {
  const age = ageIn(life, photo);
  if (age === null || lostClock.test(photo.taken!)) return null;
  return stages.filter((from) => age >= from).length;
}

/** The time in which somebody is of these ages, both included. */
export function timeOfAges(
  born: string,
  least: number,
  most: number,
): { readonly from: string; readonly until: string } {
  return { from: yearsLater(born, least), until: yearsLater(born, most + 1) };
}

function yearsLater(date: string, years: number): string {
  return String(Number(date.slice(0, 4)) + years).padStart(4, '0') + date.slice(4);
}

/** A date as it is given. @returns empty for `unknown`. Throws `usage` */
export function givenDate(date: string): string {
  const clean = date.trim();
  if (clean.toLowerCase() === 'unknown') return '';
  if (isDate(clean)) return clean;
  throw new WhosinError('usage', `"${date}" is no date: write 2015, 2015-03 or 2015-03-02, or unknown.`);
}

/** Throws `usage` for somebody who would have died before being born. */
export function requireLife(name: string, { born, died }: Life): void {
  if (born === null || died === null || after(died) > born) return;
  throw new WhosinError('usage', `${name} would have died (${died}) before being born (${born}).`);
}

export function isDate(text: string): boolean {
  return /^\d{4}(-\d\d(-\d\d)?)?$/.test(text) && isMoment(text);
}

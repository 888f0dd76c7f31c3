/**
 * Picasa's list of a folder, `.picasa.ini`: faces as `rect64(…)` of four times 16 bits, left, top, right, bottom, and a
 * contact each. Places are those in the stored picture, as ExifTool's conversion takes them.
 */

import { boxWithin, called, type Sides } from './areas.ts';
import type { StoredRegion } from './region.ts';

export interface PicasaFolder {
  /** The entry of a photo by its name in the folder. */
  readonly facesOf: (name: string) => PicasaFaces | undefined;
}

interface PicasaFaces {
  readonly regions: readonly StoredRegion[];
  readonly unread: readonly string[];
}

/** Picasa's number for a face that nobody has named. */
export const nobody = 'ffffffffffffffff';

export function parsePicasa(text: string): PicasaFolder {
  const faces = new Map<string, string>();
  const names = new Map<string, string>();
  for (const { section, key, value } of picasaLines(text)) {
    if (isContacts(section)) names.set(contactId(key), contactName(value));
    else if (key.toLowerCase() === 'faces') faces.set(section.toLowerCase(), value);
  }
  return {
    facesOf(name) {
      const value = faces.get(name.toLowerCase());
      return value === undefined ? undefined : facesIn(value, names);
    },
  };
}

/** A setting, with the section and the line that it stands in. */
interface PicasaLine {
  readonly section: string;
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

export function picasaLines(text: string): PicasaLine[] {
  let section = '';
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .flatMap((written, line) => {
      section = picasaHeading(written) ?? section;
      const split = written.indexOf('=');
      if (split < 0 || picasaHeading(written) !== undefined) return [];
      return [{ section, key: written.slice(0, split).trim(), value: written.slice(split + 1), line }];
    });
}

/** `[party.jpg]` → `party.jpg` */
export function picasaHeading(line: string): string | undefined {
  return /^\uFEFF?\[(.+)\]\s*$/.exec(line)?.[1];
}

export function isContacts(section: string): boolean {
  return /^contacts2?$/i.test(section);
}

/** `Ann;ann@example.org;` → `Ann` */
export function contactName(value: string): string {
  return value.split(';')[0]!.trim();
}

/** An entry of a list of faces; what is no entry that Picasa writes has its text alone. */
interface PicasaEntry {
  readonly text: string;
  readonly rectangle?: string;
  readonly contact?: string;
}

export function picasaEntries(value: string): PicasaEntry[] {
  return value
    .split(';')
    .filter((text) => text.trim() !== '')
    .map((text) => {
      const [, rectangle, contact] =
        /^\s*rect64\(([0-9a-f]{1,16})\)\s*,\s*([0-9a-f]{1,16})\s*$/i.exec(text) ?? [];
      return rectangle === undefined ? { text } : { text, rectangle, contact: contactId(contact!) };
    });
}

function facesIn(value: string, names: ReadonlyMap<string, string>): PicasaFaces {
  const regions: StoredRegion[] = [];
  const unread: string[] = [];
  for (const { text, rectangle, contact } of picasaEntries(value)) {
    if (rectangle === undefined) {
      unread.push(`"${text.trim().slice(0, 60)}" is no face that Picasa writes`);
      continue;
    }
    const name = (contact === nobody ? undefined : names.get(contact!)) || null;
    // A name whose contact stands in Picasa's own list, which lies with the program, is unknown here.
    if (name === null && contact !== nobody)
      unread.push(`the contact ${contact} of a face has no name there`);
    try {
      const box = boxWithin(sidesIn(rectangle), called(name));
      regions.push({ name, type: 'Face', box, standard: 'picasa' });
    } catch (error) {
      unread.push((error as Error).message);
    }
  }
  return { regions, unread };
}

export function sidesIn(rectangle: string): Sides {
  const digits = rectangle.padStart(16, '0');
  const [left, top, right, bottom] = [0, 4, 8, 12].map(
    (at) => Number.parseInt(digits.slice(at, at + 4), 16) / 0xffff,
  ) as [number, number, number, number];
  return { left, top, width: right - left, height: bottom - top };
}

/** Picasa leaves out zeros in front here and there. */
export function contactId(digits: string): string {
  return digits.toLowerCase().padStart(16, '0');
}

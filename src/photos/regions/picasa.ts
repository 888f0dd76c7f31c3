/**
 * Picasa's list of a folder, `.picasa.ini`: faces as `rect64(…)` of four times 16 bits, left, top, right, bottom, and a
 * contact each. Places are those in the stored picture, as ExifTool's conversion takes them.
 */

import { boxWithin, called } from './areas.ts';
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
const nobody = 'ffffffffffffffff';

export function parsePicasa(text: string): PicasaFolder {
  const faces = new Map<string, string>();
  const names = new Map<string, string>();
  let section = '';
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)) {
    const heading = /^\[(.+)\]\s*$/.exec(line);
    if (heading) {
      section = heading[1]!;
      continue;
    }
    const split = line.indexOf('=');
    if (split < 0) continue;
    const [key, value] = [line.slice(0, split).trim(), line.slice(split + 1)];
    if (/^contacts2?$/i.test(section)) names.set(contactId(key), value.split(';')[0]!.trim());
    else if (key.toLowerCase() === 'faces') faces.set(section.toLowerCase(), value);
  }
  return {
    facesOf(name) {
      const value = faces.get(name.toLowerCase());
      return value === undefined ? undefined : facesIn(value, names);
    },
  };
}

function facesIn(value: string, names: ReadonlyMap<string, string>): PicasaFaces {
  const regions: StoredRegion[] = [];
  const unread: string[] = [];
  for (const entry of value.split(';')) {
    if (entry.trim() === '') continue;
    const [, rectangle, contact] =
      /^\s*rect64\(([0-9a-f]{1,16})\)\s*,\s*([0-9a-f]{1,16})\s*$/i.exec(entry) ?? [];
    if (rectangle === undefined) {
      unread.push(`"${entry.trim().slice(0, 60)}" is no face that Picasa writes`);
      continue;
    }
    const id = contactId(contact!);
    const name = (id === nobody ? undefined : names.get(id)) || null;
    // A name whose contact stands in Picasa's own list, which lies with the program, is unknown here.
    if (name === null && id !== nobody) unread.push(`the contact ${id} of a face has no name there`);
    try {
      const digits = rectangle.padStart(16, '0');
      const [left, top, right, bottom] = [0, 4, 8, 12].map(
        (at) => Number.parseInt(digits.slice(at, at + 4), 16) / 0xffff,
      ) as [number, number, number, number];
      const box = boxWithin({ left, top, width: right - left, height: bottom - top }, called(name));
      regions.push({ name, type: 'Face', box, standard: 'picasa' });
    } catch (error) {
      unread.push((error as Error).message);
    }
  }
  return { regions, unread };
}

/** Picasa leaves out zeros in front here and there. */
function contactId(digits: string): string {
  return digits.toLowerCase().padStart(16, '0');
}

/** Image regions of the IPTC Photo Metadata Standard 2019.1 and later: `Iptc4xmpExt:ImageRegion`. */

import { boxWithin, called, type Sides } from './areas.ts';
import type { StoredPicture, StoredRegion } from './region.ts';
import type { XmpPacket, XmpValue } from './xmp.ts';
import { fieldOf, itemsOf, numberOf, propertyOf, textOf, textsOf } from './xmp-values.ts';

export const iptcExtension = 'http://iptc.org/std/Iptc4xmpExt/2008-02-29/';

/** @returns undefined if the packet does not speak of such regions */
export function readIptc(
  packet: XmpPacket,
  picture: StoredPicture,
  unread: (reason: string) => void,
): StoredRegion[] | undefined {
  const property = propertyOf(packet, iptcExtension, 'ImageRegion');
  if (property === undefined) return undefined;
  const regions: StoredRegion[] = [];
  for (const item of itemsOf(property.value)) {
    const people = [
      ...textsOf(fieldOf(item, 'PersonInImage')),
      ...itemsOf(fieldOf(item, 'PersonInImageWDetails')).flatMap(
        (person) => textOf(fieldOf(person, 'PersonName')) ?? [],
      ),
    ];
    const name = people.length === 1 ? people[0]! : (textOf(fieldOf(item, 'Name')) ?? null);
    try {
      const boundary = fieldOf(item, 'RegionBoundary');
      if (boundary === undefined) throw new Error(`${called(name)} has no boundary`);
      const box = boxWithin(sidesOf(boundary, picture), called(name));
      regions.push({ name, type: typeOf(item, people.length > 0), box, standard: 'iptc' });
    } catch (error) {
      unread((error as Error).message);
    }
  }
  return regions;
}

/** The kinds of IPTC's vocabulary: a region about a person may show all of them, or the face alone. */
function typeOf(item: XmpValue, hasPerson: boolean): string | null {
  const kinds = itemsOf(fieldOf(item, 'RCtype')).concat(itemsOf(fieldOf(item, 'rCtype')));
  const words = kinds.flatMap((kind) => [
    ...textsOf(fieldOf(kind, 'Name')),
    ...textsOf(fieldOf(kind, 'Identifier')),
    ...textsOf(fieldOf(kind, 'identifier')),
    ...(kind.kind === 'text' ? [kind.text] : []),
  ]);
  const last = words.map((word) => word.split(/[/#]/).at(-1)!.trim());
  if (last.some((word) => /^(human )?face$/i.test(word))) return 'Face';
  if (hasPerson || last.some((word) => /^(human|person|people)$/i.test(word))) return 'Person';
  return last[0] ?? null;
}

function sidesOf(boundary: XmpValue, picture: StoredPicture): Sides {
  const shape = textOf(fieldOf(boundary, 'rbShape'))?.toLowerCase();
  const isPixels = textOf(fieldOf(boundary, 'rbUnit'))?.toLowerCase() === 'pixel';
  const of = isPixels ? picture : { width: 1, height: 1 };
  const field = (value: XmpValue, name: string): number => numberOf(fieldOf(value, name));
  const [x, y] = [field(boundary, 'rbX') / of.width, field(boundary, 'rbY') / of.height];
  if (shape === 'circle') {
    // "A fraction of the image width" in the standard's words.
    const radius = field(boundary, 'rbRx') / of.width;
    const down = (radius * picture.width) / picture.height;
    return { left: x - radius, top: y - down, width: radius * 2, height: down * 2 };
  }
  if (shape === 'polygon') {
    const corners = itemsOf(fieldOf(boundary, 'rbVertices'));
    const xs = corners.map((corner) => field(corner, 'rbX') / of.width);
    const ys = corners.map((corner) => field(corner, 'rbY') / of.height);
    const [left, top] = [Math.min(...xs), Math.min(...ys)];
    return { left, top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
  }
  return {
    left: x,
    top: y,
    width: field(boundary, 'rbW') / of.width,
    height: field(boundary, 'rbH') / of.height,
  };
}

/** Regions of Microsoft's photo programs: "People Tagging Overview" of the Windows Imaging Component. */

import { boxWithin, called } from './areas.ts';
import type { StoredRegion } from './region.ts';
import type { XmpPacket } from './xmp.ts';
import { fieldOf, itemsOf, numberIn, propertyOf, textOf } from './xmp-values.ts';

const microsoftPhoto = 'http://ns.microsoft.com/photo/1.2/';

/** @returns undefined if the packet does not speak of such regions */
export function readMicrosoft(
  packet: XmpPacket,
  unread: (reason: string) => void,
): { readonly regions: StoredRegion[]; readonly names: string[] } | undefined {
  const property = propertyOf(packet, microsoftPhoto, 'RegionInfo');
  if (property === undefined) return undefined;
  const regions: StoredRegion[] = [];
  const names: string[] = [];
  for (const item of itemsOf(fieldOf(property.value, 'Regions'))) {
    const name = textOf(fieldOf(item, 'PersonDisplayName')) ?? null;
    const rectangle = textOf(fieldOf(item, 'Rectangle'));
    // Somebody who is in the photo and whom nobody pointed at.
    if (rectangle === undefined) {
      if (name !== null) names.push(name);
      continue;
    }
    try {
      const box = boxWithin(sidesIn(rectangle), called(name));
      regions.push({ name, type: 'Face', box, standard: 'microsoft' });
    } catch (error) {
      unread((error as Error).message);
    }
  }
  return { regions, names };
}

/** `0.1, 0.2, 0.3, 0.4`: left, top, width, height. `0,1, 0,2, 0,3, 0,4` if commas are points. */
function sidesIn(rectangle: string): Parameters<typeof boxWithin>[0] {
  const plain = rectangle.split(',');
  const parts = plain.length === 4 ? plain : rectangle.split(/[,;]\s+|;/);
  const [left, top, width, height] = parts.map(numberIn) as [number, number, number, number];
  const whole = parts.length === 4;
  return { left: whole ? left : Number.NaN, top, width, height };
}

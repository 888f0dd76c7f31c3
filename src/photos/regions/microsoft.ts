/** Regions of Microsoft's photo programs: "People Tagging Overview" of the Windows Imaging Component. */

import { boxWithin, called } from './areas.ts';
import type { RegionItem, StoredRegion } from './region.ts';
import type { XmpPacket } from './xmp.ts';
import { fieldOf, numberIn, placedItemsOf, propertyOf, textOf } from './xmp-values.ts';

export const microsoftPhoto = 'http://ns.microsoft.com/photo/1.2/';
export const microsoftNames = 'http://ns.microsoft.com/photo/1.2/t/Region#';

/** @returns undefined if the packet does not speak of such regions */
export function readMicrosoft(
  packet: XmpPacket,
  unread: (reason: string) => void,
): { readonly regions: StoredRegion[]; readonly names: string[] } | undefined {
  const items = microsoftItems(packet);
  for (const { reason } of items ?? []) if (reason !== undefined) unread(reason);
  return (
    items && {
      regions: items.flatMap(({ region }) => region ?? []),
      names: items.flatMap(({ name }) => name ?? []),
    }
  );
}

/** The same, item by item. */
export function microsoftItems(packet: XmpPacket): RegionItem[] | undefined {
  const property = propertyOf(packet, microsoftPhoto, 'RegionInfo');
  if (property === undefined) return undefined;
  return placedItemsOf(fieldOf(property.value, 'Regions')).map(({ value, item }) => {
    const name = textOf(fieldOf(value, 'PersonDisplayName')) ?? null;
    const rectangle = textOf(fieldOf(value, 'Rectangle'));
    // Somebody who is in the photo and whom nobody pointed at.
    if (rectangle === undefined) return name === null ? {} : { name };
    try {
      const box = boxWithin(sidesIn(rectangle), called(name));
      return { ...(item && { item }), region: { name, type: 'Face', box, standard: 'microsoft' } };
    } catch (error) {
      return { reason: (error as Error).message };
    }
  });
}

/** `0.1, 0.2, 0.3, 0.4`: left, top, width, height. `0,1, 0,2, 0,3, 0,4` if commas are points. */
function sidesIn(rectangle: string): Parameters<typeof boxWithin>[0] {
  const plain = rectangle.split(',');
  const parts = plain.length === 4 ? plain : rectangle.split(/[,;]\s+|;/);
  const [left, top, width, height] = parts.map(numberIn) as [number, number, number, number];
  const whole = parts.length === 4;
  return { left: whole ? left : Number.NaN, top, width, height };
}

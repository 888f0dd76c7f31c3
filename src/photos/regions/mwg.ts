/** Regions of the Metadata Working Group: "Guidelines for Handling Image Metadata", version 2.0 (2010), chapter 5. */

import type { Size } from '../../core/geometry.ts';
import { boxWithin, called, type Sides } from './areas.ts';
import type { RegionItem, StoredPicture, StoredRegion } from './region.ts';
import type { XmpPacket, XmpValue } from './xmp.ts';
import { fieldOf, numberOf, placedItemsOf, propertyOf, textOf } from './xmp-values.ts';

export const mwgRegions = 'http://www.metadataworkinggroup.com/schemas/regions/';

/** @returns undefined if the packet does not speak of such regions */
export function readMwg(
  packet: XmpPacket,
  picture: StoredPicture,
  unread: (reason: string) => void,
): StoredRegion[] | undefined {
  const items = mwgItems(packet, picture);
  for (const { reason } of items ?? []) if (reason !== undefined) unread(reason);
  return items?.flatMap(({ region }) => region ?? []);
}

/** The same, item by item. */
export function mwgItems(packet: XmpPacket, picture: StoredPicture): RegionItem[] | undefined {
  const property = propertyOf(packet, mwgRegions, 'Regions');
  if (property === undefined) return undefined;
  const dimensions = fieldOf(property.value, 'AppliedToDimensions');
  return placedItemsOf(fieldOf(property.value, 'RegionList')).map(({ value, item }) => {
    try {
      return { ...(item && { item }), region: regionOf(value, picture, dimensions) };
    } catch (error) {
      return { reason: (error as Error).message };
    }
  });
}

function regionOf(item: XmpValue, picture: StoredPicture, dimensions: XmpValue | undefined): StoredRegion {
  const name = textOf(fieldOf(item, 'Name')) ?? null;
  const type = textOf(fieldOf(item, 'Type')) ?? null;
  const area = fieldOf(item, 'Area');
  if (area === undefined) throw new Error(`${called(name)} has no area`);
  return { name, type, box: boxWithin(sidesOf(area, picture, dimensions), called(name)), standard: 'mwg' };
}

/** The place is that of its middle. */
function sidesOf(area: XmpValue, picture: StoredPicture, dimensions: XmpValue | undefined): Sides {
  const [x, y, w, h, d] = ['x', 'y', 'w', 'h', 'd'].map((field) => numberOf(fieldOf(area, field))) as Five;
  const inPixels = textOf(fieldOf(area, 'unit'))?.toLowerCase().startsWith('pixel') ?? false;
  const of = inPixels ? dimensionsOf(dimensions, picture) : { width: 1, height: 1 };
  const { width, height } =
    Number.isNaN(w) && Number.isNaN(h) ? circle() : { width: w / of.width, height: h / of.height };
  return { left: x / of.width - width / 2, top: y / of.height - height / 2, width, height };

  /** A diameter counts in the shorter side. */
  function circle(): Size {
    const { width: across, height: down } = inPixels ? of : picture;
    const pixels = inPixels ? d : d * Math.min(across, down);
    return { width: pixels / across, height: pixels / down };
  }
}

type Five = [number, number, number, number, number];

/** The size that the regions were drawn in, which a smaller copy of the photo still has. */
function dimensionsOf(dimensions: XmpValue | undefined, picture: StoredPicture): Size {
  const [width, height] = ['w', 'h'].map((field) => numberOf(fieldOf(dimensions, field))) as [number, number];
  if (!(width > 0 && height > 0)) return picture;
  // Some programs write the size of the upright photo beside places in the stored one.
  const isTurned = width > height !== picture.width > picture.height;
  return isTurned ? { width: height, height: width } : { width, height };
}

/** How a HEIF file turns its photo: the boxes `irot` and `imir` of the primary picture (ISO/IEC 23008-12, 6.5.10 and 6.5.12). */

import { type HeifBox, heifBoxes, heifBoxIn } from './heif.ts';

/** As an EXIF orientation, 1 to 8; 1 if there are none. EXIF is for information only in such a file. */
export function heifOrientation(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const meta = heifBoxes(bytes, 0, bytes.length).find(({ type }) => type === 'meta');
  const properties = heifBoxIn(bytes, meta, 'iprp', 4);
  const container = heifBoxIn(bytes, properties, 'ipco');
  const links = heifBoxIn(bytes, properties, 'ipma');
  const primary = heifBoxIn(bytes, meta, 'pitm', 4);
  if (container === undefined || links === undefined || primary === undefined) return 1;
  const all = heifBoxes(bytes, container.from, Math.min(container.to, bytes.length));
  try {
    const item =
      view.getUint8(primary.from) === 0 ? view.getUint16(primary.from + 4) : view.getUint32(primary.from + 4);
    let orientation = 1;
    for (const index of propertiesOf(view, links, item)) {
      const box = all[index - 1];
      if (box?.type === 'irot') orientation = after(orientation, quarters[view.getUint8(box.from) & 3]!);
      // Axis 1 mirrors left and right, as EXIF's 2 does; 0 mirrors top and bottom.
      if (box?.type === 'imir') orientation = after(orientation, (view.getUint8(box.from) & 1) === 1 ? 2 : 4);
    }
    return orientation;
  } catch {
    // A link that leads out of the file.
    return 1;
  }
}

/** Quarters against the clock, as EXIF writes them. */
const quarters = [1, 8, 3, 6] as const;

/** From 1, of the item. */
function propertiesOf(view: DataView, { from, to }: HeifBox, item: number): number[] {
  const version = view.getUint8(from);
  const long = (view.getUint8(from + 3) & 1) === 1;
  let at = from + 8;
  for (let left = view.getUint32(from + 4); left > 0 && at < to; left--) {
    const id = version < 1 ? view.getUint16(at) : view.getUint32(at);
    at += version < 1 ? 2 : 4;
    const count = view.getUint8(at++);
    const places = Array.from({ length: count }, (_, i) => at + i * (long ? 2 : 1));
    if (id === item)
      return places.map((place) => (long ? view.getUint16(place) & 0x7fff : view.getUint8(place) & 0x7f));
    at += count * (long ? 2 : 1);
  }
  return [];
}

/** The place that a corner of the picture goes to: [x, y] → [x', y'], each 0 or 1. */
const turns: Readonly<Record<number, (x: number, y: number) => readonly [number, number]>> = {
  1: (x, y) => [x, y],
  2: (x, y) => [1 - x, y],
  3: (x, y) => [1 - x, 1 - y],
  4: (x, y) => [x, 1 - y],
  5: (x, y) => [y, x],
  6: (x, y) => [1 - y, x],
  7: (x, y) => [1 - y, 1 - x],
  8: (x, y) => [y, 1 - x],
};

/** The one orientation that does what two do after each other. */
function after(first: number, second: number): number {
  const both = (x: number, y: number): string => turns[second]!(...turns[first]!(x, y)).join();
  const same = (o: string): boolean =>
    both(0, 0) === turns[Number(o)]!(0, 0).join() && both(1, 0) === turns[Number(o)]!(1, 0).join();
  return Number(Object.keys(turns).find(same)!);
}

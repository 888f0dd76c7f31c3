/** The first directory of a TIFF (TIFF 6.0). */

export interface TiffDirectory {
  /** The meaning of the values: 2 is red, green and blue, 8 is CIE L*a*b*. */
  readonly photometric: number;
  /** The offset of that in the file, as 16 bits. */
  readonly photometricAt: number;
  readonly bits: number;
  readonly samples: number;
  /** Rows that are decoded at once. */
  readonly rows: number;
  readonly littleEndian: boolean;
}

/** @returns undefined if there is none, in a BigTIFF too */
export function readTiff(bytes: Uint8Array): TiffDirectory | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const littleEndian = bytes[0] === 0x49;
  if (bytes.length < 8 || view.getUint16(2, littleEndian) !== 42) return undefined;
  const at = view.getUint32(4, littleEndian);
  if (at + 2 > bytes.length) return undefined;
  const count = view.getUint16(at, littleEndian);
  const places = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    const entry = at + 2 + i * 12;
    if (entry + 12 > bytes.length) return undefined;
    places.set(view.getUint16(entry, littleEndian), entry);
  }
  /** The first of an entry's values. */
  const value = (tag: number, otherwise: number): number => {
    const entry = places.get(tag);
    if (entry === undefined) return otherwise;
    const short = view.getUint16(entry + 2, littleEndian) === 3;
    const fits = view.getUint32(entry + 4, littleEndian) <= (short ? 2 : 1);
    const place = fits ? entry + 8 : view.getUint32(entry + 8, littleEndian);
    if (place + (short ? 2 : 4) > bytes.length) return otherwise;
    return short ? view.getUint16(place, littleEndian) : view.getUint32(place, littleEndian);
  };
  return {
    photometric: value(262, -1),
    photometricAt: (places.get(262) ?? 0) + 8,
    bits: value(258, 1),
    samples: value(277, 1),
    // The rows of a tile, or of a strip; one strip for all if the file has neither.
    rows: value(323, value(278, 0xffffffff)),
    littleEndian,
  };
}

/** Whether there is more than colours and one alpha: spot colours, selections. */
export function hasExtraChannels({ photometric, samples }: TiffDirectory): boolean {
  const colours = photometric === 5 ? 4 : photometric <= 1 ? 1 : 3;
  return samples > colours + 1;
}

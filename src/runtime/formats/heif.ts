/** HEIF, the container of HEIC and AVIF (ISO/IEC 23008-12): what its boxes say of sizes and codecs, before anything is decoded. */

export interface HeifHeader {
  /** HEVC, which sharp's library cannot decode, or anything else. */
  readonly hevc: boolean;
  /** The size of the largest picture in the file, which is the photo in a file as it should be. */
  readonly width: number;
  readonly height: number;
  /** The bits of a channel. */
  readonly bits: number;
  /** Transparency, a depth map or the like. */
  readonly auxiliary: boolean;
}

export interface HeifBox {
  readonly type: string;
  /** The offsets where its content begins, and where it ends or would end. */
  readonly from: number;
  readonly to: number;
}

/** Whether the file type box names a still picture; videos have one too. */
export function heifBrands(bytes: Uint8Array): boolean {
  const [first] = heifBoxes(bytes, 0, bytes.length);
  if (first?.type !== 'ftyp') return false;
  const names = latin1(bytes, first.from, Math.min(first.to, first.from + 256));
  const compatible = names.slice(0, 4) + names.slice(8);
  return /^(.{4})*?(mif1|mif2|msf1|hei[cxms]|hev[cxms]|avif|avis)/s.test(compatible);
}

/** @returns undefined if the boxes cannot be followed */
export function readHeif(bytes: Uint8Array): HeifHeader | undefined {
  const meta = heifBoxes(bytes, 0, bytes.length).find(({ type }) => type === 'meta');
  // A "full" box begins with its version and flags.
  const properties = heifBoxIn(bytes, heifBoxIn(bytes, meta, 'iprp', 4), 'ipco');
  if (properties === undefined) return undefined;
  const all = heifBoxes(bytes, properties.from, Math.min(properties.to, bytes.length));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sizes = all
    .filter(({ type, from, to }) => type === 'ispe' && to - from >= 12 && to <= bytes.length)
    .map(({ from }) => ({ width: view.getUint32(from + 4), height: view.getUint32(from + 8) }));
  if (sizes.length === 0) return undefined;
  // ISO/IEC 14496-15: how many bits more than 8 the brightness has.
  const depths = all
    .filter(({ type, from }) => type === 'hvcC' && from + 17 < bytes.length)
    .map(({ from }) => 8 + (bytes[from + 17]! & 7));
  const has = (name: string): boolean => all.some(({ type }) => type === name);
  return {
    ...sizes.reduce((a, b) => (b.width * b.height > a.width * a.height ? b : a)),
    hevc: has('hvcC') && !has('av1C'),
    bits: Math.max(8, ...depths),
    auxiliary: has('auxC'),
  };
}

/** How many bytes the file's boxes say it has. */
export function heifLength(bytes: Uint8Array): number {
  return heifBoxes(bytes, 0, bytes.length).at(-1)?.to ?? bytes.length;
}

/** The first box of a type inside another. @param skip bytes before its boxes: 4 in a "full" box, or more */
export function heifBoxIn(
  bytes: Uint8Array,
  outer: HeifBox | undefined,
  type: string,
  skip = 0,
): HeifBox | undefined {
  if (outer === undefined) return undefined;
  const inside = heifBoxes(bytes, outer.from + skip, Math.min(outer.to, bytes.length));
  return inside.find((box) => box.type === type);
}

/** More than any camera writes; a file of nothing but empty boxes would fill the memory. */
const mostBoxes = 10_000;

/** The boxes that begin between two places, until one makes no sense. */
export function heifBoxes(bytes: Uint8Array, from: number, to: number): HeifBox[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const boxes: HeifBox[] = [];
  for (let at = from; at + 8 <= to && boxes.length < mostBoxes; ) {
    const short = view.getUint32(at);
    const long = short === 1 && at + 16 <= to;
    const size = long ? Number(view.getBigUint64(at + 8)) : short === 0 ? to - at : short;
    if (size < (long ? 16 : 8)) break;
    boxes.push({ type: latin1(bytes, at + 4, at + 8), from: at + (long ? 16 : 8), to: at + size });
    at += size;
  }
  return boxes;
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', from, to);
}

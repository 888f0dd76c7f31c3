/** The segments of a JPEG (ITU-T T.81, annex B). */

interface Segment {
  readonly marker: number;
  /** The offsets of its marker's first byte, and behind its content. */
  readonly from: number;
  readonly to: number;
}

const [startOfScan, endOfImage] = [0xda, 0xd9];
/** Application segments and comments: metadata, and thumbnails that decoders complain about. */
const isMetadata = (marker: number): boolean => (marker >= 0xe0 && marker <= 0xef) || marker === 0xfe;
/** Adobe's, which tells the colour space by its last byte: 0, 1 or 2. */
const adobe = 0xee;

/**
 * Bytes of coefficients that a decoder holds for each pixel: 0 where it decodes row by row, as it does unless the photo is
 * progressive or its colours lie in scans of their own.
 *
 * @returns undefined if there is no scan
 */
export function heldPerPixel(bytes: Uint8Array): number | undefined {
  const segments = jpegHeader(bytes);
  const scan = segments.find(({ marker }) => marker === startOfScan);
  const frame = segments.find(({ marker }) => isFrame(marker));
  if (scan === undefined || frame === undefined) return undefined;
  const components = bytes[frame.from + 9] ?? 1;
  const held = isProgressive(frame.marker) || (bytes[scan.from + 4] ?? 0) < components;
  return held ? 2 * samplesPerPixel(bytes, frame.from, components) : 0;
}

/** The pixels that a decoder makes of a photo, where that needs none of its metadata. */
export interface PlainJpeg {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

/** Baseline or progressive, by Huffman's code: what every decoder knows. */
const plainFrames: ReadonlySet<number> = new Set([0xc0, 0xc1, 0xc2]);

/** @returns undefined unless the photo is grey or red, green and blue, of 8 bits, and has no EXIF, which may turn it */
export function plainJpeg(bytes: Uint8Array): PlainJpeg | undefined {
  const segments = jpegHeader(bytes);
  const frame = segments.find(({ marker }) => isFrame(marker));
  const isWhole = segments.at(-1)?.marker === startOfScan;
  if (!isWhole || frame === undefined || !plainFrames.has(frame.marker)) return undefined;
  if (segments.some(({ marker, from }) => marker === app1 && isExif(bytes, from))) return undefined;
  const at = frame.from;
  const [bits, channels] = [bytes[at + 4], bytes[at + 9]];
  const [height, width] = [at + 5, at + 7].map((place) => (bytes[place]! << 8) + bytes[place + 1]!);
  if (bits !== 8 || !height || !width || (channels !== 1 && channels !== 3)) return undefined;
  return { width, height, channels };
}

const app1 = 0xe1;

function isExif(bytes: Uint8Array, segment: number): boolean {
  return [0x45, 0x78, 0x69, 0x66].every((letter, i) => bytes[segment + 4 + i] === letter);
}

const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
/** Holds for Huffman and for arithmetic coding. */
const isProgressive = (marker: number): boolean => (marker & 3) === 2;

/** Values of all components for each pixel: 1.5 where colours are kept at half the width and height. */
function samplesPerPixel(bytes: Uint8Array, frame: number, components: number): number {
  const areas = Array.from({ length: components }, (_, i) => {
    const sampling = bytes[frame + 11 + i * 3] ?? 0x11;
    return (sampling >> 4) * (sampling & 15);
  });
  const largest = Math.max(...areas);
  return largest === 0 ? components : areas.reduce((sum, area) => sum + area / largest, 0);
}

/** Without metadata, and with the mark of the end that may be missing: what decoders say of it is about the picture. */
export function pictureAlone(bytes: Uint8Array): Uint8Array {
  const segments = jpegHeader(bytes);
  const scan = segments.find(({ marker }) => marker === startOfScan);
  if (scan === undefined) return bytes;
  const kept = segments.filter(({ marker, to }) =>
    marker === adobe ? (bytes[to - 1] ?? 3) <= 2 : marker !== startOfScan && !isMetadata(marker),
  );
  return Buffer.concat([
    bytes.subarray(0, 2),
    ...kept.map(({ from, to }) => bytes.subarray(from, to)),
    bytes.subarray(scan.from),
    Uint8Array.of(0xff, endOfImage),
  ]);
}

/** The segments up to the first scan, that one included. */
export function jpegHeader(bytes: Uint8Array): Segment[] {
  const segments: Segment[] = [];
  let at = 2;
  while (at + 4 <= bytes.length) {
    const marker = bytes[at + 1]!;
    // Any number of 0xff may stand before a marker; anything else between segments is passed over.
    if (bytes[at] !== 0xff || marker === 0xff || marker === 0) at++;
    else if (marker === endOfImage) break;
    else {
      const to = at + 2 + (bytes[at + 2]! << 8) + bytes[at + 3]!;
      if (to < at + 4) break;
      segments.push({ marker, from: at, to });
      if (marker === startOfScan) break;
      at = to;
    }
  }
  return segments;
}

/** Whether the mark of the end follows the first scan; photos inside the metadata have one too. */
export function hasEnd(bytes: Uint8Array): boolean {
  const scan = jpegHeader(bytes).find(({ marker }) => marker === startOfScan);
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return scan !== undefined && data.includes('ffd9', scan.to, 'hex');
}

/** Whether a second scan begins, so that the first one is whole; in a progressive photo it shows all of the picture. */
export function hasWholeScan(bytes: Uint8Array): boolean {
  const first = jpegHeader(bytes).find(({ marker }) => marker === startOfScan);
  if (first === undefined) return false;
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = data.indexOf(0xff, first.to); at >= 0; at = data.indexOf(0xff, at + 1)) {
    if (data[at + 1] === startOfScan) return true;
    if (data[at + 1] === endOfImage) return false;
  }
  return false;
}

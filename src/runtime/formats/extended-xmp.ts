/** The part of a JPEG's XMP that did not fit into its 64 kB (XMP specification, part 3, 1.1.3.1). */

import { jpegHeader } from './jpeg.ts';

const application1 = 0xe1;
const label = Buffer.from('http://ns.adobe.com/xmp/extension/\0', 'latin1');

/** The label, the name of the rest (32 digits), its whole length and the place of the part (4 bytes each). */
const headLength = label.length + 40;

/** Larger ones hold pictures, such as maps of depth; they are cut off, and what is cut off cannot be read. */
const mostBytes = 64 * 2 ** 20;

/** Whether a packet says that there is more. @returns the name of the rest */
export function extensionOf(xmp: Uint8Array): string | undefined {
  const text = Buffer.from(xmp.buffer, xmp.byteOffset, xmp.byteLength).toString('latin1');
  return /HasExtendedXMP\s*(?:=\s*["']|>)\s*([0-9A-Fa-f]{32})/.exec(text)?.[1];
}

/** @returns the rest put together from its segments; what is missing of it is missing there */
export function extendedXmp(jpeg: Uint8Array, guid: string): Uint8Array | undefined {
  const file = Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
  const bodies = jpegHeader(jpeg)
    .filter(({ marker }) => marker === application1)
    .map(({ from, to }) => file.subarray(from + 4, to));
  const parts = bodies
    .filter((body) => body.length > headLength && guidOf(body)?.toUpperCase() === guid.toUpperCase())
    .map((body) => ({ at: body.readUInt32BE(headLength - 4), bytes: body.subarray(headLength) }));
  const length = parts.reduce((most, part) => Math.max(most, part.at + part.bytes.length), 0);
  if (length === 0 || length > mostBytes) return undefined;
  const whole = new Uint8Array(length);
  for (const part of parts) whole.set(part.bytes, part.at);
  return whole;
}

/** @returns undefined if the segment holds something else */
function guidOf(body: Buffer): string | undefined {
  const isPart = label.equals(body.subarray(0, label.length));
  return isPart ? body.toString('latin1', label.length, label.length + 32) : undefined;
}

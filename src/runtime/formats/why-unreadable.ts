/**
 * Why a photo cannot be read, from its own bytes. The decoders' messages are no help: libvips has one buffer of them for
 * all threads of the process, which each failure appends to and clears, so a file would get another one's reason, or none.
 */

import { heifLength } from './heif.ts';
import { hasEnd } from './jpeg.ts';
import type { PhotoFormat } from './picture-format.ts';

/** Reads on from the file's name: "is cut off: the last 12 of its 300 bytes are missing". */
export function whyUnreadable(bytes: Uint8Array, format: PhotoFormat): string {
  const length = statedLength(bytes, format);
  if (length !== undefined && length > bytes.length) {
    return `is cut off: the last ${length - bytes.length} of its ${length} bytes are missing`;
  }
  return endsEarly(bytes, format)
    ? 'is damaged or cut off: its end is missing'
    : 'is damaged: its data make no sense as a picture';
}

/** The length of the file in bytes, if its format stores it. */
function statedLength(bytes: Uint8Array, format: PhotoFormat): number | undefined {
  if (bytes.length < 12) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (format === 'webp') return view.getUint32(4, true) + 8;
  if (format === 'heif') return heifLength(bytes);
  // The directory often comes last.
  if (format === 'tiff' && view.getUint8(2) + view.getUint8(3) === 42) {
    return view.getUint32(4, bytes[0] === 0x49) + 2;
  }
  return undefined;
}

/** Whether the mark of the end is missing; other bytes may follow it. */
function endsEarly(bytes: Uint8Array, format: PhotoFormat): boolean {
  if (format === 'jpeg') return !hasEnd(bytes);
  const last = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).subarray(-64);
  if (format === 'png') return !last.includes('IEND');
  return format === 'gif' && !last.includes(0x3b);
}

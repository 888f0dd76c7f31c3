/** The chunks of a PNG, each with a checksum (PNG, section 5). */

import { crc32 } from 'node:zlib';

const signature = 8;

/** The bytes before the first chunk that is damaged: a decoder notices only at the chunk's end, after many rows. */
export function untilDamaged(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = signature;
  while (at + 12 <= bytes.length) {
    const end = at + 12 + view.getUint32(at);
    // If a file was cut off, the bytes that it has of the last chunk may be right: nothing shows that they are not.
    if (end > bytes.length) return bytes;
    if (crc32(bytes.subarray(at + 4, end - 4)) !== view.getUint32(end - 4)) return bytes.subarray(0, at);
    at = end;
  }
  return bytes;
}

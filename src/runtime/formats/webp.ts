/** WebP (RFC 9649): the chunks of a RIFF file. */

/** Whether the picture, or the first one of several, is compressed without loss. */
export function isLossless(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 12; at + 8 <= bytes.length; ) {
    const type = String.fromCharCode(...bytes.subarray(at, at + 4));
    if (type === 'VP8L' || type === 'VP8 ') return type === 'VP8L';
    const length = view.getUint32(at + 4, true);
    // A frame of an animation has a header of 16 bytes and chunks of its own; chunks have an even length.
    at += type === 'ANMF' ? 24 : 8 + length + (length & 1);
  }
  return false;
}

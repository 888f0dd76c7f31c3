/** The part of a JPEG's XMP that did not fit into its 64 kB (XMP specification, part 3, 1.1.3.1). */

const label = Buffer.from('http://ns.adobe.com/xmp/extension/\0', 'latin1');

/** Larger ones hold pictures, such as maps of depth; they are cut off, and what is cut off cannot be read. */
const mostBytes = 64 * 2 ** 20;

/** Whether a packet says that there is more. @returns the name of the rest */
export function extensionOf(xmp: Uint8Array): string | undefined {
  const text = Buffer.from(xmp.buffer, xmp.byteOffset, xmp.byteLength).toString('latin1');
  return /HasExtendedXMP\s*(?:=\s*["']|>)\s*([0-9A-Fa-f]{32})/.exec(text)?.[1];
}

/** @returns the rest put together from its segments; what is missing of it is missing there */
export function extendedXmp(jpeg: Uint8Array, guid: string): Uint8Array | undefined {
  const parts: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  const view = new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
  // Segments up to the first scan: a mark, and a length that counts itself.
  for (let at = 2; at + 4 <= jpeg.length && jpeg[at] === 0xff && jpeg[at + 1] !== 0xda; ) {
    const end = at + 2 + view.getUint16(at + 2);
    const body = jpeg.subarray(at + 4, end);
    const isPart =
      jpeg[at + 1] === 0xe1 &&
      body.length > label.length + 40 &&
      label.equals(body.subarray(0, label.length));
    if (isPart) {
      const head = Buffer.from(body.buffer, body.byteOffset + label.length, 40);
      if (head.toString('latin1', 0, 32).toUpperCase() === guid.toUpperCase())
        parts.push({ at: head.readUInt32BE(36), bytes: body.subarray(label.length + 40) });
    }
    at = end;
  }
  const length = parts.reduce((most, part) => Math.max(most, part.at + part.bytes.length), 0);
  if (length === 0 || length > mostBytes) return undefined;
  const whole = new Uint8Array(length);
  for (const part of parts) whole.set(part.bytes, part.at);
  return whole;
}

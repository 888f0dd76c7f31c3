/** The kind of a file by its first bytes, whatever its name is. */

import { open, stat } from 'node:fs/promises';

/** How many bytes are enough to tell. */
const signatureBytes = 64;

interface Signature {
  readonly kind: 'photo' | 'video';
  /** Text of one byte a character; each has to be there. */
  readonly at: Readonly<Record<number, string>>;
}

const signatures: readonly Signature[] = [
  { kind: 'photo', at: { 0: '\xff\xd8\xff' } }, // JPEG
  { kind: 'photo', at: { 0: '\x89PNG\r\n\x1a\n' } },
  { kind: 'photo', at: { 0: 'GIF8' } },
  { kind: 'photo', at: { 0: 'RIFF', 8: 'WEBP' } },
  { kind: 'photo', at: { 0: 'II*\0' } }, // TIFF and most raw formats, either byte order
  { kind: 'photo', at: { 0: 'MM\0*' } },
  { kind: 'photo', at: { 0: 'II+\0' } }, // BigTIFF
  { kind: 'photo', at: { 0: 'MM\0+' } },
  { kind: 'photo', at: { 0: 'BM', 6: '\0\0\0\0' } }, // BMP: two reserved numbers
  { kind: 'photo', at: { 0: '\0\0\0\x0cjP  ' } }, // JPEG 2000
  { kind: 'photo', at: { 0: '\xff\x4f\xff\x51' } },
  { kind: 'photo', at: { 0: '\0\0\0\x0cJXL ' } }, // JPEG XL
  { kind: 'photo', at: { 0: '\xff\x0a' } },
  { kind: 'video', at: { 0: '\x1a\x45\xdf\xa3' } }, // Matroska, WebM
  { kind: 'video', at: { 0: 'RIFF', 8: 'AVI ' } },
  { kind: 'video', at: { 0: 'FLV\x01' } },
  { kind: 'video', at: { 0: '\0\0\x01\xba' } }, // MPEG program stream
  { kind: 'video', at: { 4: 'moov' } }, // QuickTime before it had a first box of its own
  { kind: 'video', at: { 4: 'mdat' } },
];

/** Brands of HEIF and AVIF (ISO/IEC 23008-12, AV1 Image File Format); the family's other brands are videos. */
const pictureBrands = /heic|heix|heim|heis|mif1|mif2|avif/;

/** `undefined`: no picture or video that has a signature here. */
export function kindOfBytes(bytes: Uint8Array): 'photo' | 'video' | undefined {
  const head = Buffer.from(bytes.subarray(0, signatureBytes)).toString('latin1');
  if (head.startsWith('ftyp', 4)) return pictureBrands.test(head.slice(8)) ? 'photo' : 'video';
  return signatures.find(({ at }) =>
    Object.entries(at).every(([offset, text]) => head.startsWith(text, Number(offset))),
  )?.kind;
}

/** The same of a file; `none` where there is no plain file with something in it that could be read. */
export async function kindOfFile(path: string): Promise<'photo' | 'video' | 'none' | undefined> {
  try {
    const info = await stat(path);
    if (!info.isFile() || info.size === 0) return 'none';
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(signatureBytes), 0, signatureBytes, 0);
      return kindOfBytes(buffer.subarray(0, bytesRead));
    } finally {
      await file.close();
    }
  } catch {
    return 'none';
  }
}

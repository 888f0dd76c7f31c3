/** JPEG files that are odd or broken, byte by byte. */

import sharp, { type Sharp } from 'sharp';
import { arithmeticJpeg, progressiveArithmeticJpeg } from '../bytes/arithmetic-jpeg.ts';
import { portrait } from '../demo-people.ts';
import type { OddFiles } from './odd-files.ts';

interface Segment {
  readonly marker: number;
  readonly from: number;
  readonly to: number;
}

const end = Buffer.of(0xff, 0xd9);

function segmentsOf(jpeg: Buffer): Segment[] {
  const segments: Segment[] = [];
  for (let at = 2; jpeg[at] === 0xff && jpeg[at + 1] !== 0xd9; ) {
    const to = at + 2 + jpeg.readUInt16BE(at + 2);
    segments.push({ marker: jpeg[at + 1]!, from: at, to });
    if (jpeg[at + 1] === 0xda) break;
    at = to;
  }
  return segments;
}

function segment(marker: number, content: Uint8Array | string): Buffer {
  const body = Buffer.from(content as string);
  const head = Buffer.of(0xff, marker, 0, 0);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

/** Behind the mark of the beginning. */
const withFirst = (jpeg: Buffer, ...first: readonly Uint8Array[]): Buffer =>
  Buffer.concat([jpeg.subarray(0, 2), ...first, jpeg.subarray(2)]);

function changed(jpeg: Buffer, at: number, bytes: readonly number[]): Buffer {
  const other = Buffer.from(jpeg);
  other.set(bytes, at);
  return other;
}

/** EXIF with these bytes as its first directory; offsets count from the byte order. */
function exif(...directory: readonly number[]): Buffer {
  const order = Buffer.from('MM\0\x2a\0\0\0\x08', 'latin1');
  return segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), order, Buffer.from(directory)]));
}

const entry = (tag: number, type: number, count: number, value: number): number[] => {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt16BE(tag, 0);
  bytes.writeUInt16BE(type, 2);
  bytes.writeUInt32BE(count, 4);
  bytes.writeUInt32BE(value, 8);
  return [...bytes];
};

/** A directory of entries, and where the next one is said to be. */
const directory = (entries: readonly number[][], next: number): number[] => [
  entries.length >> 8,
  entries.length & 255,
  ...entries.flat(),
  next >>> 24,
  (next >> 16) & 255,
  (next >> 8) & 255,
  next & 255,
];

const icc = (index: number, of: number, profile: Uint8Array): Buffer =>
  segment(0xe2, Buffer.concat([Buffer.from('ICC_PROFILE\0', 'latin1'), Buffer.of(index, of), profile]));

export async function oddJpegs(): Promise<OddFiles> {
  const small = (): Sharp => portrait('mona').resize(160, 200);
  const jpeg = await small().toBuffer();
  const progressive = await small().jpeg({ progressive: true }).toBuffer();
  const files: Record<string, Uint8Array> = { 'whole.jpg': jpeg, 'whole-progressive.jpg': progressive };
  const segments = segmentsOf(jpeg);
  const scan = segments.at(-1)!.to;
  const frame = segments.find(({ marker }) => marker === 0xc0)!;

  for (const [i, { from, to }] of segments.entries()) {
    files[`cut-before-marker-${i}.jpg`] = jpeg.subarray(0, from);
    files[`cut-in-marker-${i}.jpg`] = jpeg.subarray(0, Math.floor((from + to) / 2));
  }
  for (let share = 10; share < 100; share += 10) {
    const length = scan + Math.floor(((jpeg.length - scan) * share) / 100);
    files[`cut-at-${share}-percent.jpg`] = jpeg.subarray(0, length);
    files[`garbled-at-${share}-percent.jpg`] = changed(jpeg, length, [0x5a, 0x12, 0xff, 0x00, 0x77, 0x91]);
  }
  for (const last of [1, 2, 3]) files[`lacks-${last}-bytes.jpg`] = jpeg.subarray(0, jpeg.length - last);
  let scans = 0;
  for (
    let at = progressive.indexOf(Buffer.of(0xff, 0xda));
    at >= 0;
    at = progressive.indexOf(Buffer.of(0xff, 0xda), at + 1)
  ) {
    files[`cut-before-scan-${scans}.jpg`] = progressive.subarray(0, at);
    files[`cut-in-scan-${scans++}.jpg`] = progressive.subarray(0, at + 40);
  }

  for (const orientation of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 65_535]) {
    files[`orientation-${orientation}.jpg`] = withFirst(
      jpeg,
      exif(...directory([entry(0x112, 3, 1, orientation * 65_536)], 0)),
    );
  }
  files['exif-next-is-itself.jpg'] = withFirst(jpeg, exif(...directory([entry(0x112, 3, 1, 65_536)], 8)));
  files['exif-inner-is-itself.jpg'] = withFirst(
    jpeg,
    exif(...directory([entry(0x8769, 4, 1, 8), entry(0x8825, 4, 1, 8)], 8)),
  );
  files['exif-count-of-4-billion.jpg'] = withFirst(
    jpeg,
    exif(...directory([entry(0x10f, 2, 0xffffffff, 8)], 0)),
  );
  files['exif-outside.jpg'] = withFirst(
    jpeg,
    exif(...directory([entry(0x10f, 2, 100, 0xfffffff0)], 0xfffffff0)),
  );
  files['exif-65535-entries.jpg'] = withFirst(jpeg, exif(0xff, 0xff));
  files['exif-empty.jpg'] = withFirst(jpeg, segment(0xe1, 'Exif\0\0'));
  files['exif-thumbnail-outside.jpg'] = withFirst(
    jpeg,
    exif(
      ...directory([entry(0x112, 3, 1, 65_536)], 26),
      ...directory([entry(0x201, 4, 1, 0x7fffffff), entry(0x202, 4, 1, 0x7fffffff)], 0),
    ),
  );
  files['exif-ten-times.jpg'] = withFirst(
    jpeg,
    ...Array.from({ length: 10 }, (_, i) => exif(...directory([entry(0x112, 3, 1, (i % 8) * 65_536)], 0))),
  );

  const profile = await profileOf('p3');
  const inside = Buffer.from(profile);
  profile.copy(inside, 200, 0, Math.min(300, profile.length - 200));
  files['icc.jpg'] = withFirst(jpeg, icc(1, 1, profile));
  files['icc-inside-icc.jpg'] = withFirst(jpeg, icc(1, 1, inside));
  files['icc-cut.jpg'] = withFirst(jpeg, icc(1, 1, profile.subarray(0, 100)));
  files['icc-zeros.jpg'] = withFirst(jpeg, icc(1, 1, Buffer.alloc(500)));
  files['icc-piece-missing.jpg'] = withFirst(
    jpeg,
    icc(1, 3, profile.subarray(0, 100)),
    icc(3, 3, profile.subarray(100)),
  );
  files['icc-second-of-one.jpg'] = withFirst(jpeg, icc(2, 1, profile));
  files['icc-none-of-none.jpg'] = withFirst(jpeg, icc(0, 0, profile));
  files['icc-says-4-gigabytes.jpg'] = withFirst(
    jpeg,
    icc(1, 1, changed(profile, 0, [0xff, 0xff, 0xff, 0xff])),
  );
  files['icc-of-cmyk.jpg'] = withFirst(jpeg, icc(1, 1, changed(profile, 16, [...Buffer.from('CMYK')])));

  const names = Array.from({ length: 3000 }, (_, i) => `<rdf:li>Person ${i}</rdf:li>`).join('');
  const xmp = segment(0xe1, `http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>${names.slice(0, 65_000)}`);
  files['xmp-two-megabytes.jpg'] = withFirst(jpeg, ...Array.from({ length: 32 }, () => xmp));
  files['comments-two-megabytes.jpg'] = withFirst(
    jpeg,
    ...Array.from({ length: 32 }, () => segment(0xfe, Buffer.alloc(65_000, 'name '))),
  );

  for (const [name, marker] of Object.entries({
    'sequential-12-bit': 0xc1,
    lossless: 0xc3,
    hierarchical: 0xc5,
    'called-arithmetic': 0xc9,
    'called-arithmetic-progressive': 0xca,
  })) {
    files[`${name}.jpg`] = changed(jpeg, frame.from + 1, [marker]);
  }
  files['arithmetic.jpg'] = arithmeticJpeg;
  files['arithmetic-progressive.jpg'] = progressiveArithmeticJpeg;
  files['arithmetic-cut.jpg'] = arithmeticJpeg.subarray(0, -30);
  files['precision-12.jpg'] = changed(jpeg, frame.from + 4, [12]);
  files['height-0.jpg'] = changed(jpeg, frame.from + 5, [0, 0]);
  files['width-0.jpg'] = changed(jpeg, frame.from + 7, [0, 0]);
  files['65535-squared.jpg'] = changed(jpeg, frame.from + 5, [0xff, 0xff, 0xff, 0xff]);
  files['12000-squared.jpg'] = changed(jpeg, frame.from + 5, [0x2e, 0xe0, 0x2e, 0xe0]);
  files['no-components.jpg'] = changed(jpeg, frame.from + 9, [0]);
  files['sampling-0.jpg'] = changed(jpeg, frame.from + 11, [0]);
  files['sampling-4-by-1.jpg'] = changed(jpeg, frame.from + 11, [0x41]);
  files['two-frames.jpg'] = Buffer.concat([jpeg.subarray(0, frame.to), jpeg.subarray(frame.from)]);
  for (const [name, marker] of Object.entries({ 'huffman-tables': 0xc4, 'quantisation-tables': 0xdb })) {
    const kept = segments.filter((s) => s.marker !== marker).map(({ from, to }) => jpeg.subarray(from, to));
    files[`no-${name}.jpg`] = Buffer.concat([jpeg.subarray(0, 2), ...kept, jpeg.subarray(scan)]);
  }
  const table = segments.find(({ marker }) => marker === 0xc4)!;
  files['huffman-of-255.jpg'] = changed(
    jpeg,
    table.from + 5,
    Array.from({ length: 16 }, () => 255),
  );
  files['segment-of-0-bytes.jpg'] = withFirst(jpeg, Buffer.of(0xff, 0xe3, 0, 0));
  files['segment-beyond-the-end.jpg'] = withFirst(jpeg, Buffer.of(0xff, 0xe3, 0xff, 0xff));
  files['restart-every-block.jpg'] = withFirst(jpeg, segment(0xdd, Buffer.of(0, 1)));
  files['adobe-transform-9.jpg'] = withFirst(
    jpeg,
    segment(0xee, Buffer.from('Adobe\0\x64\0\0\0\0\x09', 'latin1')),
  );
  files['jfif-version-9.jpg'] = withFirst(
    jpeg,
    segment(0xe0, Buffer.from('JFIF\0\x09\x09\0\0\x01\0\x01\0\0', 'latin1')),
  );
  files['fill-bytes.jpg'] = withFirst(jpeg, Buffer.alloc(5000, 0xff));
  const lastScan = progressive.lastIndexOf(Buffer.of(0xff, 0xda));
  const again = progressive.subarray(lastScan, progressive.length - 2);
  files['2000-scans.jpg'] = Buffer.concat([
    progressive.subarray(0, -2),
    ...Array.from({ length: 2000 }, () => again),
    end,
  ]);
  files['photo-behind-photo.jpg'] = Buffer.concat([jpeg, jpeg]);
  files['archive-behind-photo.jpg'] = Buffer.concat([jpeg, Buffer.from('PK\x03\x04'), Buffer.alloc(9000, 3)]);
  files['junk-before-photo.jpg'] = Buffer.concat([Buffer.from('junk'), jpeg]);
  files['only-the-marks.jpg'] = Buffer.of(0xff, 0xd8, 0xff, 0xd9);
  files['cmyk.jpg'] = await small().toColourspace('cmyk').jpeg().toBuffer();
  files['grey.jpg'] = await small().greyscale().jpeg().toBuffer();
  files['rgb-without-subsampling.jpg'] = await small().jpeg({ chromaSubsampling: '4:4:4' }).toBuffer();
  return files;
}

async function profileOf(name: string): Promise<Buffer> {
  const tagged = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
    .withIccProfile(name)
    .jpeg()
    .toBuffer();
  return (await sharp(tagged).metadata()).icc!;
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readRegions } from '../../src/faces/regions/photo-regions.ts';
import { encode, fourColours } from '../photo-fixtures.ts';
import { description, mwgElements, packet, rdfOf } from '../photos/regions/xmp-text.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const guid = '0123456789ABCDEF0123456789ABCDEF';

/** A segment of a JPEG that holds a part of a large XMP (XMP specification, part 3, 1.1.3.1). */
function part(whole: Buffer, from: number, to: number): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(whole.length, 0);
  head.writeUInt32BE(from, 4);
  const label = Buffer.from(`http://ns.adobe.com/xmp/extension/\0${guid}`, 'latin1');
  const body = Buffer.concat([label, head, whole.subarray(from, to)]);
  const mark = Buffer.of(0xff, 0xe1, (body.length + 2) >> 8, (body.length + 2) & 255);
  return Buffer.concat([mark, body]);
}

/** Behind the packet that speaks of them, as Adobe's library writes them. */
function behindXmp(jpeg: Buffer, parts: readonly Buffer[]): Buffer {
  const at = jpeg.indexOf('http://ns.adobe.com/xap/1.0/\0', 0, 'latin1') - 4;
  const end = at + 2 + jpeg.readUInt16BE(at + 2);
  return Buffer.concat([jpeg.subarray(0, end), ...parts, jpeg.subarray(end)]);
}

test('names in the part of XMP that did not fit into one segment are found; a part that is missing is unread', async () => {
  const folder = await temporaryFolder();
  const note = `xmlns:xmpNote="http://ns.adobe.com/xmp/note/" xmpNote:HasExtendedXMP="${guid}"`;
  const jpeg = await encode(fourColours())
    .withXmp(packet(description('', note)))
    .jpeg()
    .toBuffer();
  const large = Buffer.from(
    rdfOf(
      description(
        `${mwgElements([{ name: 'Ann', x: 0.3, y: 0.3, w: 0.2, h: 0.2 }])}<!--${'x'.repeat(90_000)}-->`,
      ),
    ),
  );
  const parts = [part(large, 60_000, large.length), part(large, 0, 60_000)];
  const whole = join(folder, 'whole.jpg');
  await writeFile(whole, behindXmp(jpeg, parts));
  const filled = join(folder, 'filled.jpg');
  await writeFile(filled, behindXmp(jpeg, [Buffer.of(0xff, 0xff), ...parts]));
  const cut = join(folder, 'cut.jpg');
  await writeFile(cut, behindXmp(jpeg, parts.slice(0, 1)));
  const found: unknown[] = [];
  for await (const photo of readRegions([whole, filled, cut])) {
    if (photo.kind === 'regions') found.push([photo.regions.map(({ name }) => name), photo.unread.length]);
  }
  // Any number of 0xff may stand before a marker (ITU-T T.81, B.1.1.2): the names behind them were lost.
  expect(found).toEqual([
    [['Ann'], 0],
    [['Ann'], 0],
    [[], 1],
  ]);
});

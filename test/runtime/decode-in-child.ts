/** The program of decoding-child.ts: decodes the photos it is given, all at once; prints what came of it and what it took. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import sharp from 'sharp';
import { reasonOf } from '../../src/errors.ts';
import { decodePhoto } from '../../src/runtime/decode.ts';

/** Bytes of memory that the process has, or had at most. */
function memory(line: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync('/proc/self/status', 'utf8');
  return Number(new RegExp(`^${line}:\\s*(\\d+) kB`, 'm').exec(status)![1]) * 1024;
}

// The libraries take some memory for themselves.
const tiny = await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
  .jpeg()
  .toBuffer();
await decodePhoto(tiny, 'tiny.jpg');

const files = process.argv.slice(2).map((path) => readFileSync(path));
// The peak counts from here on (proc(5)); elsewhere nobody asks.
const counts = existsSync('/proc/self/clear_refs');
if (counts) writeFileSync('/proc/self/clear_refs', '5');
const before = counts ? memory('VmRSS') : 0;
const read = await Promise.all(
  files.map((bytes) =>
    decodePhoto(bytes, 'photo').then(
      ({ width, height }) => `${width} × ${height}`,
      (error: unknown) => reasonOf(error),
    ),
  ),
);
process.stdout.write(JSON.stringify({ read, grown: counts ? memory('VmHWM') - before : 0 }));

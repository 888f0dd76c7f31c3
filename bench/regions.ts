/**
 * Names in files: how long it takes to read them, to see that they have not changed, and to write them beside photos and,
 * if ExifTool is installed, into some of them.
 *
 *   npx tsx bench/regions.ts [PHOTOS=10000]
 */

import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRegions } from '../src/faces/regions/photo-regions.ts';
import { listFolders } from '../src/photos/folder-listings.ts';
import { namesStates } from '../src/photos/regions/names-state.ts';
import { putNames } from '../src/photos/regions/put-names.ts';
import { blankXmp } from '../src/photos/regions/xmp.ts';
import { writeFileAtomically } from '../src/runtime/atomic-file.ts';
import { openExifTool } from '../src/runtime/exiftool.ts';
import { writeXmpInto } from '../src/runtime/write-xmp-into.ts';
import { demoPhoto } from '../test/photo-fixtures.ts';
import { isQuick, places, report, seconds } from './support/results.ts';

const photos = Number(places[0] ?? (isQuick ? 200 : 10_000));
const folder = await mkdtemp(join(tmpdir(), 'whosin-bench-'));
const paths = Array.from({ length: photos }, (_, n) => join(folder, `${n}.jpg`));
const names = ['Ann', 'Bob'].map((name, n) => ({
  name,
  box: { left: 0.1 + 0.4 * n, top: 0.2, width: 0.2, height: 0.3 },
}));
const picture = { width: 1920, height: 1280, orientation: 1 };

/** Milliseconds for each photo. */
async function timed(work: () => Promise<unknown>, among: number = photos): Promise<number> {
  return (1000 * (await seconds(work))) / among;
}

async function readAll(): Promise<void> {
  for await (const photo of readRegions(paths)) if (photo.kind === 'failure') throw photo.error;
}

const files: { readonly name: string; readonly state: string | null }[] = [];
// Later than any file: its state is trusted.
const now = Date.now() + 3_600_000;
try {
  for (const path of paths) await copyFile(demoPhoto(1), path);
  const list = await timed(async () => {
    for await (const listing of listFolders([folder], { now })) files.push(...listing.files);
  });
  const read = await timed(readAll);
  const write = await timed(async () => {
    for (const path of paths) {
      const { bytes } = putNames(blankXmp(), names, { picture, mayChange: () => true });
      await writeFileAtomically(`${path}.xmp`, bytes);
    }
  });
  const readBeside = await timed(readAll);
  const unchanged = await timed(() => namesStates(folder, files, now));
  const some = paths.slice(0, 50);
  const tool = await openExifTool().catch(() => undefined);
  const into =
    tool &&
    (await timed(async () => {
      for (const path of some) {
        const { bytes } = putNames(blankXmp(), names, { picture, mayChange: () => true });
        await writeXmpInto(path, bytes, tool, { keepTimes: false, onWritten: async () => {} });
      }
    }, some.length));
  const each = (milliseconds: number): string => milliseconds.toFixed(3);
  await report('regions', {
    title: `Names in ${photos} files, milliseconds a photo`,
    rows: [
      { work: 'to list the photos', milliseconds: each(list) },
      { work: 'to see that no name has changed', milliseconds: each(unchanged) },
      { work: 'to read names in photos', milliseconds: each(read) },
      { work: 'to read names in photos and sidecars', milliseconds: each(readBeside) },
      { work: 'to write a sidecar with two names', milliseconds: each(write) },
      ...(into === undefined
        ? []
        : [{ work: 'to write two names into a photo, by ExifTool', milliseconds: each(into) }]),
    ],
  });
} finally {
  await rm(folder, { recursive: true });
}

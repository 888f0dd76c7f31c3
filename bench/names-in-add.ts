/**
 * The share that reading names has in `album add`: processor time of adding photos, each with a sidecar of two names, beside the
 * same without that. Photos are copies of one of six people, each with a content of its own; the networks look at all of them.
 * Then the sidecars get another time, so that names alone are read again; what remains is the look at an unchanged folder.
 *
 *   npx tsx bench/names-in-add.ts [PHOTOS=1000]
 */

import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAlbum } from '../src/album/open-album.ts';
import { readConfig } from '../src/config.ts';
import { putNames } from '../src/photos/regions/put-names.ts';
import { blankXmp } from '../src/photos/regions/xmp.ts';
import { demoPhoto } from '../test/photo-fixtures.ts';
import { withComment } from './support/made-copies.ts';
import { isQuick, places, report } from './support/results.ts';

const photos = Number(places[0] ?? (isQuick ? 20 : 1000));
const root = await mkdtemp(join(tmpdir(), 'whosin-bench-'));
const folder = await mkdtemp(join(root, 'photos-'));
const album = await openAlbum(join(root, 'album.db'), {
  config: { ...readConfig(), home: join(root, 'home') },
  // Later than any file: its state is trusted.
  now: () => Date.now() + 24 * 3_600_000,
});

/** Seconds of the processor, over all threads. */
async function processorTime(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

async function writePhoto(path: string, text: string): Promise<void> {
  await writeFile(path, withComment(await readFile(demoPhoto(1)), text));
}

try {
  // The first photo opens the networks, and compiles them.
  const first = join(root, 'first.jpg');
  await writePhoto(first, 'first');
  await album.add([first]);
  const sidecars: string[] = [];
  const names = ['Ann', 'Bob'].map((name, n) => ({
    name,
    box: { left: 0.1 + 0.4 * n, top: 0.2, width: 0.2, height: 0.3 },
  }));
  const picture = { width: 1920, height: 1280, orientation: 1 };
  const { bytes } = putNames(blankXmp(), names, { picture, mayChange: () => true });
  for (let n = 0; n < photos; n++) {
    const path = join(folder, `${n}.jpg`);
    await writePhoto(path, String(n));
    sidecars.push(`${path}.xmp`);
    await writeFile(`${path}.xmp`, bytes);
  }
  const whole = await processorTime(() => album.add([folder]));
  const unchanged = await processorTime(() => album.add([folder]));
  const then = new Date(Date.now() - 3_600_000);
  for (const sidecar of sidecars) await utimes(sidecar, then, then);
  const again = await processorTime(() => album.add([folder]));
  const reading = again - unchanged;
  const each = (seconds: number): string => ((1000 * seconds) / photos).toFixed(2);
  await report('names-in-add', {
    title: `Processor time of album add, ${photos} photos with sidecars, milliseconds a photo`,
    rows: [
      { work: 'album add, names read', milliseconds: each(whole) },
      { work: 'to read the names alone', milliseconds: each(reading) },
      { work: 'to look again at the unchanged folder', milliseconds: each(unchanged) },
    ],
    notes: [`With names album add takes ${(whole / (whole - reading)).toFixed(3)} × the processor time.`],
  });
} finally {
  await album.close();
  await rm(root, { recursive: true });
}

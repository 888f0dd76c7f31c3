/**
 * The share that names have in `album add`: processor time of adding photos that have a sidecar with a name each, beside the
 * same photos without. Photos are copies of six people, each with a content of its own.
 *
 *   npx tsx bench/names-in-add.ts [PHOTOS=10000] [SAMPLE=150]
 *
 * A bare scan takes the networks a quarter of an hour: they look at SAMPLE photos, and that is what a photo takes. All others
 * find their faces in the cache, so that names are all that differs. In the end the sidecars get another time, so that they
 * are read again, and nothing new is said.
 */

import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Album, openAlbum } from '../src/album/open-album.ts';
import { readConfig } from '../src/config.ts';
import { type Box, toRatio } from '../src/core/geometry.ts';
import { encodePhotoFaces } from '../src/faces/find/face.ts';
import { readPhoto } from '../src/faces/find/read-album.ts';
import { openFaces } from '../src/faces/open-faces.ts';
import { putNames } from '../src/photos/regions/put-names.ts';
import { blankXmp } from '../src/photos/regions/xmp.ts';
import { demoPhoto } from '../test/photo-fixtures.ts';
import { withComment } from './support/made-copies.ts';
import { isQuick, places, report } from './support/results.ts';

const photos = Number(places[0] ?? (isQuick ? 100 : 10_000));
const sample = Number(places[1] ?? (isQuick ? 12 : 150));
const people = 6;
const root = await mkdtemp(join(tmpdir(), 'whosin-bench-'));
const config = { ...readConfig(), home: join(root, 'home') };
const faces = await openFaces({ config });
const albums: Album[] = [];

async function open(name: string): Promise<Album> {
  const album = await openAlbum(join(root, `${name}.db`), {
    config,
    faces: async () => faces,
    // Later than any file: its state is trusted.
    now: () => Date.now() + 24 * 3_600_000,
  });
  albums.push(album);
  return album;
}

/** Milliseconds of the processor for each photo, over all threads. */
async function processorTime(among: number, work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / among;
}

const pictures = await Promise.all(Array.from({ length: people }, (_, n) => readFile(demoPhoto(n + 1))));

/** Copies of the six photos. @returns their paths and hashes */
async function writeCopies(folder: string, count: number) {
  const copies: { readonly path: string; readonly sha256: string; readonly who: number }[] = [];
  for (let n = 0; n < count; n++) {
    const bytes = withComment(pictures[n % people]!, `${folder} ${n}`);
    const path = join(folder, `${n}.jpg`);
    await writeFile(path, bytes);
    copies.push({ path, sha256: createHash('sha256').update(bytes).digest('hex'), who: n % people });
  }
  return copies;
}

try {
  const read = await Promise.all(
    pictures.map(async (_, n) => {
      const reading = await readPhoto(demoPhoto(n + 1), faces.reader, faces.cache);
      if ('error' in reading) throw reading.error;
      return reading.photo;
    }),
  );
  const scanned = await mkdtemp(join(root, 'scanned-'));
  await writeCopies(scanned, sample);
  const scanning = await open('scanned');
  const bare = await processorTime(sample, () => scanning.add([scanned]));

  const folder = await mkdtemp(join(root, 'photos-'));
  const copies = await writeCopies(folder, photos);
  const found = read.map(encodePhotoFaces);
  for (const { sha256, who } of copies) await faces.cache.put(faces.reader.recipe, sha256, found[who]!);
  const [without, named] = [await open('without'), await open('named')];
  const cached = await processorTime(photos, () => without.add([folder]));
  const unchanged = await processorTime(photos, () => without.add([folder]));

  for (const { path, who } of copies) {
    const { width, height, faces: own } = read[who]!;
    const box: Box<'ratio'> = toRatio(own[0]!.box, { width, height });
    const picture = { width, height, orientation: 1 };
    const { bytes } = putNames(blankXmp(), [{ name: `Person ${who}`, box }], {
      picture,
      mayChange: () => true,
    });
    await writeFile(`${path}.xmp`, bytes);
  }
  const withNames = await processorTime(photos, () => named.add([folder]));
  const { confirmed } = await named.status();
  const before = await processorTime(photos, () => named.add([folder]));
  const then = new Date(Date.now() - 3_600_000);
  for (const { path } of copies) await utimes(`${path}.xmp`, then, then);
  const again = await processorTime(photos, () => named.add([folder]));

  const reading = again - before;
  const naming = withNames - cached;
  const each = (milliseconds: number): string => milliseconds.toFixed(2);
  const times = (more: number): string => ((bare + more) / bare).toFixed(3);
  await report('names-in-add', {
    title: `Processor time of album add, milliseconds a photo: ${sample} photos that the networks see, ${photos} whose faces are known`,
    rows: [
      { work: 'album add with the networks, no names', milliseconds: each(bare) },
      { work: 'album add, faces known, no names', milliseconds: each(cached) },
      { work: 'album add, faces known, a name for each photo', milliseconds: each(withNames) },
      { work: 'to read the names of all photos again', milliseconds: each(reading) },
      { work: 'to look again at the unchanged folder', milliseconds: each(unchanged) },
    ],
    notes: [
      `To read names takes ${times(reading)} × the time of a bare scan; to read them, say them and learn from them ${times(naming)} ×. ${confirmed} faces were named.`,
    ],
  });
} finally {
  // They share the networks, which close with the first of them.
  for (const album of albums) await album.close();
  await rm(root, { recursive: true });
}

/**
 * Where the names of photos lie: the overlap of each region with its true place, in every format, in all eight orientations,
 * with the names in the file, beside it, or both.
 *
 *   npx tsx bench/region-places.ts [XMP=../shared/data/xmp]
 *
 * The photo of the folder is stored in each orientation with its own pixels, and names its two people there; so the places in
 * the stored pixels come from the pixels, not from whosin's turning. Nothing here writes HEIC: its pixels are those of a
 * small tile, its frame and its turns are those of the photo.
 */

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodePhoto } from '../src/runtime/decode.ts';
import {
  formats,
  orientations,
  overlaps,
  regionsOf,
  ways,
  writeNamed,
} from '../test/faces/regions/turned-photos.ts';
import { places, type Row, report } from './support/results.ts';

const [root = '../shared/data/xmp'] = places;
const photo = join(root, 'photo.jpg');
const { image } = await decodePhoto(await readFile(photo), photo);
const folder = await mkdtemp(join(tmpdir(), 'whosin-bench-'));
const columns = {
  embedded: 'in the file',
  sidecar: 'photo.jpg.xmp',
  stem: 'photo.xmp',
  both: 'photo.jpg.xmp, others in the file',
} as const;

/** The least and the mean of all people in all these photos. */
async function cellOf(paths: readonly string[]): Promise<string> {
  const all: number[] = [];
  for (const path of paths) all.push(...Object.values(overlaps(await regionsOf(path))));
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  return `${Math.min(...all).toFixed(4)}, ${mean.toFixed(4)}`;
}

try {
  const rows: Row[] = [];
  for (const format of formats) {
    const cells: [string, string][] = [];
    for (const way of ways) {
      const paths: string[] = [];
      for (const orientation of orientations)
        paths.push((await writeNamed(folder, way, format, orientation, image)).path);
      cells.push([columns[way], await cellOf(paths)]);
    }
    rows.push({ photos: `${format}, eight orientations`, ...Object.fromEntries(cells) });
  }
  rows.push({
    photos: 'jpg, orientation 6, as it came',
    [columns.embedded]: await cellOf([join(root, 'photo.6.embedded.jpg')]),
    [columns.both]: await cellOf([join(root, 'photo.6.embedded_sidecar.jpg')]),
  });
  await report('region-places', {
    title: 'Overlap of regions with their true places (intersection over union): the least, the mean',
    rows,
    notes: ['Two people in each photo. Goal: at least 0.9 everywhere.'],
  });
} finally {
  await rm(folder, { recursive: true });
}

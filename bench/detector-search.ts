/**
 * How a detector is best asked: which boxes are faces, by the lowest score that counts and by the size that photos are
 * searched at first (longer side in pixels; half and a quarter of it follow, and twice where faces are small).
 *
 *   npx tsx bench/detector-search.ts DATA [--detector=FILE] [--quick]
 *
 * DATA holds lfw-dev, cfp-dev and sports-dev in `faces/` and hymenoptera in `images/`. A face counts as found if a box covers the middle of
 * the photo: LFW's and CFP's pictures are centred on their person. In photos of ants and bees every box is wrong.
 */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '../src/config.ts';
import { type Detection, detectFaces, type Search, usualSearch } from '../src/faces/find/detect.ts';
import { openDetector } from '../src/faces/find/open-detector.ts';
import { decodePhoto } from '../src/runtime/decode.ts';
import { benchPack, withWhich } from './support/detector-pack.ts';
import { isQuick, places, type Row, report, seconds } from './support/results.ts';

const [data] = places;
if (data === undefined)
  throw new Error('Usage: npx tsx bench/detector-search.ts DATA [--detector=FILE] [--quick]');
const every = isQuick ? 40 : 4;
const sets = {
  LFW: await photosOf('faces/lfw-dev', every * 3),
  'CFP frontal': await photosOf('faces/cfp-dev', every * 3, /frontal\/.*\.jpg$/),
  'CFP profile': await photosOf('faces/cfp-dev', every, /profile\/.*\.jpg$/),
  sports: await photosOf('faces/sports-dev', isQuick ? 20 : 1),
  'ants and bees': await photosOf('images/hymenoptera', isQuick ? 20 : 2),
} as const;
const thresholds = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
const sides = [320, 512, 640, 1024];
const detector = await openDetector(benchPack.detector, readConfig());
const rows: Row[] = [];
for (const firstSide of sides) {
  const search: Search = { ...usualSearch, firstSide, minScore: thresholds[0]! };
  const counts = thresholds.map(() => new Map<string, number>());
  let time = 0;
  for (const [set, paths] of Object.entries(sets)) {
    for (const path of paths) {
      const { image } = await decodePhoto(await readFile(path), path);
      let found: Detection[] = [];
      time += await seconds(async () => {
        found = await detectFaces(detector, image, 'photo', undefined, search);
      });
      const middle = { x: image.width / 2, y: image.height / 2 };
      for (const [i, threshold] of thresholds.entries()) {
        const sure = found.filter(({ score }) => score >= threshold);
        const central = sure.some(
          ({ box: { left, top, width, height } }) =>
            left <= middle.x && middle.x <= left + width && top <= middle.y && middle.y <= top + height,
        );
        const count = counts[i]!;
        count.set(
          set,
          (count.get(set) ?? 0) +
            (set === 'sports'
              ? sure.length
              : set === 'ants and bees'
                ? Number(sure.length > 0)
                : Number(central)),
        );
        if (set === 'sports') count.set('without', (count.get('without') ?? 0) + Number(sure.length === 0));
      }
    }
  }
  const photos = Object.values(sets).reduce((sum, { length }) => sum + length, 0);
  for (const [i, score] of thresholds.entries()) {
    const of = (set: keyof typeof sets): string => `${counts[i]!.get(set)} of ${sets[set].length}`;
    rows.push({
      'searched at': firstSide,
      'lowest score': score,
      'found: LFW': of('LFW'),
      'CFP frontal': of('CFP frontal'),
      'CFP profile': of('CFP profile'),
      'boxes in sports': counts[i]!.get('sports')!,
      'sports without a face': `${counts[i]!.get('without')} of ${sets.sports.length}`,
      'ants and bees with a face': of('ants and bees'),
      'ms a photo': ((1000 * time) / photos).toFixed(0),
    });
  }
}
await detector.close();
await report('detector-search', {
  title: `${withWhich}How a detector is asked`,
  rows,
  notes: ['The time is the mean over all photos, on a machine with other work: compare the sizes, no more.'],
});

async function photosOf(
  folder: string,
  step: number,
  which = /\.(?:jpe?g|png)$/i,
): Promise<readonly string[]> {
  const root = join(data!, folder);
  const names = (await readdir(root, { recursive: true })).filter((name) => which.test(name)).toSorted();
  return names.filter((_, i) => i % step === 0).map((name) => join(root, name));
}

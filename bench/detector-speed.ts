/**
 * How long two detectors take to search the same photos, in turns: the default one and that of a file.
 *
 *   npx tsx bench/detector-speed.ts FOLDER --detector=FILE [--quick]
 */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '../src/config.ts';
import type { RgbImage } from '../src/core/image.ts';
import { detectFaces } from '../src/faces/find/detect.ts';
import { openDetector, searchOf } from '../src/faces/find/open-detector.ts';
import { faceApiPack } from '../src/models/face-api.ts';
import { decodePhoto } from '../src/runtime/decode.ts';
import { benchPack } from './support/detector-pack.ts';
import { isQuick, median, places, report, seconds, takeTurns } from './support/results.ts';

const [folder] = places;
if (folder === undefined)
  throw new Error('Usage: npx tsx bench/detector-speed.ts FOLDER --detector=FILE [--quick]');
const names = (await readdir(folder, { recursive: true }))
  .filter((name) => /\.jpe?g$|\.png$/i.test(name))
  .toSorted();
const photos: RgbImage[] = [];
for (const name of names.filter((_, i) => i % 5 === 0)) {
  const path = join(folder, name);
  photos.push((await decodePhoto(await readFile(path), path)).image);
}
const config = { ...readConfig(), threads: 1 };
const specs = { default: faceApiPack.detector, YuNet: benchPack.detector };
const opened = {
  default: await openDetector(specs.default, config),
  YuNet: await openDetector(specs.YuNet, config),
};
const found = { default: 0, YuNet: 0 };
const search = (which: keyof typeof opened) => () =>
  seconds(async () => {
    found[which] = 0;
    for (const photo of photos) {
      found[which] += (
        await detectFaces(opened[which], photo, 'photo', undefined, searchOf(specs[which]))
      ).length;
    }
  });
const measured = await takeTurns({ default: search('default'), YuNet: search('YuNet') }, isQuick ? 2 : 7);
const base = median(measured.default);
await report('detector-speed', {
  title: `${photos.length} photos searched for faces, one thread, median of alternating runs`,
  rows: Object.entries(measured).map(([detector, times]) => ({
    detector,
    'ms a photo': ((1000 * median(times)) / photos.length).toFixed(0),
    'time of the default': (median(times) / base).toFixed(2),
    boxes: found[detector as keyof typeof found],
  })),
});
for (const detector of Object.values(opened)) await detector.close();

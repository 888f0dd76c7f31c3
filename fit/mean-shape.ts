/**
 * Mean places of the points that a face is laid by (`wholeFace` in src/models/face-api.ts), in the frame of dlib's mean
 * shape of eyes and nose.
 *
 *   npx tsx fit/mean-shape.ts FOLDER [EVERY=24]     # one photo of every EVERYth, the largest face of it
 */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '../src/config.ts';
import { apply, type Point } from '../src/core/geometry.ts';
import { alignTo, pointOf } from '../src/faces/find/align.ts';
import { detectFaces } from '../src/faces/find/detect.ts';
import { findLandmarks } from '../src/faces/find/landmarks.ts';
import { faceApiPack } from '../src/models/face-api.ts';
import { decodePhoto } from '../src/runtime/decode.ts';
import { openNetwork } from '../src/runtime/session.ts';

const [folder, every = '24'] = process.argv.slice(2);
if (folder === undefined) throw new Error('Usage: npx tsx fit/mean-shape.ts FOLDER [EVERY]');
const config = readConfig();
const { detector, landmarks, landmarkPoints, embedders } = faceApiPack;
const [finder, landmarker] = await Promise.all([
  openNetwork(detector, config),
  openNetwork(landmarks, config),
]);
const [byEyes, byWholeFace] = embedders.map(({ looks }) => looks[0]!.alignment);
const sums = byWholeFace!.points.map(() => ({ x: 0, y: 0 }));
let count = 0;
const names = (await readdir(folder, { recursive: true })).filter((name) => /\.jpe?g$/i.test(name));
for (const name of names.toSorted().filter((_, i) => i % Number(every) === 0)) {
  const { image } = await decodePhoto(await readFile(join(folder, name)), name);
  const largest = (await detectFaces(finder, image)).toSorted((a, b) => b.box.width - a.box.width)[0];
  if (!largest) continue;
  const [face] = await findLandmarks(landmarker, landmarkPoints, image, [largest]);
  if (face!.presence < 0.9) continue;
  const onChip = alignTo(byEyes!, face!.points);
  for (const [i, point] of byWholeFace!.points.entries()) {
    const { x, y } = unpadded(apply(onChip, pointOf(face!.points, point)));
    sums[i]!.x += x;
    sums[i]!.y += y;
  }
  count++;
}
await Promise.all([finder.close(), landmarker.close()]);
console.log(`${count} faces`);
for (const [i, { x, y }] of sums.entries()) {
  console.log(`[${byWholeFace!.points.flat()[i]}, ${(x / count).toFixed(3)}, ${(y / count).toFixed(3)}]`);
}

/** dlib's chip of 150 pixels has a quarter of the face as padding on every side. */
function unpadded({ x, y }: Point): Point {
  return { x: (x / 150) * 1.5 - 0.25, y: (y / 150) * 1.5 - 0.25 };
}

/**
 * What is taken for a face in pictures of anything: how many of them have a face, and which are faces of animals.
 *
 *   npx tsx bench/no-faces.ts ../shared/data/images/imagenet-dev [--keep=FOLDER]
 *
 * With --keep, each face with a presence of 0.5 or more is written to FOLDER, as a picture to look at.
 */

import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { readConfig } from '../src/config.ts';
import type { Face } from '../src/faces/find/face.ts';
import { openFaceReader } from '../src/faces/find/read-faces.ts';
import { faceApiPack } from '../src/models/face-api.ts';
import { decodePhoto } from '../src/runtime/decode.ts';
import { places, type Row, report } from './support/results.ts';

/** By eye, of imagenet-dev: picture and number of the face. All others with a presence of 0.5 or more are people, or pictures of them. */
const animals = new Set([
  'n02094114_Norfolk_terrier.JPEG 0',
  'n02096585_Boston_bull.JPEG 0',
  'n02107908_Appenzeller.JPEG 1',
  'n02493509_titi.JPEG 0',
]);

const [folder] = places;
if (folder === undefined) throw new Error('Usage: npx tsx bench/no-faces.ts FOLDER [--keep=FOLDER]');
const keep = process.argv.find((argument) => argument.startsWith('--keep='))?.slice('--keep='.length);
if (keep !== undefined) await mkdir(keep, { recursive: true });

const reader = openFaceReader(faceApiPack, readConfig());
const names = (await readdir(folder)).toSorted();
const sure: Row[] = [];
let any = 0;
for (const name of names) {
  const { image } = await decodePhoto(await readFile(join(folder, name)), name);
  const { faces } = await reader.read({ image, width: image.width, height: image.height });
  if (faces.length > 0) any++;
  for (const [i, face] of faces.entries()) {
    if (face.quality < 0.5) continue;
    if (keep !== undefined) await write(image, face, join(keep, `${name}-${i}.png`));
    sure.push({ face: `${name} ${i}`, presence: face.quality.toFixed(2), score: face.score.toFixed(2) });
  }
}
await reader.close();
const others = sure.filter(({ face }) => animals.has(String(face)));
await report('no-faces', {
  title: `Faces in ${names.length} pictures of anything`,
  rows: [
    {
      pictures: names.length,
      'with a face': any,
      'faces with a presence of 0.5 or more': sure.length,
      'of animals': others.length,
    },
  ],
  notes: others.map(
    ({ face, presence, score }) => `An animal: ${face}, presence ${presence}, score ${score}.`,
  ),
});

async function write(
  { data, width, height }: Awaited<ReturnType<typeof decodePhoto>>['image'],
  { box }: Face,
  path: string,
): Promise<void> {
  const [left, top] = [Math.max(0, Math.floor(box.left)), Math.max(0, Math.floor(box.top))];
  const [right, bottom] = [
    Math.min(width, Math.ceil(box.left + box.width)),
    Math.min(height, Math.ceil(box.top + box.height)),
  ];
  await sharp(data, { raw: { width, height, channels: 3 } })
    .extract({ left, top, width: right - left, height: bottom - top })
    .resize(160, 160, { fit: 'contain' })
    .toFile(path);
}

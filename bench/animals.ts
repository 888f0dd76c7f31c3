/**
 * Faces of animals: how many are as present as a person's, in the pictures as they are and in others made of them; and what the same
 * measure costs people.
 *
 *   npx tsx bench/animals.ts PICTURES PEOPLE...
 *
 * PICTURES: the folder that `fit/animal-faces.ts` describes. The direction that is used was fitted on these faces too: `fit/fit-animals.ts`
 * reports on pictures and people that it was not fitted on.
 */

import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { animalFaces } from '../fit/animal-faces.ts';
import { readConfig } from '../src/config.ts';
import type { Box } from '../src/core/geometry.ts';
import type { RgbImage } from '../src/core/image.ts';
import { warp } from '../src/core/warp.ts';
import { readAnimals, trustAsPerson } from '../src/faces/find/animals.ts';
import { isSameFace } from '../src/faces/find/detect.ts';
import { readAlbum } from '../src/faces/find/read-album.ts';
import { openFaceReader } from '../src/faces/find/read-faces.ts';
import { faceApiPack } from '../src/models/face-api.ts';
import { openCache } from '../src/photos/bottleneck-cache.ts';
import { writeFileAtomically } from '../src/runtime/atomic-file.ts';
import { decodePhoto } from '../src/runtime/decode.ts';
import { places, type Row, report } from './support/results.ts';

const present = 0.5;

/** Square pictures of so many pixels around a face, which takes such a share of them, turned by degrees; brightness as a factor. */
const made = {
  'half of the picture': { share: 0.5, side: 400, turn: 0, light: 1 },
  'most of the picture': { share: 0.8, side: 400, turn: 0, light: 1 },
  'a fifth of the picture': { share: 0.2, side: 400, turn: 0, light: 1 },
  'small: 24 pixels': { share: 0.1, side: 240, turn: 0, light: 1 },
  'turned to the left': { share: 0.5, side: 400, turn: -20, light: 1 },
  'turned to the right': { share: 0.5, side: 400, turn: 20, light: 1 },
  'a third of the light': { share: 0.5, side: 400, turn: 0, light: 1 / 3 },
} as const;

const [pictures, ...folders] = places;
if (pictures === undefined) throw new Error('Usage: npx tsx bench/animals.ts PICTURES PEOPLE...');
const config = readConfig();
const without = openFaceReader({ ...faceApiPack, animals: undefined }, config);
const direction = await readAnimals(faceApiPack.animals);
const cache = openCache(config.home, writeFileAtomically);

const rows: Row[] = [];
for (const [how, { share, side, turn, light }] of Object.entries(made)) {
  const counts = { found: 0, before: 0, now: 0 };
  for (const [picture, [left, top, width, height]] of animalFaces) {
    const path = join(pictures, `${picture}.JPEG`);
    const { image } = await decodePhoto(await readFile(path), path);
    const scale = (side * share) / Math.max(width, height);
    const turned = (turn / 180) * Math.PI;
    const [a, b] = [Math.cos(turned) * scale, Math.sin(turned) * scale];
    const [x, y] = [left + width / 2, top + height / 2];
    const t = { a, b, tx: side / 2 - a * x + b * y, ty: side / 2 - b * x - a * y };
    const shown = lit(warp(image, t, side, side), light);
    const face = await faceIn(shown, {
      left: (side - width * scale) / 2,
      top: (side - height * scale) / 2,
      width: width * scale,
      height: height * scale,
    });
    if (face === undefined) continue;
    counts.found++;
    if (face.quality >= present) counts.before++;
    if (face.quality * trustAsPerson(direction, face.embedding.values) >= present) counts.now++;
  }
  rows.push({
    'the face takes, or is': how,
    'faces of animals': animalFaces.length,
    found: counts.found,
    [`presence of ${present} or more, without the direction`]: counts.before,
    'with it': counts.now,
  });
}
await report('animals', { title: 'Faces of animals in made pictures', rows });

const kept: Row[] = [];
const reader = openFaceReader(faceApiPack, config);
for (const folder of folders) {
  const names = (await readdir(folder, { recursive: true })).filter((each) => /\.(jpe?g|png)$/i.test(each));
  const paths = names.toSorted().map((each) => join(folder, each));
  const counts = { all: 0, present: 0, lowered: 0 };
  for await (const reading of readAlbum(paths, reader, cache)) {
    if (reading.kind === 'failure') throw reading.error;
    for (const { quality, embedding } of reading.photo.faces) {
      counts.all++;
      if (quality >= present) counts.present++;
      if (trustAsPerson(direction, embedding.values) < 1) counts.lowered++;
    }
  }
  kept.push({
    people: basename(folder),
    faces: counts.all,
    [`presence of ${present} or more`]: counts.present,
    'lower by the direction': counts.lowered,
  });
}
await Promise.all([without.close(), reader.close()]);
if (kept.length > 0) await report('animals', { title: 'Faces of people, and animals', rows: kept });

async function faceIn(image: RgbImage, box: Box<'px'>) {
  const { width, height } = image;
  const { faces } = await without.read({ image, width, height });
  return faces.find((face) => isSameFace(face.box, box));
}

function lit(image: RgbImage, by: number): RgbImage {
  return by === 1 ? image : { ...image, data: image.data.map((value) => value * by) };
}

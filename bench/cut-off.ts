/**
 * Faces that the edge of the photo cuts off: how many of them are found.
 *
 *   npx tsx bench/cut-off.ts LFW CFP
 *
 * The largest face of every sixteenth person of LFW and of every other person of CFP, from the side and from the front, is cut by
 * a third: on the left, on the right, above and below. Whose face it is and where is known from the whole photo.
 */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '../src/config.ts';
import { dot } from '../src/core/embedding.ts';
import { type Box, clip } from '../src/core/geometry.ts';
import type { RgbImage } from '../src/core/image.ts';
import { warp } from '../src/core/warp.ts';
import { isSameFace } from '../src/faces/find/detect.ts';
import { openFaceReader } from '../src/faces/find/read-faces.ts';
import { wilson } from '../src/learn/measure/intervals.ts';
import { faceApiPack } from '../src/models/face-api.ts';
import { decodePhoto } from '../src/runtime/decode.ts';
import { places, type Row, report } from './support/results.ts';

const cut = 1 / 3;
const sides = ['left', 'right', 'above', 'below'] as const;

const [lfw, cfp] = places;
if (lfw === undefined || cfp === undefined) throw new Error('Usage: npx tsx bench/cut-off.ts LFW CFP');
const reader = openFaceReader(faceApiPack, readConfig());
const rows = [
  await rowOf('LFW', await firstPhotos(lfw, 16)),
  await rowOf('CFP, from the front', await firstPhotos(cfp, 2, 'frontal')),
  await rowOf('CFP, from the side', await firstPhotos(cfp, 2, 'profile')),
];
await reader.close();
await report('cut-off', {
  title: 'Faces that the edge of the photo cuts off by a third',
  rows,
  notes: ['The cosine is that of the embeddings of a face that was found and of the whole face.'],
});

/** The first photo of every so manieth person. */
async function firstPhotos(folder: string, every: number, inside = ''): Promise<readonly string[]> {
  const people = (await readdir(folder, { withFileTypes: true })).filter((each) => each.isDirectory());
  const chosen = people.map(({ name }) => name).toSorted();
  const photos = chosen
    .filter((_, i) => i % every === 0)
    .map(async (name) => {
      const [first] = (await readdir(join(folder, name, inside))).toSorted();
      return join(folder, name, inside, first!);
    });
  return Promise.all(photos);
}

async function rowOf(faces: string, paths: readonly string[]): Promise<Row> {
  const cosines: number[] = [];
  const found = { all: 0, any: 0, clear: 0 };
  for (const path of paths) {
    const { image } = await decodePhoto(await readFile(path), path);
    const [whole] = (await read(image)).toSorted((a, b) => b.box.width - a.box.width);
    if (whole === undefined || whole.quality < 0.5) continue;
    for (const side of sides) {
      const kept = keptBox(whole.box, image, side);
      const crop = warp(image, { a: 1, b: 0, tx: -kept.left, ty: -kept.top }, kept.width, kept.height);
      const truth = clip(
        { ...whole.box, left: whole.box.left - kept.left, top: whole.box.top - kept.top },
        crop,
      );
      const seen = (await read(crop)).find(({ box }) => isSameFace(clip(box, crop), truth));
      found.all++;
      if (seen === undefined) continue;
      found.any++;
      if (seen.quality >= 0.5) found.clear++;
      cosines.push(dot(seen.embedding.values, whole.embedding.values));
    }
  }
  const { low, high } = wilson(found.any, found.all);
  return {
    faces,
    'cut off': found.all,
    found: `${found.any} (${percent(found.any / found.all)}; ${(low * 100).toFixed(1)} to ${(high * 100).toFixed(1)})`,
    'presence of 0.5 or more': `${found.clear} (${percent(found.clear / found.all)})`,
    'mean cosine': (cosines.reduce((sum, cosine) => sum + cosine, 0) / cosines.length).toFixed(3),
  };
}

async function read(image: RgbImage) {
  const { width, height } = image;
  return (await reader.read({ image, width, height })).faces;
}

/** The part of the photo that is left, in whole pixels. */
function keptBox(face: Box<'px'>, photo: RgbImage, side: (typeof sides)[number]): Box<'px'> {
  const edges = { left: 0, top: 0, right: photo.width, bottom: photo.height };
  if (side === 'left') edges.left = Math.max(0, Math.round(face.left + face.width * cut));
  if (side === 'right') edges.right = Math.min(photo.width, Math.round(face.left + face.width * (1 - cut)));
  if (side === 'above') edges.top = Math.max(0, Math.round(face.top + face.height * cut));
  if (side === 'below') edges.bottom = Math.min(photo.height, Math.round(face.top + face.height * (1 - cut)));
  const { left, top, right, bottom } = edges;
  return { left, top, width: right - left, height: bottom - top };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/**
 * How well faces are found that do not lie upright, are dark, grey or small, and how often a face is found where
 * none is.
 *
 *   npx tsx bench/detection.ts LFW NO_FACES [EVERY=20] [--detector=FILE]
 *
 * LFW: one photo of every EVERYth person; the face that is found in the photo as it is says where it must be found
 * in the changed one. NO_FACES: a folder of photos of anything but people (hymenoptera: ants and bees).
 */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '../src/config.ts';
import { apply, type Point, type Similarity } from '../src/core/geometry.ts';
import type { RgbImage } from '../src/core/image.ts';
import { seededRandom } from '../src/core/random.ts';
import { warp } from '../src/core/warp.ts';
import type { Face } from '../src/faces/find/face.ts';
import { openFaceReader } from '../src/faces/find/read-faces.ts';
import { decodePhoto } from '../src/runtime/decode.ts';
import { resize } from '../src/runtime/resize.ts';
import { benchPack, withWhich } from './support/detector-pack.ts';
import { places, type Row, report } from './support/results.ts';

const [lfw, noFaces, every = '20'] = places;
if (lfw === undefined || noFaces === undefined) {
  throw new Error('Usage: npx tsx bench/detection.ts LFW NO_FACES [EVERY]');
}
const reader = openFaceReader(benchPack, readConfig());
const random = seededRandom(7);

const people = (await readdir(lfw)).toSorted().filter((_, i) => i % Number(every) === 0);
const photos = await Promise.all(
  people.map(async (person) => load(join(lfw, person, (await readdir(join(lfw, person))).toSorted()[0]!))),
);
const changes: readonly (readonly [string, (photo: RgbImage) => readonly [RgbImage, Similarity]])[] = [
  ['as it is', (photo) => [photo, turnAbout(photo, 0)]],
  ['grey', (photo) => [mapped(photo, grey), turnAbout(photo, 0)]],
  ['a tenth of the light', (photo) => [mapped(photo, darkened(0.1)), turnAbout(photo, 0)]],
  ['a thirtieth of the light', (photo) => [mapped(photo, darkened(1 / 30)), turnAbout(photo, 0)]],
  ...[20, 45, 70, 90, 135, 180, 270].map((degrees) => {
    const change = (photo: RgbImage): readonly [RgbImage, Similarity] => {
      const t = turnAbout(photo, (degrees / 180) * Math.PI);
      return [warp(photo, t, photo.width, photo.height), t];
    };
    return [`turned by ${degrees}°`, change] as const;
  }),
];
const changed: Row[] = [];
const truths = await Promise.all(photos.map((photo) => central(photo)));
for (const [name, change] of changes) {
  let [of, found, extra, sure] = [0, 0, 0, 0];
  const cosines: number[] = [];
  for (const [i, photo] of photos.entries()) {
    const truth = truths[i];
    if (!truth) continue;
    const [other, t] = change(photo);
    const middle = apply(t, centreOf(truth));
    const { faces } = await reader.read({ image: other, width: other.width, height: other.height });
    const there = faces.filter((face) => distance(centreOf(face), middle) < truth.box.width * 0.4);
    of++;
    if (there.length > 0) found++;
    if (there.length > 1) extra++;
    if ((there[0]?.quality ?? 0) >= 0.9) sure++;
    if (there[0]) cosines.push(cosine(there[0], truth));
  }
  const median = cosines.toSorted((a, b) => a - b)[cosines.length >> 1] ?? Number.NaN;
  changed.push({
    photo: name,
    [`found, of ${of}`]: found,
    'once more': extra,
    'presence ≥ 0.9': sure,
    cosine: median.toFixed(3),
  });
}

await report('detection', {
  title: `${withWhich}Faces found in photos that were changed`,
  rows: changed,
  notes: ['The cosine is that of the embedding to the one of the photo as it is, the median.'],
});

const crowds: Row[] = [];
for (const tile of [50, 75, 125]) {
  const crowd = await mosaic(tile);
  const { faces } = await reader.read({ image: crowd, width: crowd.width, height: crowd.height });
  const columns = Math.floor(crowd.width / tile);
  const cells = columns * Math.floor(crowd.height / tile);
  const hit = new Set(
    faces.flatMap((face) => {
      const { x, y } = centreOf(face);
      const [column, row] = [Math.floor(x / tile), Math.floor(y / tile)];
      const off = Math.hypot(x - (column + 0.5) * tile, y - (row + 0.5) * tile);
      return off < tile * 0.25 ? [row * columns + column] : [];
    }),
  );
  crowds.push({ 'pixels of a face': tile * 0.4, found: hit.size, of: cells, boxes: faces.length });
}

await report('detection', {
  title: `${withWhich}A crowd: photos beside each other, 2000 × 1500 pixels`,
  rows: crowds,
});

const empty = (await readdir(noFaces, { recursive: true })).filter((name) => /\.jpe?g$/i.test(name));
let [any, present] = [0, 0];
for (const name of empty) {
  const image = await load(join(noFaces, name));
  const { faces } = await reader.read({ image, width: image.width, height: image.height });
  if (faces.length > 0) any++;
  if (faces.some(({ quality }) => quality >= 0.5)) present++;
}
await report('detection', {
  title: `${withWhich}Photos without people`,
  rows: [{ photos: empty.length, 'with a face': any, 'with a presence of 0.5 or more': present }],
});
await reader.close();

async function load(path: string): Promise<RgbImage> {
  return (await decodePhoto(await readFile(path), path)).image;
}

async function central(photo: RgbImage): Promise<Face | undefined> {
  const { faces } = await reader.read({ image: photo, width: photo.width, height: photo.height });
  const middle = { x: photo.width / 2, y: photo.height / 2 };
  return faces.toSorted((a, b) => distance(centreOf(a), middle) - distance(centreOf(b), middle))[0];
}

function centreOf({ box: { left, top, width, height } }: Face): Point {
  return { x: left + width / 2, y: top + height / 2 };
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function cosine(a: Face, b: Face): number {
  return a.embedding.values.reduce((sum, v, i) => sum + v * b.embedding.values[i]!, 0);
}

function turnAbout({ width, height }: RgbImage, by: number): Similarity {
  const [a, b, x, y] = [Math.cos(by), Math.sin(by), width / 2, height / 2];
  return { a, b, tx: x - a * x + b * y, ty: y - b * x - a * y };
}

type Pixel = readonly [red: number, green: number, blue: number];

function mapped(photo: RgbImage, to: (pixel: Pixel) => Pixel): RgbImage {
  const data = new Uint8Array(photo.data.length);
  for (let i = 0; i < data.length; i += 3) {
    const pixel = to([photo.data[i]!, photo.data[i + 1]!, photo.data[i + 2]!]);
    for (const [c, v] of pixel.entries()) data[i + c] = Math.min(255, Math.max(0, Math.round(v)));
  }
  return { ...photo, data };
}

function grey([r, g, b]: Pixel): Pixel {
  const light = 0.299 * r + 0.587 * g + 0.114 * b;
  return [light, light, light];
}

/** With noise of one step, as cameras have it. */
function darkened(by: number): (pixel: Pixel) => Pixel {
  return ([r, g, b]) => [r * by + noise(), g * by + noise(), b * by + noise()];
}

function noise(): number {
  return random() + random() + random() - 1.5;
}

async function mosaic(tile: number): Promise<RgbImage> {
  const [width, height] = [2000, 1500];
  const data = new Uint8Array(width * height * 3);
  const columns = Math.floor(width / tile);
  const small = await Promise.all(photos.map((photo) => resize(photo, tile, tile)));
  for (let cell = 0; cell < columns * Math.floor(height / tile); cell++) {
    const photo = small[cell % small.length]!;
    const [left, top] = [(cell % columns) * tile, Math.floor(cell / columns) * tile];
    for (let y = 0; y < tile; y++) {
      const row = photo.data.subarray(y * tile * 3, (y + 1) * tile * 3);
      data.set(row, ((top + y) * width + left) * 3);
    }
  }
  return { width, height, data };
}

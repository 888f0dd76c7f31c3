/**
 * Fits the direction of the default pack's space in which faces of animals lie, and reports where it puts people and animals that it was
 * not fitted on: a fifth of the people and of the pictures at a time.
 *
 *   npx tsx fit/fit-animals.ts PICTURES PEOPLE... [--write]
 *
 * PICTURES: the folder that `animal-faces.ts` describes. PEOPLE: folders with a folder for each person. It is Fisher's linear discriminant: people
 * have a scatter, animals only a middle, because they are few and of all kinds. Faces are shown in small sizes as well, or the direction would
 * be one from clear to blurred.
 */

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { Matrix, solve } from 'ml-matrix';
import { readConfig } from '../src/config.ts';
import { dot } from '../src/core/embedding.ts';
import { type Box, scaleBox } from '../src/core/geometry.ts';
import { lightening, type RgbImage } from '../src/core/image.ts';
import { type StoredDirection, trustAsPerson } from '../src/faces/find/animals.ts';
import { isSameFace } from '../src/faces/find/detect.ts';
import { readAlbum } from '../src/faces/find/read-album.ts';
import { openFaceReader } from '../src/faces/find/read-faces.ts';
import { faceApiPack } from '../src/models/face-api.ts';
import { openCache } from '../src/photos/bottleneck-cache.ts';
import { writeFileAtomically } from '../src/runtime/atomic-file.ts';
import { decodePhoto } from '../src/runtime/decode.ts';
import { resize } from '../src/runtime/resize.ts';
import { animalFaces } from './animal-faces.ts';

/** Sides of a face in pixels; people, who come in all sizes, in the smallest one only, every so manieth photo. */
const smallSides = [60, 28] as const;
const everyPhoto = 8;

const clear = 0.5;
const parts = 5;

/** Added to the variance in every direction, as a share of the mean one. */
const shrinkage = 0.1;

/** In standard deviations of people: from the first to the second one a face loses its presence. */
const limits = { people: 12, animals: 15 } as const;

interface Sample {
  readonly face: string;
  /** Left out together with all others of it. */
  readonly part: number;
  readonly values: Float32Array;
}

const [pictures, ...folders] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
if (pictures === undefined || folders.length === 0) {
  throw new Error('Usage: npx tsx fit/fit-animals.ts PICTURES PEOPLE... [--write]');
}
const config = readConfig();
const reader = openFaceReader({ ...faceApiPack, animals: undefined }, config);
const animals = await readAnimalFaces(pictures);
const people: Sample[] = [];
for (const folder of folders) people.push(...(await readPeople(folder, (path) => path.split(sep)[0]!)));
people.push(...(await readPeople(pictures, (path) => path)));
await reader.close();

console.log(`${people.length} faces of people, ${animals.length} of animals`);
const scatters = Array.from({ length: parts }, (_, part) => scatterOf(people.filter((p) => p.part === part)));
const places = { people: [] as Placed[], animals: [] as Placed[] };
for (let part = 0; part < parts; part++) {
  const rest = scatters.filter((_, i) => i !== part);
  const fitted = fit(
    rest,
    animals.filter((face) => face.part !== part),
  );
  places.people.push(...placed(fitted, people, part));
  places.animals.push(...placed(fitted, animals, part));
}
for (const [kind, all] of Object.entries(places)) {
  const sorted = all.toSorted((a, b) => b.place - a.place);
  const beyond = (limit: number): number => sorted.filter(({ place }) => place > limit).length;
  console.log(
    `${kind}, each left out of the fit: ${beyond(limits.people)} of ${all.length} beyond ${limits.people}, ${beyond(limits.animals)} beyond ${limits.animals}`,
  );
  const shown = kind === 'people' ? sorted.slice(0, 12) : sorted;
  console.log(shown.map(({ face, place }) => `  ${place.toFixed(1)} ${face}`).join('\n'));
}
if (process.argv.includes('--write') && faceApiPack.animals) {
  const direction = fit(scatters, animals);
  const bytes = new TextEncoder().encode(`${JSON.stringify(direction)}\n`);
  const path = join('weights', faceApiPack.animals.own);
  await writeFileAtomically(path, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  console.log(`Wrote ${path} (sha256 ${sha256}: put it into src/models/face-api.ts)`);
  const lowered = people.filter(({ values }) => trustAsPerson(opened(direction), values) < 1);
  console.log(`People who lose presence by it: ${lowered.length} of ${people.length}`);
}

/** All faces that are clear, but for those of the animals. @param personOf by the path within the folder */
async function readPeople(folder: string, personOf: (path: string) => string): Promise<Sample[]> {
  const names = (await readdir(folder, { recursive: true })).filter((each) => /\.(jpe?g|png)$/i.test(each));
  const paths = names.toSorted();
  const parted = new Map([...new Set(paths.map(personOf))].map((person, i) => [person, i % parts]));
  const cache = openCache(config.home, writeFileAtomically);
  const samples: Sample[] = [];
  let at = 0;
  const photos = paths.map((path) => join(folder, path));
  for await (const reading of readAlbum(photos, reader, cache)) {
    const path = paths[at++]!;
    if (reading.kind === 'failure') throw reading.error;
    const part = parted.get(personOf(path))!;
    const others = animalFaces.filter(([picture]) => path.startsWith(picture));
    for (const [k, { box, quality, embedding }] of reading.photo.faces.entries()) {
      if (quality < clear || others.some(([, animal]) => isSameFace(box, boxOf(animal)))) continue;
      const face = `${path} ${k}`;
      samples.push({ face, part, values: embedding.values });
      if (at % everyPhoto > 0) continue;
      const small = await embedAt(await readImage(join(folder, path)), box, smallSides[1]);
      if (small && small.presence >= clear)
        samples.push({ face: `${face}, small`, part, values: small.values });
    }
  }
  return samples;
}

async function readAnimalFaces(folder: string): Promise<Sample[]> {
  const names = [...new Set(animalFaces.map(([picture]) => picture))];
  const samples: Sample[] = [];
  for (const [picture, face] of animalFaces) {
    const image = await readImage(join(folder, `${picture}.JPEG`));
    const box = boxOf(face);
    for (const side of [Math.max(box.width, box.height), ...smallSides]) {
      const seen = await embedAt(image, box, side);
      if (seen) {
        samples.push({
          face: `${picture} ${side}`,
          part: names.indexOf(picture) % parts,
          values: seen.values,
        });
      }
    }
  }
  return samples;
}

function boxOf([left, top, width, height]: readonly [number, number, number, number]): Box<'px'> {
  return { left, top, width, height };
}

async function readImage(path: string): Promise<RgbImage> {
  return (await decodePhoto(await readFile(path), path)).image;
}

/** Nothing if the face is smaller than that. */
async function embedAt(
  whole: RgbImage,
  box: Box<'px'>,
  side: number,
): Promise<{ readonly values: Float32Array; readonly presence: number } | undefined> {
  const scale = side / Math.max(box.width, box.height);
  if (scale > 1) return undefined;
  const [width, height] = [whole.width, whole.height].map((length) =>
    Math.max(2, Math.round(length * scale)),
  );
  const image = scale < 1 ? await resize(whole, width!, height!) : whole;
  const light = lightening(image)(image);
  const [landmarks] = await reader.steps.locate(light, [{ box: scaleBox(box, scale), turns: [0] }]);
  const [seen] = await reader.steps.embed(light, [landmarks!]);
  return { values: seen!.embedding.values, presence: landmarks!.presence };
}

interface Scatter {
  readonly count: number;
  /** [d] */
  readonly sum: Float64Array;
  /** [d × d], the upper triangle */
  readonly products: Float64Array;
}

function scatterOf(samples: readonly Sample[]): Scatter {
  const d = samples[0]!.values.length;
  const [sum, products] = [new Float64Array(d), new Float64Array(d * d)];
  for (const { values } of samples) {
    for (let i = 0; i < d; i++) {
      const value = values[i]!;
      sum[i]! += value;
      for (let j = i, at = i * d + i; j < d; j++, at++) products[at]! += value * values[j]!;
    }
  }
  return { count: samples.length, sum, products };
}

function fit(scatter: readonly Scatter[], faces: readonly Sample[]): StoredDirection {
  const d = scatter[0]!.sum.length;
  const count = scatter.reduce((total, each) => total + each.count, 0);
  const mean = Float64Array.from(
    { length: d },
    (_, i) => scatter.reduce((s, each) => s + each.sum[i]!, 0) / count,
  );
  const variance = Matrix.zeros(d, d);
  for (let i = 0; i < d; i++) {
    for (let j = i; j < d; j++) {
      const product = scatter.reduce((s, each) => s + each.products[i * d + j]!, 0) / count;
      variance.set(i, j, product - mean[i]! * mean[j]!);
      variance.set(j, i, variance.get(i, j));
    }
  }
  const held = Matrix.add(variance, Matrix.eye(d).mul((shrinkage * variance.trace()) / d));
  const apart = Matrix.columnVector(
    [...mean].map((m, i) => faces.reduce((s, { values }) => s + values[i]!, 0) / faces.length - m),
  );
  const raw = solve(held, apart);
  const deviation = Math.sqrt(raw.transpose().mmul(variance).mmul(raw).get(0, 0));
  const direction = raw.to1DArray().map((value) => Number((value / deviation).toPrecision(5)));
  const middle = direction.reduce((s, value, i) => s + value * mean[i]!, 0);
  return { direction, middle: Number(middle.toPrecision(6)), ...limits };
}

function opened(fitted: StoredDirection) {
  return { ...fitted, direction: Float32Array.from(fitted.direction) };
}

interface Placed {
  readonly face: string;
  readonly place: number;
}

function placed(fitted: StoredDirection, samples: readonly Sample[], part: number): Placed[] {
  const { direction, middle } = opened(fitted);
  return samples
    .filter((sample) => sample.part === part)
    .map(({ face, values }) => ({ face, place: dot(direction, values) - middle }));
}

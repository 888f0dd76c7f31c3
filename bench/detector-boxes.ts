/**
 * How much an embedding depends on the detector's box, and so whether models go from one detector to another: the
 * boxes of the default detector are moved and scaled as another one's might be, and the same face is embedded again.
 *
 *   npx tsx bench/detector-boxes.ts FOLDER [photos]
 */

import { readFile } from 'node:fs/promises';
import { readConfig } from '../src/config.ts';
import { dot } from '../src/core/embedding.ts';
import type { Box } from '../src/core/geometry.ts';
import { openFaceReader } from '../src/faces/find/read-faces.ts';
import { faceApiPack } from '../src/models/face-api.ts';
import { walkPhotos } from '../src/photos/photo-files.ts';
import { decodePhoto } from '../src/runtime/decode.ts';

/** Sides times `scale`, the middle moved right and down by a share of them. */
const changes = [
  { scale: 0.8, move: 0 },
  { scale: 0.9, move: 0.05 },
  { scale: 1.1, move: -0.05 },
  { scale: 1.2, move: 0 },
  { scale: 1, move: 0.1 },
  { scale: 1, move: 0.2 },
  { scale: 1.5, move: 0 },
] as const;

const [folder, most = '150'] = process.argv.slice(2);
if (folder === undefined) throw new Error('Usage: npx tsx bench/detector-boxes.ts FOLDER [photos]');
const reader = openFaceReader(faceApiPack, readConfig());
const { steps } = reader;
const similarities = changes.map((): number[] => []);
const paths: string[] = [];
for await (const { path } of walkPhotos([folder])) paths.push(path);
const every = Math.max(1, Math.floor(paths.length / Number(most)));
let faces = 0;
for (const path of paths.filter((_, i) => i % every === 0)) {
  const { image } = await decodePhoto(await readFile(path), path);
  const [largest] = (await steps.detect(image)).toSorted((a, b) => b.box.width - a.box.width);
  if (largest === undefined) continue;
  const boxes = [largest.box, ...changes.map((change) => changed(largest.box, change))];
  const points = await steps.locate(
    image,
    boxes.map((box) => ({ ...largest, box })),
  );
  const [own, ...others] = (await steps.embed(image, points)).map(({ embedding }) => embedding.values);
  for (const [i, other] of others.entries()) similarities[i]!.push(dot(own!, other));
  faces++;
}
await reader.close();
console.log(`${faces} faces of ${folder}: cosine of the embedding to that of the detector's own box`);
console.log('scale  move   median  5 in 100 are below  share below 0.9');
for (const [i, { scale, move }] of changes.entries()) {
  const sorted = similarities[i]!.toSorted((a, b) => a - b);
  const at = (share: number): string => sorted[Math.floor(share * sorted.length)]!.toFixed(4);
  const low = sorted.filter((value) => value < 0.9).length / sorted.length;
  console.log(
    `${scale.toFixed(1)}    ${move.toFixed(2).padStart(5)}  ${at(0.5)}  ${at(0.05)}              ${(low * 100).toFixed(1)} %`,
  );
}

function changed(
  { left, top, width, height }: Box<'px'>,
  { scale, move }: (typeof changes)[number],
): Box<'px'> {
  const [w, h] = [width * scale, height * scale];
  return {
    left: left + width * move + (width - w) / 2,
    top: top + height * move + (height - h) / 2,
    width: w,
    height: h,
  };
}

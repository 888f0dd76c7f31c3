/** Pictures made in code of which it is known what their label hangs on: a disc of some colour on grey. */

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { readConfig } from '../src/config.ts';
import { seededRandom } from '../src/core/random.ts';
import { cocoMobilenetV3 } from '../src/models/coco-mobilenet-v3.ts';
import { openCache } from '../src/photos/bottleneck-cache.ts';
import { writePictureModel } from '../src/pictures/picture-model.ts';
import { openPictureReader } from '../src/pictures/read-picture.ts';
import { trainPictures } from '../src/pictures/train.ts';
import { writeFileAtomically } from '../src/runtime/atomic-file.ts';
import { openComputation } from '../src/runtime/computation.ts';

export const thingSize = { width: 240, height: 160 } as const;

/** A disc around (x, y) on a grey that differs from seed to seed. */
export function disc(colour: string, x: number, y: number, seed = 1): Sharp {
  const { width, height } = thingSize;
  const grey = 100 + Math.floor(seededRandom(seed)() * 80);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
<rect width="100%" height="100%" fill="rgb(${grey},${grey},${grey})"/>
<circle cx="${x}" cy="${y}" r="34" fill="${colour}"/></svg>`;
  return sharp(Buffer.from(svg)).removeAlpha().png();
}

/** Writes so many discs of each colour, in places that differ, into one folder for each. */
export async function writeDiscs(
  root: string,
  folders: Readonly<Record<string, string>>,
  each: number,
  seed = 1,
): Promise<void> {
  const random = seededRandom(seed);
  for (const [folder, colour] of Object.entries(folders)) {
    for (let n = 0; n < each; n++) {
      const [x, y] = [40 + random() * 160, 40 + random() * 80].map(Math.round);
      const path = join(root, folder, `${n}.png`);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, await disc(colour, x!, y!, seed * 1000 + n).toBuffer());
    }
  }
}

/** Trains on the folder and writes the model's file. */
export async function trainOn(root: string, file: string, home: string): Promise<void> {
  const config = { ...readConfig({ WHOSIN_HOME: home }), threads: 1 };
  const reader = openPictureReader(cocoMobilenetV3, config);
  const cache = openCache(home, writeFileAtomically);
  const { model } = await trainPictures(root, cocoMobilenetV3, reader, cache, (graph) =>
    openComputation(graph, config),
  );
  await reader.close();
  await writeFile(file, writePictureModel(model));
}

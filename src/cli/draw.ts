/** Annotated copies of photos for `identify --draw` and the demo. The photos themselves are never written to. */

import { mkdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { scaleBox } from '../core/geometry.ts';
import { WhosinError } from '../errors.ts';
import type { IdentifiedPhoto } from '../faces/identify.ts';
import { readPhotoFile } from '../faces/read-album.ts';
import { writeFileAtomically } from '../runtime/atomic-file.ts';
import { decodePhoto } from '../runtime/decode.ts';
import { drawLabels, isDrawing, type Label } from '../runtime/draw.ts';
import { probability } from './output.ts';

type ReadPhoto = Extract<IdentifiedPhoto, { faces: unknown }>;

export interface Drawings {
  readonly folder: string;
  readonly names: Set<string>;
}

export async function openDrawings(folder: string): Promise<Drawings> {
  await mkdir(folder, { recursive: true }).catch(() => {});
  const info = await stat(folder).catch(() => undefined);
  if (!info?.isDirectory())
    throw new WhosinError('cannot-write', `Cannot make the folder ${folder} for --draw.`);
  return { folder, names: new Set() };
}

/** @returns the path of the copy: `<name>-whosin.jpg`, numbered where two photos have one name */
export async function drawPhoto({ folder, names }: Drawings, photo: ReadPhoto): Promise<string> {
  const { image, width } = await decodePhoto(await readPhotoFile(photo.path), photo.path);
  const scale = image.width / width;
  const labels = photo.faces.map(
    ({ box, decision }): Label => ({
      box: scaleBox(box, scale),
      text: decision.kind === 'known' ? `${decision.person} ${probability(decision.probability)}` : 'unknown',
      tone: decision.kind,
    }),
  );
  const path = await freePath(folder, names, basename(photo.path, extname(photo.path)));
  await writeFileAtomically(path, await drawLabels(image, labels));
  return path;
}

/** A photo that happens to be called so is never written over; a copy of an earlier run is. */
async function freePath(folder: string, names: Set<string>, stem: string): Promise<string> {
  for (let n = 1; ; n++) {
    const name = n === 1 ? `${stem}-whosin.jpg` : `${stem}-whosin-${n}.jpg`;
    const path = join(folder, name);
    // Many disks take A and a for one name.
    if (names.has(name.toLowerCase()) || !(await isFreeOrDrawn(path))) continue;
    names.add(name.toLowerCase());
    return path;
  }
}

/** Whether a file is a copy that was drawn into the folder, by this run or an earlier one. */
export async function isDrawn({ folder }: Drawings, path: string): Promise<boolean> {
  return resolve(dirname(path)) === resolve(folder) && /-whosin(-\d+)?\.jpg$/.test(path) && isDrawing(path);
}

async function isFreeOrDrawn(path: string): Promise<boolean> {
  const there = await stat(path).catch(() => undefined);
  return there === undefined || isDrawing(path);
}

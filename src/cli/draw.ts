/** Annotated copies of photos for `identify --draw` and the demo. The photos themselves are never written to. */

import { mkdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { scaleBox } from '../core/geometry.ts';
import { WhosinError } from '../errors.ts';
import type { IdentifiedPhoto } from '../faces/people/identify.ts';
import { readPhotoFile } from '../photos/photo-content.ts';
import { probability } from '../report/words.ts';
import { writeFileAtomically } from '../runtime/atomic-file.ts';
import { decodePhoto, type Photo } from '../runtime/decode.ts';
import { drawLabels, isDrawing, type Label } from '../runtime/draw.ts';
import { resize } from '../runtime/resize.ts';

export type DrawnPhoto = Pick<Extract<IdentifiedPhoto, { kind: 'photo' }>, 'path' | 'faces'>;

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

/** The faces of a photo, each with its name. */
export async function drawPhoto(drawings: Drawings, photo: DrawnPhoto): Promise<string> {
  const labels = photo.faces.map(
    ({ box, decision }): Label => ({
      box,
      // Isolated, or a name written from right to left would carry the number along.
      text:
        decision.kind === 'known'
          ? `\u2068${decision.person}\u2069 ${probability(decision.probability)}`
          : 'unknown',
      tone: decision.kind,
    }),
  );
  return drawCopy(drawings, photo.path, labels);
}

/**
 * @param labels boxes in pixels of the upright photo
 * @returns the path of the copy: `<name>-whosin.jpg`, numbered where two photos have one name
 */
export async function drawCopy(
  { folder, names }: Drawings,
  photo: string,
  labels: readonly Label[],
): Promise<string> {
  const { image, width } = await enlarged(await decodePhoto(await readPhotoFile(photo), photo));
  const scale = image.width / width;
  const source = resolve(photo);
  const stem = shortened(basename(photo, extname(photo)));
  const path = await freePath(folder, names, stem, source);
  const scaled = labels.map((label) => ({ ...label, box: scaleBox(label.box, scale) }));
  await writeFileAtomically(path, await drawLabels(image, scaled, source));
  return path;
}

/** A thumbnail has no room for names: it is drawn at a size that has. */
const leastSide = 800;

async function enlarged(photo: Photo): Promise<Photo> {
  const { image } = photo;
  const by = leastSide / Math.max(image.width, image.height);
  if (by <= 1) return photo;
  return {
    ...photo,
    image: await resize(image, Math.round(image.width * by), Math.round(image.height * by)),
  };
}

/** Most file systems take names of 255 bytes; the rest is for what is added. */
function shortened(stem: string): string {
  let short = stem;
  while (Buffer.byteLength(short) > 200) short = short.slice(0, -1);
  // Half of a character may be left over.
  return short.replace(/[\uD800-\uDBFF]$/, '');
}

/** A file that happens to be called so is never written over; an earlier copy of the same photo is. */
async function freePath(folder: string, names: Set<string>, stem: string, source: string): Promise<string> {
  for (let n = 1; ; n++) {
    const name = n === 1 ? `${stem}-whosin.jpg` : `${stem}-whosin-${n}.jpg`;
    const path = join(folder, name);
    // Many disks take A and a for one name.
    if (names.has(name.toLowerCase()) || !(await isFree(path, source))) continue;
    names.add(name.toLowerCase());
    return path;
  }
}

/** Whether a file is a copy that was drawn into the folder, by this run or an earlier one. */
export async function isDrawn({ folder }: Drawings, path: string): Promise<boolean> {
  return resolve(dirname(path)) === resolve(folder) && /-whosin(-\d+)?\.jpg$/.test(path) && isDrawing(path);
}

async function isFree(path: string, source: string): Promise<boolean> {
  const there = await stat(path).catch(() => undefined);
  return there === undefined || isDrawing(path, source);
}

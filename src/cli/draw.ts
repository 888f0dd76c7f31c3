/** Annotated copies of photos for `identify --draw` and the demo. The photos themselves are never written to. */

import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { scaleBox } from '../core/geometry.ts';
import type { Label } from '../core/label.ts';
import { reasonOf, WhosinError } from '../errors.ts';
import type { IdentifiedFace } from '../faces/people/identify.ts';
import { bytesOf, type GivenPhoto, nameOf } from '../photos/photo-content.ts';
import { probability } from '../report/words.ts';
import { writeFileAtomically } from '../runtime/atomic-file.ts';
import { decodePhoto, type Photo } from '../runtime/decode.ts';
import { drawLabels, isDrawing } from '../runtime/draw.ts';
import { makeFolder } from '../runtime/make-folder.ts';
import { resize } from '../runtime/resize.ts';
import { isInside } from './copy-places.ts';

export interface Drawings {
  readonly folder: string;
  /** The paths of the copies, in small letters. */
  readonly names: Set<string>;
}

export async function openDrawings(folder: string): Promise<Drawings> {
  await makeDrawingFolder(folder);
  return { folder, names: new Set() };
}

/** Throws `cannot-write` naming the folder. */
export async function makeDrawingFolder(folder: string): Promise<void> {
  await makeFolder(folder).catch((error: unknown) => {
    const message = `Cannot make the folder ${folder} for --draw: ${reasonOf(error)}.`;
    throw new WhosinError('cannot-write', message, { cause: error, path: folder });
  });
}

/** More faces than this leave no room for words that tell nothing. */
const crowd = 8;

/** The faces of a photo, each with its name. */
export async function drawPhoto(
  drawings: Drawings,
  photo: GivenPhoto,
  faces: readonly IdentifiedFace[],
  place = '',
): Promise<string> {
  // In a crowd the colour has to do for those who are unknown.
  const unknown = faces.length > crowd ? '' : 'unknown';
  const labels = faces.map(
    ({ box, decision }): Label => ({
      box,
      // Isolated, or a name written from right to left would carry the number along.
      text:
        decision.kind === 'known'
          ? `\u2068${decision.person}\u2069 ${probability(decision.probability)}`
          : unknown,
      tone: decision.kind,
    }),
  );
  return drawCopy(drawings, photo, labels, place);
}

/**
 * @param labels boxes in pixels of the upright photo
 * @param place of the copy, relative to the folder of all copies
 * @returns the path of the copy: `<name>-whosin.jpg`, numbered where two photos of one place have one name
 */
export async function drawCopy(
  { folder, names }: Drawings,
  photo: GivenPhoto,
  labels: readonly Label[],
  place = '',
): Promise<string> {
  const [name, bytes] = [nameOf(photo), await bytesOf(photo)];
  const { image, width } = await enlarged(await decodePhoto(bytes, name), labels);
  const scale = image.width / width;
  const source = await subjectOf(photo, bytes);
  const stem = stemOf(photo);
  const path = await freePath(join(folder, place), names, stem, source);
  const scaled = labels.map((label) => ({ ...label, box: scaleBox(label.box, scale) }));
  await writeFileAtomically(path, await drawLabels(image, scaled, source));
  return path;
}

/** By what a drawing remembers its photo: the file, or, of what came through a pipe, the bytes. */
export async function subjectOf(photo: GivenPhoto, bytes: Uint8Array): Promise<string> {
  if (typeof photo !== 'string') return createHash('sha256').update(bytes).digest('hex');
  return realpath(photo).catch(() => resolve(photo));
}

/** How the files are called that are made of a photo. */
export function stemOf(photo: GivenPhoto): string {
  const name = nameOf(photo);
  return shortened(basename(name, extname(name)).replaceAll(/[<>]/g, ''));
}

/** A thumbnail, and a photo of many small faces, have no room for names: they are drawn at a size that has. */
const leastSide = 800;
const leastFace = 96;
const mostSide = 2400;

async function enlarged(photo: Photo, labels: readonly Label[]): Promise<Photo> {
  const { image, width } = photo;
  const side = Math.max(image.width, image.height);
  const widths = labels.map(({ box }) => (box.width * image.width) / width).toSorted((a, b) => a - b);
  const middle = widths[widths.length >> 1] ?? leastFace;
  const by = Math.max(leastSide / side, Math.min(leastFace / middle, mostSide / side));
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
    if (names.has(path.toLowerCase()) || !(await isFree(path, source))) continue;
    names.add(path.toLowerCase());
    return path;
  }
}

/** Whether a file is a copy that was drawn into the folder, by this run or an earlier one. */
export async function isDrawn({ folder }: Drawings, path: string): Promise<boolean> {
  return isInside(folder, path) && /-whosin(-\d+)?\.jpg$/.test(path) && isDrawing(path);
}

async function isFree(path: string, source: string): Promise<boolean> {
  const there = await stat(path).catch(() => undefined);
  return there === undefined || isDrawing(path, source);
}

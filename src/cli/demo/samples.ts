/** The six photos of the demo, and the folders that it teaches from. */

import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Size, scaleBox } from '../../core/geometry.ts';
import { WhosinError } from '../../errors.ts';
import type { Face } from '../../faces/find/face.ts';
import { readPhoto } from '../../faces/find/read-album.ts';
import { faceThumbnail } from '../../faces/find/thumbnail.ts';
import type { Faces } from '../../faces/open-faces.ts';
import { samplePath } from '../../packs/sample-photos.ts';
import { bytesOf } from '../../photos/photo-content.ts';
import { jpegAddress } from '../../report/html.ts';
import { writeFileAtomically } from '../../runtime/atomic-file.ts';
import { decodePhoto } from '../../runtime/decode.ts';
import { encodeJpeg } from '../../runtime/draw.ts';
import { resize } from '../../runtime/resize.ts';
import type { Progress } from '../terminal/progress.ts';

/** Some people of the lessons are in the questions again, beside others who are not. */
export const lessons = ['sample2.jpg', 'sample3.jpg', 'sample5.jpg', 'sample6.jpg'];
export const questions = ['sample1.jpg', 'sample4.jpg'];

/** A lesson shows twice the face, pixel for pixel. */
const lessonMargin = 2;
const thumbnailSide = 168;
const pagePhotoWidth = 1000;

const marker = '.whosin-demo';

/** Throws `cannot-write` where the folder holds anything that a demo did not write. */
export async function openDemoFolder(folder: string): Promise<void> {
  const content = await readdir(folder).catch((): string[] => []);
  if (content.length > 0 && !content.includes(marker)) {
    throw new WhosinError(
      'cannot-write',
      `${folder} holds files that are not from a demo: name an empty or a new folder with --output.`,
    );
  }
  await writeFileAtomically(
    join(folder, marker),
    'This folder was made by whosin demo, which may empty it.\n',
  );
}

/** One folder for each person, with the faces of the lessons in it: the layout that `whosin train` reads. */
export async function writeLessons(
  folder: string,
  people: readonly { readonly name: string; readonly faces: readonly (SampleFace & { photo: string })[] }[],
): Promise<void> {
  // An earlier demo may have grouped differently.
  await rm(folder, { recursive: true, force: true });
  for (const { name, faces } of people) {
    for (const { photo, jpeg } of faces.filter((face) => lessons.includes(face.photo))) {
      await writeFileAtomically(join(folder, name, photo), jpeg);
    }
  }
}

export type SampleFace = Face & { readonly jpeg: Uint8Array; readonly picture: string };

export interface SamplePhoto extends Size {
  readonly name: string;
  readonly path: string;
  /** Address of a copy for the page. */
  readonly picture: string;
  readonly faces: readonly SampleFace[];
}

/** @param folder gets copies of the photos: a package may be gone tomorrow, and an album needs its photos */
export async function readSamples(folder: string, tools: Faces, progress: Progress): Promise<SamplePhoto[]> {
  const files = [...lessons, ...questions];
  const photos: SamplePhoto[] = [];
  for (const name of files) {
    const path = join(folder, name);
    const bytes = await bytesOf(samplePath(name));
    await writeFileAtomically(path, bytes);
    const { image, width, height } = await decodePhoto(bytes, path);
    const scale = image.width / width;
    const faces: SampleFace[] = [];
    // The cache has them for the album.
    const reading = await readPhoto(path, tools.reader, tools.cache);
    if ('error' in reading) throw reading.error;
    for (const face of reading.photo.faces.toSorted((a, b) => a.box.left - b.box.left)) {
      const box = scaleBox(face.box, scale);
      const side = Math.round(Math.max(box.width, box.height) * lessonMargin);
      const crop = faceThumbnail(image, box, side, lessonMargin);
      const small = await resize(crop, thumbnailSide, thumbnailSide);
      faces.push({
        ...face,
        jpeg: await encodeJpeg(crop, 95),
        picture: jpegAddress(await encodeJpeg(small)),
      });
    }
    const small = await resize(image, pagePhotoWidth, Math.round((pagePhotoWidth * height) / width));
    photos.push({ name, path, width, height, faces, picture: jpegAddress(await encodeJpeg(small, 80)) });
    progress.update(photos.length, files.length);
  }
  progress.stop();
  return photos;
}

/** The six photos of the demo, and the folders that it teaches from. */

import { readdir, rm, rmdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Size, scaleBox } from '../core/geometry.ts';
import type { Face } from '../faces/face.ts';
import { readPhotoFile } from '../faces/read-album.ts';
import { type FaceReader, faceThumbnail } from '../faces/read-faces.ts';
import { writeFileAtomically } from '../runtime/atomic-file.ts';
import { decodePhoto } from '../runtime/decode.ts';
import { encodeJpeg } from '../runtime/draw.ts';
import { resize } from '../runtime/resize.ts';
import { jpegAddress } from './html.ts';
import type { Progress } from './output.ts';

/** Some people of the lessons are in the questions again, beside others who are not. */
export const lessons = ['sample1.jpg', 'sample2.jpg', 'sample5.jpg', 'sample6.jpg'];
export const questions = ['sample3.jpg', 'sample4.jpg'];

/** Large enough that nothing is lost for the networks. */
const lessonSide = 512;
const thumbnailSide = 168;
const pagePhotoWidth = 1000;

/** One folder for each person, with the faces of the lessons in it: the layout that `whosin train` reads. */
export async function writeLessons(
  folder: string,
  people: readonly { readonly name: string; readonly faces: readonly (SampleFace & { photo: string })[] }[],
): Promise<void> {
  await removeLessons(folder);
  for (const { name, faces } of people) {
    for (const { photo, jpeg } of faces.filter((face) => lessons.includes(face.photo))) {
      await writeFileAtomically(join(folder, name, photo), jpeg);
    }
  }
}

/** An earlier demo may have grouped differently. Takes away what a demo wrote there, and nothing else. */
async function removeLessons(folder: string): Promise<void> {
  for (const person of await readdir(folder).catch(() => [])) {
    for (const lesson of lessons) await rm(join(folder, person, lesson), { force: true });
    await rmdir(join(folder, person)).catch(() => {});
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

export async function readSamples(reader: FaceReader, progress: Progress): Promise<SamplePhoto[]> {
  const samples = join(
    dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')),
    'demo',
  );
  const files = [...lessons, ...questions];
  const photos: SamplePhoto[] = [];
  for (const name of files) {
    const path = join(samples, name);
    const photo = await decodePhoto(await readPhotoFile(path), path);
    const { image, width, height } = photo;
    const scale = image.width / width;
    const faces: SampleFace[] = [];
    const found = (await reader.read(photo)).faces.toSorted((a, b) => a.box.left - b.box.left);
    for (const face of found) {
      const crop = faceThumbnail(image, scaleBox(face.box, scale), lessonSide, 2);
      const small = await resize(crop, thumbnailSide, thumbnailSide);
      faces.push({
        ...face,
        jpeg: await encodeJpeg(crop, 92),
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

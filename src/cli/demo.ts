/** `whosin demo`: the main job, start to end, on six photos that come inside a package whosin needs anyway. */

import { readdir, rm, rmdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { scaleBox, type Size } from '../core/geometry.ts';
import { groupFaces } from '../faces/cluster.ts';
import type { Face } from '../faces/face.ts';
import { decide } from '../faces/gallery.ts';
import { readPhotoFile } from '../faces/read-album.ts';
import { openFaces } from '../faces/open-faces.ts';
import { savePeopleModel } from '../faces/people-model.ts';
import { type FaceReader, faceThumbnail } from '../faces/read-faces.ts';
import { project } from '../learn/two-covariance.ts';
import { writeFileAtomically } from '../runtime/atomic-file.ts';
import { decodePhoto } from '../runtime/decode.ts';
import { encodeJpeg } from '../runtime/draw.ts';
import { resize } from '../runtime/resize.ts';
import { demoPage } from './demo-page.ts';
import { drawPhoto, openDrawings } from './draw.ts';
import { jpegAddress } from './html.ts';
import { count, note, type Progress, print, probability, progressBar } from './output.ts';

/** Two people of the lessons are in the questions again, beside others who are not. */
const lessons = ['sample1.jpg', 'sample2.jpg', 'sample5.jpg', 'sample6.jpg'];
const questions = ['sample3.jpg', 'sample4.jpg'];

// biome-ignore format: a list to read
const names = ['Ada', 'Bea', 'Cleo', 'Dora', 'Eve', 'Fay', 'Gia', 'Hana', 'Ida', 'Joy', 'Kim', 'Lea', 'Mia', 'Nora',
  'Ola', 'Pia', 'Rosa', 'Sia', 'Tess', 'Una', 'Vera', 'Wren', 'Xenia', 'Yara', 'Zoe'];

/** Large enough that nothing is lost for the networks. */
const lessonSide = 512;
const thumbnailSide = 168;
const pagePhotoWidth = 1000;

export function demoCommand(): Command {
  const command = new Command('demo')
    .description('Show everything on six photos that come with whosin: find, group, teach, ask.')
    .option('-o, --output <dir>', 'where the pictures and the page go', 'whosin-demo')
    .action(async ({ output }) => {
      const folder = resolve(output);
      const { reader, background, train, close } = await openFaces();
      const photos = await readSamples(reader, progressBar('Finding faces'));
      print(
        `Found ${count(
          photos.reduce((sum, p) => sum + p.faces.length, 0),
          'face',
        )} in ${photos.length} photos.`,
      );

      const faces = photos.flatMap((photo) => photo.faces.map((face) => ({ ...face, photo: photo.name })));
      const groups = groupFaces(
        background,
        faces.map(({ photo, quality, embedding }) => ({
          photo,
          quality,
          z: project(background, embedding.values),
        })),
      );
      const people = groups.map((members, i) => ({
        name: names[i] ?? `Person ${i + 1}`,
        faces: members.map((at) => faces[at]!),
        taught: members.some((at) => lessons.includes(faces[at]!.photo)),
      }));
      print(`Grouped them into ${count(people.length, 'person', 'people')}, without labels.`);

      const peopleFolder = join(folder, 'people');
      await removeLessons(peopleFolder);
      for (const { name, faces: own } of people) {
        for (const { photo, jpeg } of own.filter((face) => lessons.includes(face.photo))) {
          await writeFileAtomically(join(peopleFolder, name, photo), jpeg);
        }
      }
      const { model } = await train(peopleFolder, { validation: 0 });
      await savePeopleModel(join(folder, 'people.onnx'), model);
      print(`Taught ${count(model.people.length, 'person', 'people')} from ${lessons.length} photos.`);

      const drawings = await openDrawings(folder);
      const asked = photos
        .filter((photo) => questions.includes(photo.name))
        .map((photo) => {
          const decisions = decide(model, photo.faces);
          return { ...photo, faces: photo.faces.map((face, i) => ({ ...face, decision: decisions[i]! })) };
        });
      for (const photo of asked) {
        await drawPhoto(drawings, photo);
        for (const { decision } of photo.faces) {
          const answer = decision.kind === 'known' ? decision.person : 'unknown';
          print(`  ${photo.name}: ${answer} ${probability(decision.probability)}`);
        }
      }
      await close();
      const page = join(folder, 'index.html');
      const taught = photos.filter((photo) => lessons.includes(photo.name));
      await writeFileAtomically(page, demoPage({ taught, asked, people }));
      note('');
      print(`Pictures, model and page are in ${folder}\nOpen ${page}`);
    });
  return command as unknown as Command;
}

/** An earlier demo may have grouped differently. Takes away what a demo wrote there, and nothing else. */
async function removeLessons(folder: string): Promise<void> {
  for (const person of await readdir(folder).catch(() => [])) {
    for (const lesson of lessons) await rm(join(folder, person, lesson), { force: true });
    await rmdir(join(folder, person)).catch(() => {});
  }
}

type SampleFace = Face & { readonly jpeg: Uint8Array; readonly picture: string };

interface SamplePhoto extends Size {
  readonly name: string;
  readonly path: string;
  /** Address of a copy for the page. */
  readonly picture: string;
  readonly faces: readonly SampleFace[];
}

async function readSamples(reader: FaceReader, progress: Progress): Promise<SamplePhoto[]> {
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

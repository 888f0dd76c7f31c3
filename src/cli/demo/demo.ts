/** `whosin demo`: the main jobs, start to end, on six photos that come inside a package whosin needs anyway. */

import { extname, join, relative, resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { openAlbum } from '../../album/open-album.ts';
import type { Config } from '../../config.ts';
import { openFaces } from '../../faces/open-faces.ts';
import { groupFaces } from '../../faces/people/cluster.ts';
import { decide } from '../../faces/people/gallery.ts';
import { savePeopleModel } from '../../faces/people/people-model.ts';
import { project } from '../../learn/odds/two-covariance.ts';
import { demoPage } from '../../report/demo-page.ts';
import { count, forShell, probability } from '../../report/words.ts';
import { writeFileAtomically } from '../../runtime/atomic-file.ts';
import { drawPhoto, openDrawings } from '../draw.ts';
import type { Invocation } from '../terminal/invocation.ts';
import { print } from '../terminal/output.ts';
import { progressBar } from '../terminal/progress.ts';
import { lessons, openDemoFolder, questions, readSamples, writeLessons } from './samples.ts';

// biome-ignore format: a list to read
const names = ['Ada', 'Bea', 'Cleo', 'Dora', 'Eve', 'Fay', 'Gia', 'Hana', 'Ida', 'Joy', 'Kim', 'Lea', 'Mia', 'Nora',
  'Ola', 'Pia', 'Rosa', 'Sia', 'Tess', 'Una', 'Vera', 'Wren', 'Xenia', 'Yara', 'Zoe'];

export function demoCommand(run: Invocation): Command {
  return new Command('demo')
    .description(
      'Run whosin on six photos that come with it: find faces, group them, train, identify, make an album.',
    )
    .option('-o, --output <dir>', 'where the pictures, the page and the album go', 'whosin-demo')
    .action(({ output }) => runDemo(resolve(output), run.config));
}

async function runDemo(folder: string, config: Config): Promise<void> {
  const page = join(folder, 'index.html');
  await openDemoFolder(folder);
  const tools = await openFaces({ config });
  const bar = progressBar('Finding faces');
  const photos = await readSamples(join(folder, 'photos'), tools, bar).finally(() => bar.stop());
  const faces = photos.flatMap((photo) => photo.faces.map((face) => ({ ...face, photo: photo.name })));
  print(`Found ${count(faces.length, 'face')} in ${photos.length} photos.`);

  const unnamed = faces.map(({ photo, quality, embedding }) => ({
    photo,
    quality,
    z: project(tools.background, embedding.values),
  }));
  const people = groupFaces(tools.background, unnamed).map((members, i) => ({
    name: names[i] ?? `Person ${i + 1}`,
    faces: members.map((at) => faces[at]!),
    taught: members.some((at) => lessons.includes(faces[at]!.photo)),
  }));
  print(`Grouped them into ${count(people.length, 'person', 'people')}, without labels.`);

  await writeLessons(join(folder, 'people'), people);
  const { model } = await tools.train(join(folder, 'people'), { validation: 0 });
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
    await drawPhoto(drawings, photo.path, photo.faces);
    const answers = photo.faces.map(
      ({ decision: d }) => `${d.kind === 'known' ? d.person : 'unknown'} (${probability(d.probability)})`,
    );
    print(`Asked about ${photo.name}: ${answers.join(', ')}`);
  }

  const taught = photos.filter((photo) => lessons.includes(photo.name));
  await writeFileAtomically(page, demoPage({ taught, asked, people }));

  // It closes what it reads faces with.
  const album = await openAlbum(join(folder, 'album.db'), { config, faces: async () => tools });
  try {
    await album.add([join(folder, 'photos')]);
  } finally {
    await album.close();
  }
  print(`\nPictures, model, page and an album are in ${folder}`);
  print(`Open ${page}`);
  print(`Name the faces yourself: ${ownCommand()} serve --album ${forShell(album.place)}`);
}

/** As it was called: `whosin` is on no path in a checkout. */
function ownCommand(): string {
  const [, script = ''] = process.argv;
  return extname(script) === '.js' ? `node ${forShell(relative('', script))}` : 'whosin';
}

/**
 * Trains on the first N photos of each person of a folder and asks about the rest, as a user would: a photo
 * counts as right where the person's name is given to a face, as wrong where any face gets another name.
 *
 *   npx tsx bench/holdout.ts FOLDER [N=15] [--detector=FILE]
 */

import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { openFaces } from '../src/faces/index.ts';
import { benchPack, withWhich } from './support/detector-pack.ts';
import { report as keep, places } from './support/results.ts';

const [folder, count = '15'] = places;
if (folder === undefined) throw new Error('Usage: npx tsx bench/holdout.ts FOLDER [N]');
const lessons = await mkdtemp(join(tmpdir(), 'whosin-holdout-'));
const questions: string[] = [];
for (const person of (await readdir(folder)).toSorted()) {
  const photos = (await readdir(join(folder, person))).toSorted();
  await mkdir(join(lessons, person));
  for (const photo of photos.slice(0, Number(count))) {
    await symlink(resolve(folder, person, photo), join(lessons, person, photo));
  }
  questions.push(...photos.slice(Number(count)).map((photo) => join(folder, person, photo)));
}
const faces = await openFaces({ pack: benchPack });
const { model, report } = await faces.train(lessons, { validation: 0 });
for (const { path, person } of report.likelyWrong)
  console.log(`left out of the lessons: ${path} (${person})`);
for (const { path, reason } of report.skipped) console.log(`left out of the lessons: ${path} ${reason}`);
let [right, wrong, noFace] = [0, 0, 0];
for await (const photo of faces.identify(questions, model)) {
  if (photo.kind === 'failure') throw photo.error;
  const person = basename(dirname(photo.path));
  const given = photo.faces.flatMap(({ decision }) => (decision.kind === 'known' ? [decision] : []));
  const others = given.filter((decision) => decision.person !== person);
  if (photo.faces.length === 0) noFace++;
  if (others.length > 0) wrong++;
  if (others.length < given.length) right++;
  const named = given.map((d) => `${d.person} ${d.probability.toFixed(3)}`).join(', ');
  const closest = photo.faces.map(
    ({ decision: d }) => `${d.candidates[0]?.person} ${d.candidates[0]?.probability.toFixed(3)}`,
  );
  if (others.length > 0 || others.length === given.length) {
    console.log(`${person}/${basename(photo.path)}: named [${named}], nearest [${closest.join(', ')}]`);
  }
}
await faces.close();
await rm(lessons, { recursive: true });
const share = (n: number): string =>
  `${n} of ${questions.length} (${((100 * n) / questions.length).toFixed(1)} %)`;
await keep('holdout', {
  title: `${withWhich}${basename(folder)}: the first ${count} photos of each person learnt, asked about the rest`,
  rows: [{ 'right name': share(right), 'wrong name': share(wrong), 'no face found': share(noFace) }],
});

/**
 * One face against a thousand to a million enrolled faces: `decide` beside comparing with everybody.
 *
 *   npx tsx bench/gallery.ts [--quick]
 *
 * People and photos are drawn from the two-covariance model that is shipped, whose pairs are as alike as those of
 * real photos; of every twenty people two are look-alikes of the first. A third of the faces asked about are of
 * enrolled people, a third of look-alikes of one, a third of strangers. Both ways answer each face in turn. One is
 * timed on the whole, embedding to decision, in one thread; its CPU time tells more on a busy machine.
 */

import { performance } from 'node:perf_hooks';
import { seededRandom } from '../src/core/random.ts';
import { loadBackground } from '../src/faces/people/background-file.ts';
import { decide, decision, type Probe, posterior } from '../src/faces/people/gallery.ts';
import type { PeopleModel } from '../src/faces/people/model-file.ts';
import { emptyHead } from '../src/learn/layer/head.ts';
import { enrol } from '../src/learn/odds/two-covariance.ts';
import { faceApiPack } from '../src/models/face-api.ts';
import { asItIs, drawPerson, drawPhoto, seededNormal, withoutCrowd } from '../test/synthetic-people.ts';
import { isQuick, median, type Row, report } from './support/results.ts';

interface Gallery {
  readonly people: number;
  readonly photosEach: number;
}

const onePhotoEach = (people: number): Gallery => ({ people, photosEach: 1 });
const galleries: readonly Gallery[] = isQuick
  ? [{ people: 10, photosEach: 20 }, onePhotoEach(1000), onePhotoEach(10_000), onePhotoEach(50_000)]
  : [
      { people: 10, photosEach: 20 },
      ...[1000, 10_000, 100_000, 1_000_000].map(onePhotoEach),
      { people: 50_000, photosEach: 20 },
    ];
const asked = 300;
/** So many of them are compared with everybody too. */
const compared = isQuick ? 30 : 60;
const shown = 5;

const background = asItIs(withoutCrowd(await loadBackground(faceApiPack)));
const rows: Row[] = [];
const ratios: string[] = [];
for (const gallery of galleries) {
  const row = measure(gallery);
  rows.push(row);
  console.error(JSON.stringify(row));
}
await report('gallery', {
  title: `One face against everybody enrolled: ${asked} faces, ${compared} of them both ways`,
  rows,
  notes: [
    ...ratios,
    'Recall: of the five likeliest people by comparing with everybody, the share that decide names among its five.',
    'First: faces for which both name the same person first. Unknown: largest difference of P(unknown).',
  ],
});

function measure({ people, photosEach }: Gallery): Row {
  const normal = seededNormal(people + photosEach);
  const places: Float32Array[] = [];
  const before = process.memoryUsage().rss;
  const templates = Array.from({ length: people }, (_, i) => {
    const original = i % 20 === 1 || i % 20 === 2 ? places[i - (i % 20)]! : undefined;
    const place = original ? alike(original, normal) : drawPerson(background, normal);
    places.push(place);
    const photo = (): { z: Float32Array; quality: number } => ({ z: drawPhoto(place, normal), quality: 1 });
    return enrol(background, Array.from({ length: photosEach }, photo));
  });
  const model: PeopleModel = {
    space: 'made/1',
    people: places.map((_, i) => `person ${i}`),
    background,
    templates,
    head: emptyHead(people, background.between.length),
    gallery: [],
    priorUnknown: 0.5,
    minProbability: 0.5,
    report: null,
  };
  const made = process.memoryUsage().rss;
  const random = seededRandom(people);
  const faces = Array.from({ length: asked }, (_, i): Probe => {
    const own = places[Math.floor((random() * people) / 20) * 20]!;
    const person = [own, alike(own, normal), drawPerson(background, normal)][i % 3]!;
    return { embedding: { space: model.space, values: drawPhoto(person, normal) }, quality: 1 };
  });
  // The first face waits for this.
  const build = timed(() => decide(model, [faces[0]!]));
  const built = process.memoryUsage().rss;
  for (const face of faces.slice(0, 20)) decide(model, [face]);

  const [one, all] = [[], []] as [Timed<unknown>[], Timed<unknown>[]];
  let [found, wanted, first, farthest] = [0, 0, 0, 0];
  for (const [i, face] of faces.entries()) {
    const by = timed(() => decide(model, [face])[0]!);
    one.push(by);
    if (i >= compared) continue;
    const exact = timed(() => decision(model, posterior(model, face)));
    all.push(exact);
    const names = new Set(by.value.candidates.map(({ person }) => person));
    for (const { person } of exact.value.candidates.slice(0, shown)) {
      wanted++;
      if (names.has(person)) found++;
    }
    if (by.value.candidates[0]!.person === exact.value.candidates[0]!.person) first++;
    farthest = Math.max(farthest, Math.abs(by.value.unknown - exact.value.unknown));
  }
  const walls = one.map(({ wall }) => wall);
  const plain = median(all.map(({ cpu }) => cpu));
  const cpu = median(one.map((run) => run.cpu));
  const faceCount = (people * photosEach).toLocaleString('en');
  ratios.push(
    `${faceCount} enrolled faces: ${(plain / cpu).toFixed(1)} × less CPU time than comparing with everybody.`,
  );
  return {
    people: people.toLocaleString('en'),
    'photos each': photosEach,
    'ms median': median(walls).toFixed(2),
    'ms p99': walls.toSorted((a, b) => a - b)[Math.ceil(0.99 * walls.length) - 1]!.toFixed(2),
    'ms least': Math.min(...walls).toFixed(2),
    'CPU ms': cpu.toFixed(2),
    'everybody, CPU ms': plain.toFixed(2),
    'first face, s': (build.wall / 1000).toFixed(2),
    'people, MB': Math.round((made - before) / 2 ** 20),
    'index, MB': Math.round((built - made) / 2 ** 20),
    recall: (found / wanted).toFixed(4),
    first: `${first}/${compared}`,
    unknown: farthest.toExponential(1),
  };
}

/** As alike as an older and a younger brother: four fifths of the way that leads from the mean to the other. */
function alike(place: Float32Array, normal: () => number): Float32Array {
  return drawPerson(background, normal).map((v, j) => 0.6 * v + 0.8 * place[j]!);
}

interface Timed<T> {
  readonly value: T;
  /** Milliseconds. */
  readonly wall: number;
  readonly cpu: number;
}

function timed<T>(work: () => T): Timed<T> {
  const used = process.cpuUsage();
  const began = performance.now();
  const value = work();
  const wall = performance.now() - began;
  const { user, system } = process.cpuUsage(used);
  return { value, wall, cpu: (user + system) / 1000 };
}

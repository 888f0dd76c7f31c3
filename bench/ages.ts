/**
 * Templates of people whose birth dates are known: what stages of life are worth, and what wrong dates cost.
 *
 *   npx tsx bench/ages.ts [FACES=../shared/data/faces] [--quick]
 *
 * No set of photos here has dates. So the gain is measured on people whom the script makes up: drawn from the background
 * model, they change as they grow up, the faster the younger they are. How much real people change in these coordinates is
 * not known; the script tries several amounts. The harm is measured on sports-dev and celeb5: each photo gets an age at random.
 */

import { join } from 'node:path';
import { seededRandom } from '../src/core/random.ts';
import { loadBackground } from '../src/faces/people/background-file.ts';
import { chooseFaces, labelledFaces } from '../src/faces/people/consensus.ts';
import { calibrated, type KnownFace, type LikenessSetting } from '../src/faces/people/likeness.ts';
import { project } from '../src/learn/odds/two-covariance.ts';
import { faceApiPack } from '../src/models/face-api.ts';
import { compute } from './support/compute.ts';
import { drawLife, stageAt } from './support/made-lives.ts';
import { type AskedFace, type NamedShares, namedShares } from './support/named-shares.ts';
import { readReferencePhotos } from './support/reference-photos.ts';
import { isQuick, places, type Row, report } from './support/results.ts';

type People = readonly (readonly KnownFace[])[];

const [root = '../shared/data/faces'] = places;
const background = await loadBackground(faceApiPack);
const columns =
  'right, wrong: names by themselves, from a probability of 0.95 on, without stages → with them.';
await onMadePeople();
await onRealPeople();

/** Half of the people have names, the others are strangers. */
async function onMadePeople(): Promise<void> {
  const people = isQuick ? 16 : 60;
  const random = seededRandom(18);
  const years = (from: number, to: number, count: number): number[] =>
    Array.from({ length: count }, () => from + (to - from) * random());
  const cases = {
    '4 photos of ages 2 to 5, 30 of 20 to 40': () => [...years(2, 6, 4), ...years(20, 40, 30)],
    '30 photos of ages 0 to 30': () => years(0, 30, 30),
    '30 photos of ages 8 to 11': () => years(8, 12, 30),
  };
  const rows: Row[] = [];
  for (const change of [0, 0.25, 0.5, 1]) {
    for (const [photos, ages] of Object.entries(cases)) {
      const known: (readonly KnownFace[])[] = [];
      const asked: AskedFace[] = [];
      for (let i = 0; i < 2 * people; i++) {
        const faces = drawLife(background, random, [...years(2, 6, 4), ...ages()], change);
        if (i < people) known.push(faces.slice(4));
        for (const face of faces.slice(0, 4)) asked.push({ face, person: i < people ? i : null });
      }
      const plain = known.map(withoutStages);
      const setting = await settingAmong(plain);
      const without = namedShares(background, plain, asked, setting);
      const by = namedShares(background, known, asked, setting);
      rows.push({ change, 'a person has': photos, ...besides(without, by) });
    }
  }
  await report('ages', {
    title: `Made people: photos of ages 2 to 5 of ${people} people and as many strangers`,
    rows,
    notes: [
      columns,
      'change: how much a person changes from birth to 18 years; at 0 not at all, at 1 a newborn and the grown-up correlate by e⁻¹.',
    ],
  });
}

/** Each photo in turn is asked about by the others. */
async function onRealPeople(): Promise<void> {
  const draws = isQuick ? 2 : 20;
  const strangers = (await readReferencePhotos(join(root, 'lfw-dev'))).flatMap(({ nearest }, i) =>
    nearest === null || i % 3 > 0
      ? []
      : {
          face: { z: project(background, nearest.embedding.values), quality: nearest.quality },
          person: null,
        },
  );
  const rows: Row[] = [];
  for (const [set, folders] of [
    ['sports-dev', ['sports-dev']],
    ['celeb5', ['celeb5/train', 'celeb5/test']],
  ] as const) {
    const people = await knownPeople(folders);
    const setting = await settingAmong(people);
    const shares = (of: People): NamedShares =>
      namedShares(background, of, [...of.flatMap(eachOf), ...strangers], setting);
    const without = shares(people);
    const drawn = Array.from({ length: draws }, (_, draw) => {
      const random = seededRandom(draw + 1);
      return shares(people.map((own) => own.map((face) => ({ ...face, stage: stageAt(30 * random()) }))));
    });
    const mean = (key: keyof NamedShares): number => drawn.reduce((sum, own) => sum + own[key], 0) / draws;
    const by = { right: mean('right'), wrong: mean('wrong'), strangers: mean('strangers') };
    rows.push({ set, photos: people.flat().length, ...besides(without, by) });
  }
  await report('ages', {
    title: `Real people with ages from 0 to 30 at random, mean of ${draws} draws`,
    rows,
    notes: [columns, 'A photo is asked about by the others of its person; strangers are people of lfw-dev.'],
  });
}

async function knownPeople(folders: readonly string[]): Promise<People> {
  const photos = (await Promise.all(folders.map((folder) => readReferencePhotos(join(root, folder)))))
    .flat()
    .filter(({ faces }) => faces.length > 0);
  const choices = await chooseFaces(
    background,
    photos.map((photo) => ({ person: photo.person, faces: labelledFaces(background, photo) })),
    compute,
  );
  const people = new Map<string, KnownFace[]>(photos.map(({ person }) => [person, []]));
  for (const [i, { person, faces }] of photos.entries()) {
    const { face, verdict } = choices[i]!;
    const { embedding, quality } = faces[face]!;
    if (verdict !== 'doubtful')
      people.get(person)!.push({ z: project(background, embedding.values), quality, event: i, stage: null });
  }
  return [...people.values()];
}

/** As an album has it whose people have these faces. */
async function settingAmong(people: People): Promise<LikenessSetting> {
  return { people: people.length, recalibration: await calibrated(background, people, compute) };
}

function withoutStages(faces: readonly KnownFace[]): KnownFace[] {
  return faces.map((face) => ({ ...face, stage: null }));
}

function eachOf(faces: readonly KnownFace[], person: number): AskedFace[] {
  return faces.map((face) => ({ face, person }));
}

function besides(without: NamedShares, by: NamedShares): Row {
  const both = (key: keyof NamedShares): string =>
    `${(100 * without[key]).toFixed(2)} → ${(100 * by[key]).toFixed(2)} %`;
  return { right: both('right'), wrong: both('wrong'), 'strangers named': both('strangers') };
}

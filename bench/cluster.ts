/**
 * Faces without names become groups: how right they are, beside other ways to group the same faces.
 *
 *   npx tsx bench/cluster.ts [FACES=../shared/data/faces]
 *
 * Albums are the halves of lfw-dev, with and without the person who has most photos, and each half with all faces of
 * sports-dev and celeb5. The background of a half is fitted on the people of the other half and of cfp-dev. whosin has no threshold to
 * choose; each rival gets the one, and the similarity (cosine, or log odds), that is best for the other half's people.
 * Beside it stands the same linkage with the limit that is best for the other half's people.
 */

import { join } from 'node:path';
import type { ReferencePhoto } from '../src/faces/packs/reference-photos.ts';
import { groupFaces, type UnnamedFace } from '../src/faces/people/cluster.ts';
import { chooseFaces, labelledFaces } from '../src/faces/people/consensus.ts';
import { openGroupOdds } from '../src/learn/cluster/evidence.ts';
import { openLinkage } from '../src/learn/cluster/linkage.ts';
import { findNeighbours } from '../src/learn/cluster/neighbours.ts';
import { fitBackground } from '../src/learn/odds/background-fit.ts';
import { enrol, faceOdds, project, type TwoCovariance } from '../src/learn/odds/two-covariance.ts';
import { halvesByName, placeByName } from '../src/photos/folds.ts';
import { bcubed, clusterRow, type Truth } from './support/cluster-measures.ts';
import { averageLinkage, type RivalOf, rivals, type Similarities } from './support/cluster-rivals.ts';
import { compute } from './support/compute.ts';
import { facesToFitBeside, frontalFaces, readFrontalProfile } from './support/frontal-profile.ts';
import { readReferencePhotos } from './support/reference-photos.ts';
import { places, type Row, report } from './support/results.ts';

interface AlbumFace extends UnnamedFace {
  readonly values: Float32Array;
}

interface Album {
  readonly faces: readonly AlbumFace[];
  readonly truth: Truth;
  readonly background: TwoCovariance;
}

type Kind = 'cosine' | 'odds';

const [root = '../shared/data/faces'] = places;
const read = async (name: string): Promise<ReferencePhoto[]> => readReferencePhotos(join(root, name));
const lfw = await read('lfw-dev');
const few = [await read('sports-dev'), await read('celeb5/train'), await read('celeb5/test')].flat();
const further = frontalFaces(await readFrontalProfile(join(root, 'cfp-dev')));
const halves = halvesByName(lfw);
const albums: { readonly alone: Album; readonly without: Album; readonly mixed: Album }[] = [];
for (const [i, half] of halves.entries()) {
  const background = await fitBackground(
    facesToFitBeside(halves[1 - i]!, further, half),
    (person) => placeByName(person, 'again'),
    compute,
  );
  const most = mostPhotographed(half);
  albums.push({
    alone: nearestFaces(half, background),
    without: nearestFaces(
      half.filter(({ person }) => person !== most),
      background,
    ),
    mixed: joined(nearestFaces(half, background), await everyFace(few, background)),
  });
}
const alone = albums.map((own) => withSimilarities(own.alone));
const limits = Array.from({ length: 11 }, (_, i) => 9 - i / 2);
const bestLimits = alone.map(({ truth, faces, background }) => {
  const tried = limits.map((limit) => ({
    limit,
    f: bcubed(truth, linkedDownTo(limit, faces, background)).f,
  }));
  return tried.reduce((best, own) => (own.f > best.f ? own : best)).limit;
});
const settings = rivals.map((rival) => ({ rival, chosen: alone.map((own) => bestOf(rival, own)) }));
for (const [title, kind] of [
  ['Halves of lfw-dev', 'alone'],
  ['Halves of lfw-dev without the person who has most photos', 'without'],
  ['Halves of lfw-dev together with sports-dev and celeb5', 'mixed'],
] as const) {
  const rows: Row[] = [];
  for (const [i, own] of albums.entries()) rows.push(...rowsOf(i, own[kind]));
  await report('cluster', {
    title: `${title}: groups`,
    rows,
    notes: [
      'precision, recall, F: BCubed, with the 95 % interval over people; those of pairs count large groups more.',
      'A rival, and whosin in the second row, has the threshold that is best for the people of the other half; whosin itself has none: its limit is the logarithm of half the number of faces.',
    ],
  });
}

function rowsOf(half: number, album: Album): Row[] {
  const { truth, similarities } = withSimilarities(album);
  const before = averageLinkage(similarities.odds, Math.log(4 * album.faces.length));
  const row = (method: string, groups: readonly (readonly number[])[], threshold = ''): Row => ({
    half,
    method,
    ...clusterRow(truth, groups),
    threshold,
  });
  const linked = (limit: number) => linkedDownTo(limit, album.faces, album.background);
  return [
    row('whosin', groupFaces(album.background, album.faces)),
    row(
      'whosin, best limit of the other half',
      linked(bestLimits[1 - half]!),
      `odds ${bestLimits[1 - half]}`,
    ),
    row('whosin before (average linkage)', before),
    ...settings.map(({ rival, chosen }) => {
      const { kind, threshold } = chosen[1 - half]!;
      const setting = `${kind} ${Number(threshold.toPrecision(3))}`;
      return row(rival.name, rival.group(similarities[kind], threshold), setting);
    }),
  ];
}

/** The linkage of whosin, with a given limit. */
function linkedDownTo(
  limit: number,
  faces: readonly UnnamedFace[],
  background: TwoCovariance,
): (readonly number[])[] {
  const odds = openGroupOdds(background);
  const singles = faces.map(odds.single);
  const photos = new Map(faces.map(({ photo }, i) => [photo, i]));
  const exclusive = faces.map(({ photo }) => photos.get(photo)!);
  const neighbours = findNeighbours(background, odds, faces, singles, limit - 7);
  const linkage = openLinkage(odds, singles, neighbours, { exclusive }, limit);
  linkage.joinDownTo(limit);
  return linkage.groups().map(({ members }) => members);
}

interface Compared extends Album {
  readonly similarities: Readonly<Record<Kind, Similarities>>;
}

function withSimilarities(album: Album): Compared {
  const { faces, background } = album;
  const n = faces.length;
  const cosine = new Float32Array(n * n);
  const odds = new Float32Array(n * n);
  const units = faces.map(({ values }) => {
    const length = Math.sqrt(values.reduce((sum, v) => sum + v * v, 0));
    return values.map((v) => v / length);
  });
  for (const [a, face] of faces.entries()) {
    const template = enrol(background, [face]);
    for (let b = 0; b < a; b++) {
      let sum = 0;
      for (let j = 0; j < units[a]!.length; j++) sum += units[a]![j]! * units[b]![j]!;
      // Nobody is in a photo twice, for the rivals either.
      const isApart = face.photo === faces[b]!.photo;
      cosine[a * n + b] = cosine[b * n + a] = isApart ? -1 : sum;
      odds[a * n + b] = odds[b * n + a] = isApart ? -1000 : faceOdds(template, faces[b]!);
    }
  }
  return { ...album, similarities: { cosine: { faces: n, of: cosine }, odds: { faces: n, of: odds } } };
}

/** The setting with the highest F, by the labels. */
function bestOf({ group, thresholds, name }: RivalOf, { truth, similarities }: Compared) {
  const steps = (from: number, to: number): number[] =>
    Array.from({ length: 7 }, (_, i) => from + (i / 6) * (to - from));
  // HDBSCAN takes distances.
  const kinds: readonly Kind[] = name === 'HDBSCAN' ? ['cosine'] : ['cosine', 'odds'];
  const tried = kinds.flatMap((kind) =>
    (thresholds ?? (kind === 'cosine' ? steps(0.78, 0.9) : steps(3, 9))).map((threshold) => ({
      kind,
      threshold,
      f: bcubed(truth, group(similarities[kind], threshold)).f,
    })),
  );
  return tried.reduce((best, own) => (own.f > best.f ? own : best));
}

function mostPhotographed(photos: readonly ReferencePhoto[]): string {
  const counts = new Map<string, number>();
  for (const { person } of photos) counts.set(person, (counts.get(person) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]![0];
}

/** The face in the middle of each photo. */
function nearestFaces(photos: readonly ReferencePhoto[], background: TwoCovariance): Album {
  const seen = photos.filter(({ nearest }) => nearest !== null);
  return {
    background,
    truth: seen.map(({ person }) => person),
    faces: seen.map(({ path, nearest }) => faceOf(background, path, nearest!)),
  };
}

/** All faces; whose they are is known of those that `train` would choose. */
async function everyFace(photos: readonly ReferencePhoto[], background: TwoCovariance): Promise<Album> {
  const seen = photos.filter(({ faces }) => faces.length > 0);
  const choices = await chooseFaces(
    background,
    seen.map((photo) => ({ person: photo.person, faces: labelledFaces(background, photo) })),
    compute,
  );
  return {
    background,
    truth: seen.flatMap(({ person, faces }, i) =>
      faces.map((_, at) => (at === choices[i]!.face && choices[i]!.verdict !== 'doubtful' ? person : null)),
    ),
    faces: seen.flatMap(({ path, faces }) => faces.map((face) => faceOf(background, path, face))),
  };
}

function faceOf(
  background: TwoCovariance,
  photo: string,
  { embedding, quality }: NonNullable<ReferencePhoto['nearest']>,
): AlbumFace {
  const { values } = embedding;
  return { photo, quality, values, z: project(background, values) };
}

function joined(a: Album, b: Album): Album {
  return { ...a, faces: [...a.faces, ...b.faces], truth: [...a.truth, ...b.truth] };
}

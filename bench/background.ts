/**
 * How long it takes to fit a background, as `whosin models add` does once the photos are read: seven fits (six folds and
 * the whole), and how often different people are as much alike as two faces.
 *
 *   npx tsx bench/background.ts [FOLDER=../shared/data/faces/lfw-dev] [--quick]
 */

import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { performance } from 'node:perf_hooks';
import { measureFalseMatches } from '../src/faces/packs/measure-false-matches.ts';
import { facesToFit } from '../src/faces/packs/reference-photos.ts';
import { loadBackground } from '../src/faces/people/background-file.ts';
import { fitBackgroundByFolds } from '../src/learn/odds/background-fit.ts';
import { byPerson, type Labelled } from '../src/learn/odds/two-covariance-fit.ts';
import { faceApiPack } from '../src/models/face-api.ts';
import { placeByName } from '../src/photos/folds.ts';
import { drawPerson, drawPhoto, seededNormal } from '../test/synthetic-people.ts';
import { compute } from './support/compute.ts';
import { type AlbumSize, embedderOf, photosOf } from './support/made-album.ts';
import { readReferencePhotos } from './support/reference-photos.ts';
import { isQuick, places, type Row, report } from './support/results.ts';

const [folder = '../shared/data/faces/lfw-dev'] = places;
const made = isQuick ? { people: 300, photos: 900 } : { people: 1391, photos: 5119 };
const rows = [
  await fit(basename(folder), facesToFit(await readReferencePhotos(folder))),
  await fit('made', await drawFaces(made)),
];
await report('background', {
  title: `Fit of a background, ${availableParallelism()} threads`,
  rows,
  notes: [
    'CPU is seconds of all threads together, and means more than wall beside other work on the machine.',
  ],
});

async function fit(what: string, faces: readonly Labelled[]): Promise<Row> {
  const [began, before] = [performance.now(), process.cpuUsage()];
  const { model, folds } = await fitBackgroundByFolds(faces, placeByName, compute);
  const fitted = performance.now();
  const falseMatches = await measureFalseMatches(folds, model, what, compute);
  const { user, system } = process.cpuUsage(before);
  return {
    what,
    faces: faces.length,
    people: byPerson(faces).size,
    values: model.mean.length,
    'fit s': ((fitted - began) / 1000).toFixed(1),
    'false matches s': ((performance.now() - fitted) / 1000).toFixed(1),
    'CPU s': ((user + system) / 1e6).toFixed(1),
    pairs: falseMatches?.pairs ?? 0,
    scale: model.scale.toFixed(6),
    offset: model.offset.toFixed(6),
  };
}

/** As the shipped background sees people: as many values, as far apart. */
async function drawFaces({ people, photos }: AlbumSize): Promise<Labelled[]> {
  const background = await loadBackground(faceApiPack);
  const [normal, embed] = [seededNormal(people), embedderOf(background)];
  return photosOf({ people, photos }).flatMap((count, i) => {
    const place = drawPerson(background, normal);
    return Array.from({ length: count }, () => ({
      person: `person ${i}`,
      values: embed(drawPhoto(place, normal)),
      quality: 1,
    }));
  });
}

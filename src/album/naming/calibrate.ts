/** RECIPE: what do odds come to in this album? Fitted on the faces that were confirmed, each asked about by the others. */

import { calibrated } from '../../faces/people/likeness.ts';
import type { AlbumContext } from '../context.ts';
import { decideGroups } from './decide-groups.ts';
import { calibrationOf, setCalibration } from './likeness-setting.ts';
import { knownFaces } from './templates.ts';

/** Faces of each person that are used, so that the most frequent one does not speak for all. */
const mostFaces = 40;

/** It is fitted again where there are that many times as many faces, or as few. */
const growth = 1.5;

/** @returns whether it was fitted anew, and every group decided about again */
export async function calibrate(album: AlbumContext): Promise<boolean> {
  const { catalog, settings } = album;
  const { faces, last, people } = await catalog.read(async (tables) => ({
    faces: (await tables.answers.counts()).confirmed,
    last: (await calibrationOf(tables))?.faces ?? 0,
    people: await tables.people.all(),
  }));
  if (faces < last * growth && faces * growth > last) return false;
  if (faces === 0) return false;
  const { background, compute } = await album.faces();
  const known = await knownFaces(album, people, mostFaces);
  const fitted = await calibrated(background, [...known.values()], compute);
  await catalog.write(async (tables) => {
    await setCalibration(tables, { ...fitted, faces });
    await decideGroups(tables, await tables.groups.withCandidates(), settings);
  });
  return true;
}

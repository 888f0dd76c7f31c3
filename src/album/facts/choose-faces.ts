/**
 * Which faces somebody means: a group by its number (`3`), a face by its key, all or one of the faces of a photo by its
 * path (`party.jpg`, `party.jpg#2`: the second one from the left).
 */

import { resolve } from 'node:path';
import type { Answer } from '../../catalog/answers-table.ts';
import type { Tables } from '../../catalog/catalog.ts';
import type { CatalogFace } from '../../catalog/faces-table.ts';
import { WhosinError } from '../../errors.ts';
import { parseFaceKey } from './face-views.ts';
import { boxOnce, type Place, samePlaces } from './same-places.ts';

export type FaceChoice = string;

/**
 * @param person whose face is meant where a photo shows several
 * @returns ids. Throws `not-found` where there are no such faces, `usage` where it is not clear which one is meant
 */
export async function chooseFaces(
  tables: Tables,
  choice: FaceChoice,
  person?: number,
): Promise<readonly number[]> {
  if (/^\d+$/.test(choice)) return groupOf(tables, Number(choice));
  const key = parseFaceKey(choice);
  if (key === undefined) return inFile(tables, choice, person);
  const [photo] = await tables.photos.bySha256([key.sha256]);
  const faces = photo ? await tables.faces.ofPhotos([photo.id]) : [];
  const found = await faceAt(tables, faces, key);
  if (found) return [found.id];
  throw new WhosinError('not-found', `This album has no face ${choice}.`);
}

/** The face that lies at a place, as it is shown. */
export async function faceAt(
  { mentions }: Tables,
  faces: readonly CatalogFace[],
  place: Place,
): Promise<CatalogFace | undefined> {
  const boxes = await mentions.boxesOf(faces.map(({ id }) => id));
  const [found] = samePlaces(
    [place],
    faces.map(({ id, box, time }) => boxOnce({ box: boxes.get(id) ?? box, time: time?.at ?? null })),
  );
  return typeof found === 'number' ? faces[found] : undefined;
}

async function groupOf({ answers }: Tables, group: number): Promise<readonly number[]> {
  const faces = (await answers.inGroups([group])).filter(({ state }) => state !== 'not-a-face');
  if (faces.length > 0) return faces.map(({ face }) => face);
  throw new WhosinError('not-found', `There is no group ${group} (whosin album groups).`);
}

async function inFile(tables: Tables, choice: string, person?: number): Promise<readonly number[]> {
  const [, path, number] = /^(.*)#(\d+)$/.exec(choice) ?? [undefined, choice];
  const [row] = await tables.paths.find([resolve(path)]);
  const photo = row?.photo ?? null;
  if (photo === null)
    throw new WhosinError('not-found', `This album has no photo ${path} (whosin album add).`);
  const answers = new Map((await tables.answers.inPhotos([photo])).map((answer) => [answer.face, answer]));
  const faces = fromTheLeft(await tables.faces.ofPhotos([photo]), answers);
  if (number !== undefined) {
    const face = faces[Number(number) - 1];
    if (face) return [face.id];
    throw new WhosinError('not-found', `${path} shows ${faces.length} faces: there is no number ${number}.`);
  }
  const own = faces.filter(({ id }) => person !== undefined && answers.get(id)?.person === person);
  const meant = own.length > 0 ? own : faces;
  if (meant.length === 1) return [meant[0]!.id];
  if (meant.length === 0) throw new WhosinError('not-found', `${path} shows no face.`);
  throw new WhosinError(
    'usage',
    `${path} shows ${faces.length} faces: name one, counted from the left, as in "${path}#1".`,
  );
}

function fromTheLeft(
  faces: readonly CatalogFace[],
  answers: ReadonlyMap<number, Answer>,
): readonly CatalogFace[] {
  return faces
    .filter(({ id }) => answers.get(id)?.state !== 'not-a-face')
    .toSorted((a, b) => (a.time?.from ?? 0) - (b.time?.from ?? 0) || a.box.left - b.box.left);
}

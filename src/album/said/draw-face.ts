/** RECIPE: somebody draws a face that was missed, and says who it is; or gives a face another box. */

import { resolve } from 'node:path';
import type { Tables } from '../../catalog/catalog.ts';
import type { PhotoRow } from '../../catalog/photos-table.ts';
import type { SaidEntry } from '../../catalog/said.ts';
import type { Box } from '../../core/geometry.ts';
import { WhosinError } from '../../errors.ts';
import type { AlbumContext } from '../context.ts';
import { chooseFaces, type FaceChoice, faceAt } from '../facts/choose-faces.ts';
import { personOrNew } from '../facts/people.ts';
import { spokenFace } from '../facts/spoken-face.ts';
import { follow, type Statement, writeDown } from './say.ts';

export interface DrawnFace {
  /** By its path, or by the sha256 of its content. */
  readonly photo: string;
  /** In the upright photo. */
  readonly box: Box<'ratio'>;
  readonly person: string;
}

/**
 * If a face lies there already, it gets the name and the box.
 *
 * @returns what was said. Throws `not-found`, or `usage` for a box outside of the photo and for a video
 */
export async function drawFace(
  album: AlbumContext,
  { photo: given, box, person: name }: DrawnFace,
): Promise<readonly SaidEntry[]> {
  const drawn = givenBox(box);
  const { uid, name: called } = await personOrNew(album, name);
  const { said, regroup } = await album.catalog.write(async (tables) => {
    const photo = requireStill(await photoGiven(tables, given));
    const there = await faceAt(tables, await tables.faces.ofPhotos([photo.id]), { box: drawn, time: null });
    const parts = [[there?.id ?? (await spokenFace(tables, photo.id, drawn))]];
    const named: Statement = { kind: 'is', person: { uid, name: called }, parts };
    // The name is said last: undo without a number takes back that.
    const statements = there === undefined ? [named] : [{ kind: 'box', parts, box: drawn } as const, named];
    return writeDown(tables, album, statements, 'person');
  });
  await follow(album, regroup);
  return said;
}

/** @throws WhosinError as `drawFace` does */
export async function boxStatement(
  tables: Tables,
  choice: FaceChoice,
  box: Box<'ratio'>,
): Promise<Statement> {
  const faces = await chooseFaces(tables, choice);
  if (faces.length !== 1) throw new WhosinError('usage', 'Name one face that gets the box.');
  const [face] = await tables.faces.byIds(faces);
  requireStill((await tables.photos.byIds([face!.photo]))[0]!);
  return { kind: 'box', parts: [faces], box: givenBox(box) };
}

/** By its path, or by its content. @throws WhosinError `not-found` */
export async function photoGiven({ paths, photos }: Tables, given: string): Promise<PhotoRow> {
  const isHash = /^[0-9a-f]{64}$/.test(given);
  const [row] = isHash ? [] : await paths.find([resolve(given)]);
  const found = isHash ? await photos.bySha256([given]) : row?.photo ? await photos.byIds([row.photo]) : [];
  if (found[0] !== undefined) return found[0];
  throw new WhosinError('not-found', `This album has no photo ${given} (whosin album add).`);
}

function requireStill(photo: PhotoRow): PhotoRow {
  if (photo.kind === 'photo') return photo;
  throw new WhosinError('usage', 'Boxes are drawn in photos: a face of a video moves.');
}

/** A part of the side of a photo: nobody sees a face in less. */
const leastSide = 0.002;

/** Cut off at the edges of the photo. */
function givenBox({ left, top, width, height }: Box<'ratio'>): Box<'ratio'> {
  const inside = (value: number): number => Math.min(1, Math.max(0, value));
  const [l, t] = [inside(left), inside(top)];
  const cut = { left: l, top: t, width: inside(left + width) - l, height: inside(top + height) - t };
  if (cut.width >= leastSide && cut.height >= leastSide) return cut;
  throw new WhosinError(
    'usage',
    'A box is left, top, width and height, each from 0 to 1, as parts of the photo.',
  );
}

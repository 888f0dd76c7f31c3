/** RECIPE: a group gets a name. */

import { randomUUID } from 'node:crypto';
import type { Answer } from '../../catalog/answers-table.ts';
import { WhosinError } from '../../errors.ts';
import type { AlbumContext } from '../context.ts';
import { givenName, personCalled } from '../facts/people.ts';
import { say } from './say.ts';

export interface NameOptions {
  /** The person is the one of this name whom the album knows already. */
  readonly merge?: boolean;
  /** The person is somebody else of the same name. */
  readonly anew?: boolean;
}

export interface Named {
  /** As the person is shown. */
  readonly person: string;
  readonly faces: number;
  /** Whether the album knew the person before. */
  readonly joined: boolean;
  /** The number to take it back by. */
  readonly said: number;
}

/**
 * Says that all faces of the group are this person, those aside that somebody has said to be somebody else.
 *
 * @throws WhosinError `in-use` if somebody has the name already, and neither `merge` nor `anew` tells who is meant
 */
export async function nameGroup(
  album: AlbumContext,
  group: number,
  name: string,
  { merge = false, anew = false }: NameOptions = {},
): Promise<Named> {
  const clean = givenName(name);
  const faces = (await groupFaces(album, group)).filter(isNameable).map(({ face }) => face);
  if (faces.length === 0) {
    throw new WhosinError('refused', `Every face of group ${group} has a name already, or was set aside.`);
  }
  const known = await personCalled(album, clean);
  if (known && !merge && !anew) {
    throw new WhosinError(
      'in-use',
      `There is somebody called "${known.shown}" already: give --merge if group ${group} is the same person, --new if it is another one.`,
    );
  }
  const person = known && !anew ? known : { uid: randomUUID(), name: clean };
  const [entry] = await say(album, [
    { kind: 'is', person: { uid: person.uid, name: person.name }, parts: [faces] },
  ]);
  const [now] = await album.catalog.read(({ people }) => people.byUids([person.uid]));
  const shown = now?.shown ?? clean;
  return { person: shown, faces: faces.length, joined: known !== undefined && !anew, said: entry!.id };
}

/** Throws `not-found`. */
async function groupFaces({ catalog }: AlbumContext, group: number): Promise<readonly Answer[]> {
  const answers = await catalog.read((tables) => tables.answers.inGroups([group]));
  if (answers.length > 0) return answers;
  throw new WhosinError('not-found', `There is no group ${group} (whosin album groups).`);
}

function isNameable({ state }: Answer): boolean {
  return state !== 'confirmed' && state !== 'not-a-face';
}

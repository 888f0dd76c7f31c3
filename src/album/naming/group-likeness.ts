/** Who the faces of groups may be, by their looks, by what was said, and by who is in their photos already. */

import type { Answer } from '../../catalog/answers-table.ts';
import type { Tables } from '../../catalog/catalog.ts';
import { groupedBy } from '../../core/grouped.ts';
import { likeliest, type PersonShare } from '../../faces/people/likeness.ts';
import { collagePhotos } from '../facts/constraints.ts';
import { type Presence, presenceIn } from '../facts/lives.ts';
import { rejectedFor } from '../facts/rejected.ts';
import { likenessSetting } from './likeness-setting.ts';

export interface GroupLikeness {
  readonly group: number;
  /** All faces of the group. */
  readonly faces: readonly Answer[];
  /** Those that nobody confirmed or set aside. */
  readonly open: readonly Answer[];
  /** Who they may be, taken together; the likeliest first. */
  readonly likely: readonly PersonShare[];
}

export interface Likenesses {
  readonly groups: readonly GroupLikeness[];
  /** Who open faces are not, by what was said. */
  readonly rejected: ReadonlyMap<number, ReadonlySet<number>>;
  /** All faces in photos with open faces. */
  readonly beside: ReadonlyMap<number, readonly Answer[]>;
  readonly collages: ReadonlySet<number>;
  /** Whether somebody can be in a photo, by its time. */
  readonly presence: (person: number, photo: number) => Presence;
}

/**
 * Log odds against a person for each face of the group in whose photo the person is already, as another face: the
 * person would have to be in a mirror, or the face in the wrong group, which happens once in fifty or so.
 */
const seenBeside = -4;

export async function likenessesOf(tables: Tables, groups: readonly number[]): Promise<Likenesses> {
  const setting = await likenessSetting(tables);
  const collages = await collagePhotos(tables);
  const ofGroup = groupedBy(await tables.answers.inGroups(groups), ({ grp }) => grp!);
  const open = [...ofGroup.values()].flat().filter(isOpen);
  const rejected = await rejectedFor(
    tables,
    open.map(({ face }) => face),
  );
  const photos = [...new Set(open.map(({ photo }) => photo))];
  const beside = groupedBy(await tables.answers.inPhotos(photos), ({ photo }) => photo);
  const presence = await presencesIn(tables, photos);
  const qualities = await tables.groups.qualities(groups);
  const candidates = groupedBy(await tables.groups.candidates(groups), ({ group }) => group);
  return {
    groups: groups.map((group) => {
      const faces = ofGroup.get(group) ?? [];
      const own = faces.filter(isOpen);
      const odds = (own.length === 0 ? [] : (candidates.get(group) ?? [])).flatMap(
        ({ person, odds: likeness }) => {
          const denied = own.filter(({ face }) => rejected.get(face)!.has(person)).length;
          if (denied * 2 >= own.length) return [];
          // A clock may have been wrong for some of the photos: the others may be of that person.
          if (own.every(({ photo }) => presence(person, photo) === 'no')) return [];
          const seen = own.filter(
            ({ face, photo }) => !collages.has(photo) && isConfirmedBeside(person, face, beside.get(photo)),
          ).length;
          return [{ person, likeness, besides: seen * seenBeside }];
        },
      );
      return { group, faces, open: own, likely: likeliest(odds, qualities.get(group) ?? 0, setting) };
    }),
    rejected,
    beside,
    collages,
    presence,
  };
}

/** Photos are looked at only if anybody's birth or death is known. */
async function presencesIn(tables: Tables, photos: readonly number[]): Promise<Likenesses['presence']> {
  const lives = new Map((await tables.people.dated()).map((person) => [person.id, person] as const));
  const rows = lives.size === 0 ? [] : await tables.photos.byIds(photos);
  const times = new Map(rows.map((row) => [row.id, row]));
  return (person, photo) => {
    const life = lives.get(person);
    return life === undefined ? 'yes' : presenceIn(life, times.get(photo)!);
  };
}

function isOpen({ state }: Answer): boolean {
  return state === 'automatic' || state === 'suggested' || state === 'ignored' || state === 'unnamed';
}

/** Whether a person is in the photo already, as another face. */
export function isConfirmedBeside(person: number, face: number, others: readonly Answer[] = []): boolean {
  return others.some(
    (other) => other.face !== face && other.person === person && other.state === 'confirmed',
  );
}

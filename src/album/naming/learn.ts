/**
 * RECIPE: what follows from what was said? Whoever got or lost a face is compared with all groups, groups whose faces
 * changed are compared with everybody, and nothing else is computed again.
 */

import type { Catalog } from '../../catalog/catalog.ts';
import type { GroupCandidate } from '../../catalog/groups-table.ts';
import type { PersonRow } from '../../catalog/people-table.ts';
import { groupedBy } from '../../core/grouped.ts';
import {
  likeness,
  likeThem,
  mostProbable,
  openShortlist,
  type PooledFace,
  pooled,
} from '../../faces/people/likeness.ts';
import type { AlbumContext } from '../context.ts';
import { decideGroups } from './decide-groups.ts';
import { likenessSetting } from './likeness-setting.ts';
import { placesOfPeople, storePlaces, templatesOf } from './templates.ts';

/** Groups that are compared with everybody at one time. */
const groupsAtOnce = 2000;

/** Below these log odds nobody is asked whether a group is somebody. */
const leastOdds = -3;

/** Log odds that nobody reaches. */
const highestOdds = 1e6;

/** Candidates for each group. */
const mostCandidates = 8;

/**
 * Those who come while consequences are being drawn share the next drawing, which covers what all of them said.
 *
 * @returns how many more faces have a name than before
 */
export function learn(album: AlbumContext): Promise<number> {
  const { learning } = album;
  learning.next ??= learning.current.then(() => {
    learning.next = undefined;
    const drawn = drawConsequences(album);
    learning.current = drawn.then(
      () => undefined,
      () => undefined,
    );
    return drawn;
  });
  return learning.next;
}

async function drawConsequences(album: AlbumContext): Promise<number> {
  for (let gained = 0; ; ) {
    const { groups, people } = await toLearn(album.catalog);
    if (groups.length === 0 && people.length === 0) return gained;
    const { reader } = await album.faces();
    const places = await placesOf(album.catalog, groups, reader.recipe);
    const fresh = new Set(groups.map(({ id }) => id));
    const byGroup = await candidatesFor(album, places);
    const byPerson = await groupsLike(
      album,
      people.map(({ id }) => id),
      fresh,
    );

    gained += await album.catalog.write(async (tables) => {
      const affected = new Set(fresh);
      const setting = await likenessSetting(tables);
      const least = leastOddsFrom((odds) => mostProbable(odds, setting) >= album.settings.suggestFrom);
      const affect = async (person: number): Promise<void> => {
        for (const group of await tables.groups.likeliest(person, least)) affected.add(group);
        // Whoever is no suggestion may still make another name less certain.
        const named = await tables.groups.guessed(person, album.settings.suggestFrom);
        for (const group of named) affected.add(group);
      };
      const { last } = await tables.groups.places();
      for (const { id, revision } of groups)
        await tables.groups.learnt(id, revision, places.get(id) ?? null, last + 1);
      await tables.groups.setCandidates([...fresh], byGroup);
      for (const { id, revision } of people) {
        const own = byPerson.get(id) ?? [];
        const others = byGroup.filter(({ person }) => person === id);
        await affect(id);
        await tables.groups.setCandidatesOf(id, [...own, ...others]);
        await affect(id);
        await tables.people.learnt(id, revision);
      }
      await storePlaces(tables, album);
      await decideGroups(tables, [...affected], album.settings);
      return tables.answers.gained();
    });
  }
}

/**
 * Somebody rare resembles thousands of groups: those that could be the person are told by their odds alone.
 *
 * @param couldBe whether such odds are enough; the higher, the sooner
 */
function leastOddsFrom(couldBe: (odds: number) => boolean): number {
  let [from, until] = [leastOdds, highestOdds];
  for (;;) {
    const middle = (from + until) / 2;
    if (middle <= from || middle >= until) return until;
    if (couldBe(middle)) until = middle;
    else from = middle;
  }
}

interface ToLearn {
  readonly groups: readonly { readonly id: number; readonly revision: number }[];
  readonly people: readonly PersonRow[];
}

function toLearn(catalog: Catalog): Promise<ToLearn> {
  return catalog.read(async (tables) => ({
    groups: await tables.groups.toLearn(groupsAtOnce),
    people: await tables.people.toLearn(),
  }));
}

/** The pooled place of each group's faces that nobody confirmed or set aside. */
async function placesOf(
  catalog: Catalog,
  groups: ToLearn['groups'],
  recipe: string,
): Promise<ReadonlyMap<number, PooledFace>> {
  const ids = groups.map(({ id }) => id);
  return catalog.read(async (tables) => {
    const open = await tables.answers.openInGroups(ids);
    const groupOf = new Map(open.map(({ face, grp }) => [face, grp!]));
    const faces = await tables.faces.placed([...groupOf.keys()], recipe);
    const ofGroup = groupedBy(faces, ({ id }) => groupOf.get(id)!);
    return new Map([...ofGroup].map(([id, own]) => [id, pooled(own)]));
  });
}

/** The likeliest people for each of these groups. */
async function candidatesFor(
  album: AlbumContext,
  groups: ReadonlyMap<number, PooledFace>,
): Promise<GroupCandidate[]> {
  // After most names there is no such group, and the others are not needed.
  if (groups.size === 0) return [];
  const { background } = await album.faces();
  const people = await placesOfPeople(album);
  const ids = [...people.keys()];
  const shortlist = openShortlist(background, [...people.values()]);
  const pairs = [...groups].map(([group, place]) => ({
    group,
    place,
    people: Array.from(shortlist(place), (i) => ids[i]!),
  }));
  const templates = await templatesOf(album, [...new Set(pairs.flatMap((pair) => pair.people))]);
  return pairs.flatMap(({ group, place, people: likely }) =>
    likely
      .flatMap((person) => {
        const template = templates.get(person);
        const odds = template && likeness(template, place);
        return odds !== undefined && odds > leastOdds ? [{ group, person, odds }] : [];
      })
      .toSorted((a, b) => b.odds - a.odds)
      .slice(0, mostCandidates),
  );
}

/** The groups that each of these people may be. */
async function groupsLike(
  album: AlbumContext,
  people: readonly number[],
  aside: ReadonlySet<number>,
): Promise<ReadonlyMap<number, readonly GroupCandidate[]>> {
  const templates = await templatesOf(album, people);
  if (templates.size === 0) return new Map();
  const all = await album.places.all(album.catalog);
  return new Map(
    [...templates].map(([person, template]) => [
      person,
      likeThem(template, leastOdds, all)
        .map(({ row, odds }) => ({ group: all.ids[row]!, person, odds }))
        .filter(({ group }) => !aside.has(group)),
    ]),
  );
}

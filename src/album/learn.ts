/**
 * RECIPE: what follows from what was said? Whoever got or lost a face is compared with all groups, groups whose faces
 * changed are compared with everybody, and nothing else is computed again.
 */

import type { Catalog, Tables } from '../catalog/catalog.ts';
import type { GroupCandidate, GroupPlace } from '../catalog/groups-table.ts';
import type { PersonRow } from '../catalog/people-table.ts';
import { groupedBy } from '../core/grouped.ts';
import { likeness, type PooledFace, pooled, type Template } from '../faces/people/likeness.ts';
import type { AlbumContext } from './context.ts';
import { decideGroups } from './decide-groups.ts';
import { templatesOf } from './templates.ts';

/** Groups that are compared with everybody at one time. */
const groupsAtOnce = 2000;

/** Below these log odds nobody is asked whether a group is somebody. */
const leastOdds = -3;

/** Candidates for each group. */
const mostCandidates = 8;

export async function learn(album: AlbumContext): Promise<void> {
  for (;;) {
    const { groups, people } = await toLearn(album.catalog);
    if (groups.length === 0 && people.length === 0) return;
    const { reader } = await album.faces();
    const places = await placesOf(album.catalog, groups, reader.recipe);
    // If no group is compared with everybody, as after most names, the others are not needed.
    const templates = await templatesOf(album, places.size > 0 ? 'all' : people.map(({ id }) => id));
    const fresh = new Set(groups.map(({ id }) => id));
    const byGroup = groups.flatMap(({ id }) => {
      const place = places.get(id);
      return place ? candidatesFor({ id, ...place }, templates) : [];
    });
    const byPerson = new Map<number, readonly GroupCandidate[]>();
    for (const { id } of people) byPerson.set(id, await groupsLike(album.catalog, id, templates, fresh));

    await album.catalog.write(async (tables) => {
      const affected = new Set(fresh);
      for (const { id, revision } of groups) await tables.groups.learnt(id, revision, places.get(id) ?? null);
      await tables.groups.setCandidates([...fresh], byGroup);
      for (const { id, revision } of people) {
        const own = byPerson.get(id) ?? [];
        for (const { group } of [...(await tables.groups.candidatesOf(id)), ...own]) affected.add(group);
        const others = byGroup.filter(({ person }) => person === id);
        await tables.groups.setCandidatesOf(id, [...own, ...others]);
        await tables.people.learnt(id, revision);
      }
      await decideGroups(tables, [...affected], album.settings);
    });
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

function candidatesFor(place: GroupPlace, templates: ReadonlyMap<number, Template>): GroupCandidate[] {
  const all = [...templates].map(([person, template]) => ({
    group: place.id,
    person,
    odds: likeness(template, place),
  }));
  return all
    .filter(({ odds }) => odds > leastOdds)
    .toSorted((a, b) => b.odds - a.odds)
    .slice(0, mostCandidates);
}

async function groupsLike(
  catalog: Catalog,
  person: number,
  templates: ReadonlyMap<number, Template>,
  aside: ReadonlySet<number>,
): Promise<GroupCandidate[]> {
  const template = templates.get(person);
  if (template === undefined) return [];
  const found: GroupCandidate[] = [];
  await catalog.read(async ({ groups }: Tables) => {
    for await (const part of groups.eachPlace()) {
      for (const place of part) {
        if (aside.has(place.id)) continue;
        const odds = likeness(template, place);
        if (odds > leastOdds) found.push({ group: place.id, person, odds });
      }
    }
  });
  return found;
}

/** RECIPE: something is said: it is written down first, then what follows from it is worked out. */

import { randomUUID } from 'node:crypto';
import type { Tables } from '../../catalog/catalog.ts';
import type { CatalogFace } from '../../catalog/faces-table.ts';
import type { Said, SaidEntry, SaidFace, SaidKind, SaidSource } from '../../catalog/said.ts';
import type { Box } from '../../core/geometry.ts';
import type { AlbumContext } from '../context.ts';
import { personFinder } from '../facts/people-names.ts';
import { settleFaces, settlePeople } from '../facts/settle.ts';
import { aboutLooks } from '../facts/verdict.ts';
import { groupAnew } from '../grouping/group.ts';
import { learn } from '../naming/learn.ts';
import { addPeople, changesPeople } from './new-people.ts';

/** Things to say about faces of the catalog. */
export interface Statement {
  readonly kind: Exclude<SaidKind, 'undo'>;
  readonly person?: { readonly uid: string; readonly name: string };
  /** For `merge`: the uid of the person whom `person` is. */
  readonly other?: string;
  /** For `born` and `died`; empty: it is not known. */
  readonly date?: string;
  /** Faces by their ids; those of each part together. */
  readonly parts?: readonly (readonly number[])[];
  /** Whole photos, by their content. */
  readonly photos?: readonly string[];
  /** For `box`: the place that the face has. */
  readonly box?: Box<'ratio'>;
}

/** The entry that was written, and whatever had to be settled for it. */
export interface Settled {
  readonly said: readonly SaidEntry[];
  /** Groups in which faces may no longer be one person. */
  readonly regroup: readonly number[];
}

/** Entries that tell who belongs together. */
const aboutGroups = new Set<SaidKind>(['same', 'different', 'split', 'collage']);

/** Says it and learns from it. Throws where nothing could be written; then nothing was said. */
export async function say(
  album: AlbumContext,
  statements: readonly Statement[],
  source: SaidSource = 'person',
): Promise<readonly SaidEntry[]> {
  return (await sayAndCount(album, statements, source)).said;
}

/** @returns with it, how many more faces have a name than before */
export async function sayAndCount(
  album: AlbumContext,
  statements: readonly Statement[],
  source: SaidSource = 'person',
): Promise<{ readonly said: readonly SaidEntry[]; readonly gained: number }> {
  const { said, regroup, gained } = await album.catalog.write(async (tables) => ({
    ...(await writeDown(tables, album, statements, source)),
    gained: tables.answers.gained(),
  }));
  return { said, gained: gained + (await follow(album, regroup)) };
}

/**
 * The consequences of the newest entry. May be cut off at any moment: the next command goes on with it.
 *
 * @returns how many more faces have a name than before
 */
export async function follow(album: AlbumContext, regroup: readonly number[]): Promise<number> {
  if (regroup.length > 0) await groupAnew(album, regroup);
  return learn(album);
}

/** Writes it down, and settles what it is about; `follow` goes on from there. */
export async function writeDown(
  tables: Tables,
  { now, who }: Pick<AlbumContext, 'now' | 'who'>,
  statements: readonly Statement[],
  source: SaidSource,
): Promise<Settled> {
  const entries: Said[] = [];
  const first = await tables.said.next(now());
  for (const [i, { kind, person, other, date, parts = [], photos = [], box }] of statements.entries()) {
    const faces = await saidFaces(tables, parts);
    entries.push({
      uid: randomUUID(),
      at: first + i,
      who,
      source,
      kind,
      ...(person && { person }),
      ...(other !== undefined && { other }),
      ...(date !== undefined && { date }),
      faces: [
        ...faces,
        ...(box === undefined ? [] : faces.map(({ was: _, ...face }) => ({ ...face, box, part: 1 }))),
        ...photos.map((sha256) => ({ sha256, box: null, time: null, part: 0 })),
      ],
    });
  }
  const ids = await tables.said.append(entries);
  const written = entries.map((entry, i) => ({ ...entry, id: ids[i]!, undone: false }));
  return settle(tables, written, await addPeople(tables, written));
}

/**
 * Makes people and faces what these entries say, whether they were said or taken back.
 *
 * @param added people who came with them
 */
export async function settle(
  tables: Tables,
  entries: readonly SaidEntry[],
  added: ReadonlySet<string> = new Set(),
): Promise<Settled> {
  let others: readonly string[] = [];
  for (const entry of entries) {
    if (!(await changesPeople(tables, entry, added))) continue;
    others = await settleAnew(tables);
    break;
  }
  const faces = new Set(await tables.mentions.facesOfPeople(others));
  const aboutFaces = entries.filter(({ kind }) => !aboutLooks.has(kind));
  for (const face of await tables.mentions.facesOf(aboutFaces.map(({ id }) => id))) faces.add(face);
  for (const face of await facesInCollages(tables, entries)) faces.add(face);
  const { groups, returned } = await settleFaces(tables, [...faces]);
  const regroup = entries.some(({ kind }) => aboutGroups.has(kind)) ? groups : await mixed(tables, groups);
  // While a face was called none, others may have been told apart from it.
  const again = [...returned, ...(await bound(tables, [...faces]))];
  return { said: entries, regroup: [...new Set([...regroup, ...again])] };
}

/** @returns the uids that mean another person than before: of people who were merged, or are themselves again */
async function settleAnew(tables: Tables): Promise<string[]> {
  const before = await tables.people.all();
  await settlePeople(tables);
  const now = personFinder(await tables.people.all());
  const was = personFinder(before);
  return before.map(({ uid }) => uid).filter((uid) => now(uid) !== was(uid));
}

async function saidFaces(
  { faces, photos, answers, people }: Tables,
  parts: readonly (readonly number[])[],
): Promise<SaidFace[]> {
  const ids = parts.flat();
  const rows = new Map((await faces.byIds(ids)).map((face) => [face.id, face]));
  const inPhotos = [...new Set([...rows.values()].map(({ photo }) => photo))];
  const hashes = new Map((await photos.byIds(inPhotos)).map(({ id, sha256 }) => [id, sha256]));
  const now = new Map((await answers.of(ids)).map((answer) => [answer.face, answer]));
  const named = new Set([...now.values()].flatMap(({ person }) => person ?? []));
  const uids = new Map((await people.byIds([...named])).map(({ id, uid }) => [id, uid]));
  return parts.flatMap((own, part) =>
    own.map((id) => {
      const { box, time, photo } = rows.get(id) as CatalogFace;
      const answer = now.get(id);
      const wasNamed = answer?.state === 'automatic' || answer?.state === 'suggested';
      return {
        sha256: hashes.get(photo)!,
        box,
        time: time?.at ?? null,
        part,
        ...(wasNamed && { was: { person: uids.get(answer.person!)!, probability: answer.probability! } }),
        face: id,
      };
    }),
  );
}

async function facesInCollages({ photos, faces }: Tables, entries: readonly SaidEntry[]): Promise<number[]> {
  const collages = entries.filter(({ kind }) => kind === 'collage');
  const hashes = collages.flatMap((entry) => entry.faces.map(({ sha256 }) => sha256));
  const rows = await photos.bySha256(hashes);
  return (await faces.ofPhotos(rows.map(({ id }) => id))).map(({ id }) => id);
}

/** Groups of faces that somebody said to be one person with these: whether they are may hang on their names. */
async function bound(tables: Tables, faces: readonly number[]): Promise<number[]> {
  const mentions = await tables.mentions.about(faces);
  const same = new Set(mentions.filter(({ kind }) => kind === 'same').map(({ said }) => said));
  const members = await tables.mentions.facesOf([...same]);
  return (await tables.answers.of(members)).flatMap(({ grp }) => grp ?? []);
}

/** Groups whose faces are several people now, or one who was said not to be in it. */
async function mixed(tables: Tables, groups: readonly number[]): Promise<number[]> {
  const answers = await tables.answers.inGroups(groups);
  const named = new Map<number, Set<number>>();
  for (const { grp, state, person } of answers) {
    if (state === 'confirmed') named.set(grp!, (named.get(grp!) ?? new Set()).add(person!));
  }
  const strangers = new Set(answers.filter(({ state }) => state === 'stranger').map(({ grp }) => grp!));
  const open = answers.filter(({ grp, state }) => named.has(grp!) && state !== 'confirmed');
  const mentions = await tables.mentions.about(open.map(({ face }) => face));
  const denied = new Set(mentions.filter(({ kind }) => kind === 'is-not').map(({ face }) => face));
  const withDenied = new Set(open.filter(({ face }) => denied.has(face)).map(({ grp }) => grp!));
  return [...named]
    .filter(([group, people]) => people.size > 1 || strangers.has(group) || withDenied.has(group))
    .map(([group]) => group);
}

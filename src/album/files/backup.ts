/** RECIPE: everything that was said, as a text file; and read back into this album or another one. */

import { readFile } from 'node:fs/promises';
import type { Tables } from '../../catalog/catalog.ts';
import type { Said, SaidEntry } from '../../catalog/said.ts';
import { WhosinError } from '../../errors.ts';
import { refusal } from '../../photos/unreadable.ts';
import { writeFileAtomically } from '../../runtime/atomic-file.ts';
import type { AlbumContext } from '../context.ts';
import { settlePeople } from '../facts/settle.ts';
import { findSpoken } from '../reading/keep-photo.ts';
import { follow, settle } from '../said/say.ts';
import { parseSaidLines, saidLines } from './said-lines.ts';

const entriesAtOnce = 1000;

/** @returns how many entries were written. Throws `cannot-write` */
export async function backUp({ catalog }: AlbumContext, path: string): Promise<number> {
  const { entries, files } = await catalog.read(async (tables) => {
    const all: SaidEntry[] = [];
    for (let part = await tables.said.after(0, entriesAtOnce); part.length > 0; ) {
      all.push(...part);
      part = await tables.said.after(part.at(-1)!.id, entriesAtOnce);
    }
    return { entries: all, files: await filesOf(tables, all) };
  });
  await writeFileAtomically(
    path,
    saidLines(entries, (sha256) => files.get(sha256)),
  );
  return entries.length;
}

async function filesOf(
  { photos, paths }: Tables,
  entries: readonly Said[],
): Promise<ReadonlyMap<string, string>> {
  const hashes = new Set(entries.flatMap(({ faces }) => faces.map(({ sha256 }) => sha256)));
  const rows = await photos.bySha256([...hashes]);
  const where = await paths.ofPhotos(rows.map(({ id }) => id));
  return new Map(
    rows.flatMap(({ id, sha256 }) => {
      const path = where.get(id)?.[0]?.path;
      return path === undefined ? [] : [[sha256, path] as const];
    }),
  );
}

export interface Restored {
  readonly entries: number;
  /** Those that the album had already. */
  readonly known: number;
  /** Photos that were spoken of and are not in the album: what was said waits for them. */
  readonly photosMissing: number;
}

/** All of it or nothing; what is there already is passed over. Throws `not-found`, or `usage` where it is damaged. */
export async function restore(album: AlbumContext, path: string): Promise<Restored> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw WhosinError.about('not-found', path, `cannot be read: ${refusal(path, error)}`, error);
  });
  const given = parseSaidLines(text, path);
  const { fresh, regroup, photosMissing } = await album.catalog.write(async (tables) => {
    const known = await tables.said.known(given.map(({ uid }) => uid));
    const people = await samePeople(tables, given);
    const entries = given.filter(({ uid }) => !known.has(uid)).map((entry) => withPeople(entry, people));
    const ids = await tables.said.append(entries);
    const turned: SaidEntry[] = [];
    for (const { undoes } of entries)
      if (undoes !== undefined) turned.push(...(await tables.said.settleUndone(undoes)));
    const said: SaidEntry[] = [];
    for (const id of ids) said.push((await tables.said.byId(id))!);
    const hashes = [...new Set(entries.flatMap(({ faces }) => faces.map(({ sha256 }) => sha256)))];
    const photos = await tables.photos.bySha256(hashes);
    // People first, because faces are settled by them.
    await settlePeople(tables);
    await findSpoken(tables, photos);
    const settled = await settle(tables, [...said, ...turned]);
    return { fresh: said, regroup: settled.regroup, photosMissing: hashes.length - photos.length };
  });
  if (fresh.length > 0) await follow(album, regroup);
  return { entries: fresh.length, known: given.length - fresh.length, photosMissing };
}

/** Somebody who has the same name in this album is the same person, unless the album knows both already. */
async function samePeople(
  { people }: Tables,
  entries: readonly Said[],
): Promise<ReadonlyMap<string, string>> {
  const all = await people.all();
  const known = new Set(all.map(({ uid }) => uid));
  const named = new Map(all.filter(({ merged }) => merged === null).map(({ name, uid }) => [name, uid]));
  const same = new Map<string, string>();
  for (const { person } of entries) {
    const here = person && named.get(person.name);
    if (person && here !== undefined && !known.has(person.uid)) same.set(person.uid, here);
  }
  return same;
}

function withPeople(entry: Said, same: ReadonlyMap<string, string>): Said {
  const { person, other } = entry;
  return {
    ...entry,
    ...(person && { person: { ...person, uid: same.get(person.uid) ?? person.uid } }),
    ...(other !== undefined && { other: same.get(other) ?? other }),
  };
}

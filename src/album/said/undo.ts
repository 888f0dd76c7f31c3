/** RECIPE: something that was said is taken back, whenever it was said. */

import { randomUUID } from 'node:crypto';
import type { Tables } from '../../catalog/catalog.ts';
import type { SaidEntry, SaidSource } from '../../catalog/said.ts';
import { WhosinError } from '../../errors.ts';
import type { AlbumContext } from '../context.ts';
import { follow, type Settled, settle } from './say.ts';

/** @returns what was taken back. Throws `not-found` or, if it was taken back already or may not be, `refused` */
export async function undo(
  album: AlbumContext,
  ids: readonly number[],
  source: SaidSource = 'person',
): Promise<readonly SaidEntry[]> {
  const targets: SaidEntry[] = [];
  const { regroup, said } = await album.catalog.write(async (tables) => {
    for (const id of ids) {
      const entry = await tables.said.byId(id);
      if (entry === undefined)
        throw new WhosinError('not-found', `There is no answer with the number ${id} (whosin album log).`);
      if (entry.undone)
        throw new WhosinError('refused', `Number ${id} was taken back already (whosin album log).`);
      if (album.ownWordsOnly && entry.who !== album.who)
        throw new WhosinError(
          'refused',
          `Number ${id} was not said by you: they or an owner can take it back.`,
        );
      targets.push(entry);
    }
    return takeBack(tables, album, targets, source);
  });
  if (said.length > 0) await follow(album, regroup);
  return targets;
}

/** Writes down that these entries are taken back, and settles what they are about; `follow` goes on from there. */
export async function takeBack(
  tables: Tables,
  { now, who }: Pick<AlbumContext, 'now' | 'who'>,
  targets: readonly SaidEntry[],
  source: SaidSource,
): Promise<Settled> {
  const first = await tables.said.next(now());
  await tables.said.append(
    targets.map(({ uid }, i) => ({
      uid: randomUUID(),
      at: first + i,
      who,
      source,
      kind: 'undo',
      undoes: uid,
      faces: [],
    })),
  );
  const turned: SaidEntry[] = [];
  for (const { uid } of targets) turned.push(...(await tables.said.settleUndone(uid)));
  return settle(tables, turned);
}

/** Takes back, as one, all that counts and is known from files. @returns what was taken back */
export async function undoNamesFromFiles(album: AlbumContext): Promise<readonly SaidEntry[]> {
  const entries = await album.catalog.read((tables) => tables.said.ofSource('xmp'));
  return undo(
    album,
    entries.map(({ id }) => id),
  );
}

/** The last thing that this user said and that counts. Throws `not-found` where there is none. */
export async function lastSaid({ catalog, who }: AlbumContext): Promise<SaidEntry> {
  const entry = await catalog.read((tables) => tables.said.last('person', who));
  if (entry === undefined) throw new WhosinError('not-found', 'There is no answer that could be taken back.');
  return entry;
}

/** RECIPE: something that was said is taken back, whenever it was said. */

import { randomUUID } from 'node:crypto';
import type { SaidEntry, SaidSource } from '../catalog/said.ts';
import { WhosinError } from '../errors.ts';
import type { AlbumContext } from './context.ts';
import { follow, settle } from './say.ts';

/** @returns what was taken back. Throws `not-found` or, where it was taken back already, `refused` */
export async function undo(
  album: AlbumContext,
  ids: readonly number[],
  source: SaidSource = 'person',
): Promise<readonly SaidEntry[]> {
  const { catalog, now, who } = album;
  const { said, regroup, changed } = await catalog.write(async (tables) => {
    const targets: SaidEntry[] = [];
    for (const id of ids) {
      const entry = await tables.said.byId(id);
      if (entry === undefined)
        throw new WhosinError('not-found', `There is no answer with the number ${id} (whosin album log).`);
      if (entry.undone)
        throw new WhosinError('refused', `Number ${id} was taken back already (whosin album log).`);
      targets.push(entry);
    }
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
    const settled = await settle(tables, turned);
    return { said: targets, regroup: settled.regroup, changed: turned };
  });
  if (changed.length > 0) await follow(album, regroup);
  return said;
}

/** The last thing that somebody said and that counts. Throws `not-found` where there is none. */
export async function lastSaid({ catalog }: AlbumContext): Promise<SaidEntry> {
  const entry = await catalog.read((tables) => tables.said.last('person'));
  if (entry === undefined) throw new WhosinError('not-found', 'There is no answer that could be taken back.');
  return entry;
}

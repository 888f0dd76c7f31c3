/** RECIPE: everything that follows from photos and from what was said is dropped and made again. Nothing is read. */

import { calibrate } from './calibrate.ts';
import type { AlbumContext } from './context.ts';
import { groupAnew } from './group.ts';
import { setGrouping } from './grouping.ts';
import { findSpoken } from './keep-photo.ts';
import { learn } from './learn.ts';
import { settleFaces, settlePeople } from './settle.ts';

/** Groups keep no numbers here. */
export async function rebuild(album: AlbumContext): Promise<void> {
  await album.catalog.write(async (tables) => {
    await tables.answers.drop();
    await setGrouping(tables, null);
    await tables.said.settleAllUndone();
    await settlePeople(tables);
    const photos = await tables.photos.all();
    await findSpoken(tables, photos);
    const faces = await tables.faces.ofPhotos(photos.map(({ id }) => id));
    await settleFaces(
      tables,
      faces.map(({ id }) => id),
    );
  });
  album.known.clear();
  await groupAnew(album);
  await learn(album);
  await calibrate(album);
}

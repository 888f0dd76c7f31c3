/** RECIPE: everything that follows from photos and from what was said is dropped and made again. Nothing is read. */

import type { AlbumContext } from './context.ts';
import { setGrouping } from './facts/grouping.ts';
import { settleFaces, settlePeople } from './facts/settle.ts';
import { groupAnew } from './grouping/group.ts';
import { calibrate } from './naming/calibrate.ts';
import { learn } from './naming/learn.ts';
import { findSpoken } from './reading/keep-photo.ts';

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

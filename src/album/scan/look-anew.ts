/**
 * RECIPE: has whosin learnt to see otherwise since the album was read? Everything said stays as it is; photos whose faces
 * another model or version found are read again, and faces that would be placed otherwise are placed again.
 */

import { placedBy, projectionOf } from '../../faces/people/likeness.ts';
import type { AlbumContext } from '../context.ts';
import { setGrouping } from '../facts/grouping.ts';

export async function lookAnew(album: AlbumContext): Promise<void> {
  const { reader, background } = await album.faces();
  const { recipe } = reader;
  const projection = projectionOf(background);
  const before = await album.catalog.read(async ({ meta }) => ({
    recipe: await meta.get('recipe'),
    projection: await meta.get('projection'),
  }));
  if (before.recipe === recipe && before.projection === projection) return;
  await album.catalog.write(async (tables) => {
    if (before.recipe !== undefined && before.recipe !== recipe) await tables.paths.awaitAgain(recipe);
    if (before.projection !== undefined && before.projection !== projection) {
      await tables.faces.project(recipe, (embedding) => placedBy(background, embedding).z);
      await tables.groups.touch('all');
      const people = await tables.people.all();
      await tables.people.touch(people.map(({ id }) => id));
    }
    await setGrouping(tables, null);
    await tables.peopleSums.drop();
    await tables.meta.set('recipe', recipe);
    await tables.meta.set('projection', projection);
  });
  album.known.clear();
}

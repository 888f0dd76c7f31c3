/** RECIPE: the names of all photos become a table. */

import { writeFileAtomically } from '../../runtime/atomic-file.ts';
import type { AlbumContext } from '../context.ts';
import { albumPhotos } from '../views/photo-view.ts';
import { csvHead, csvRows } from './faces-csv.ts';

/** @returns how many faces have a row. Throws `cannot-write` */
export async function exportCsv(album: AlbumContext, path: string): Promise<number> {
  const rows = [csvHead];
  for await (const photo of albumPhotos(album)) rows.push(...csvRows(photo));
  await writeFileAtomically(path, rows.map((row) => `${row}\r\n`).join(''));
  return rows.length - 1;
}

/** Who is in which photo, as a table for spreadsheets and other programs: RFC 4180, one row for each face with a name. */

import { toPixels } from '../../core/geometry.ts';
import type { AlbumPhoto } from '../views/photo-view.ts';

const columns = [
  'file',
  'person',
  'answer',
  'probability',
  'left',
  'top',
  'width',
  'height',
  'taken',
  'seconds',
] as const;

export const csvHead = rowOf(columns);

/** A row, without its end, for each name that was confirmed or given automatically, in each file that holds the photo. */
export function csvRows(photo: AlbumPhoto): string[] {
  const named = photo.faces.filter(({ state }) => state === 'confirmed' || state === 'automatic');
  return photo.paths.flatMap((path) =>
    named.map(({ person, state, probability, box, time, taken }) => {
      const { left, top, width, height } = toPixels(box, photo);
      const sides = [left, top, width, height].map((side) => side.toFixed(1));
      const share = Number(probability!.toFixed(6));
      return rowOf([path, person!, state, share, ...sides, taken ?? '', time?.toFixed(2) ?? '']);
    }),
  );
}

function rowOf(cells: readonly (string | number)[]): string {
  return cells.map((cell) => quoted(unarmed(String(cell)))).join(',');
}

/**
 * Spreadsheets compute a cell that begins like this, and names of files and people may come from anywhere: an apostrophe
 * makes it text (OWASP, "CSV Injection"). A number may have its minus.
 */
function unarmed(cell: string): string {
  return /^\s*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/u.test(cell) && !/^-?[\d.]+$/.test(cell)
    ? `'${cell}`
    : cell;
}

function quoted(cell: string): string {
  return /[",\r\n']|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

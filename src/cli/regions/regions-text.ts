/** The names that a photo carries, as a terminal shows them. */

import { toPixels } from '../../core/geometry.ts';
import type { PhotoRegions } from '../../faces/regions/photo-regions.ts';
import { shown } from '../../report/words.ts';
import { err, note, out, print } from '../terminal/output.ts';

const standards = { mwg: 'MWG', microsoft: 'Microsoft', iptc: 'IPTC', picasa: 'Picasa' } as const;

export function sayRegions(photo: PhotoRegions): void {
  const { path, width, height, orientation, regions, hints, unread } = photo;
  const turned = orientation === 1 ? '' : `, turned (orientation ${orientation})`;
  print(`${out.bold(shown(path))}${out.dim(`  ${width} × ${height}${turned}`)}`);
  for (const { name, type, box, standard, file } of regions) {
    const { left, top, width: w, height: h } = toPixels(box, photo);
    const place = `${Math.round(w)}×${Math.round(h)} at ${Math.round(left)},${Math.round(top)}`;
    const from = `${standards[standard]}${fileIn(file, path)}`;
    const called = name === null ? out.yellow('no name') : out.green(shown(name));
    print(`  ${called}  ${shown(type ?? 'no type')}  ${place}  ${out.dim(from)}`);
  }
  // digiKam writes each name of a region as a keyword too, in five fields.
  const others = hints.filter((hint) => !regions.some(({ name }) => name === hint.name));
  for (const { name, kind, field, file } of others) {
    const what = kind === 'person' ? 'a person without a place' : 'a keyword';
    print(`  ${shown(name)}  ${out.dim(`${what}  ${field}${fileIn(file, path)}`)}`);
  }
  if (regions.length === 0 && hints.length === 0) {
    print(`  ${unread.length === 0 ? 'no names' : 'no names that could be read'}`);
  }
  for (const { file, reason } of unread) note(`  ${err.yellow('unread:')} ${shown(file)}: ${shown(reason)}`);
}

/** The photo itself is named above. */
function fileIn(file: string, photo: string): string {
  return file === photo ? '' : ` in ${shown(file)}`;
}

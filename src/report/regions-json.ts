/** The names that a photo carries, as `regions --json` prints them: the documented form, schema 1. */

import { toPixels } from '../core/geometry.ts';
import type { Failure } from '../errors.ts';
import type { PhotoRegions } from '../faces/regions/photo-regions.ts';
import { boxJson } from './decision-json.ts';

export function regionsJson(photo: PhotoRegions | Failure): object {
  if (photo.kind === 'failure') {
    const { code, message } = photo.error;
    return { schema: 1, file: photo.path, regions: [], hints: [], unread: [], error: { code, message } };
  }
  const { path, width, height, orientation, regions, hints, unread } = photo;
  return {
    schema: 1,
    file: path,
    width,
    height,
    orientation,
    regions: regions.map(({ name, type, box, standard, file }) => ({
      name,
      type,
      box: boxJson(toPixels(box, photo)),
      standard,
      from: file,
    })),
    hints: hints.map(({ name, kind, field, file }) => ({ name, kind, field, from: file })),
    unread: unread.map(({ file, reason }) => ({ file, reason })),
  };
}

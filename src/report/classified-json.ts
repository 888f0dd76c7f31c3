/** The `--json` form of what is in a photo; documented in docs/JSON.md. */

import type { ClassifiedPhoto } from '../pictures/classify.ts';
import { boxJson, damageJson, round } from './decision-json.ts';
import type { ClassifiedJson } from './schema/recognition-schema.ts';

/** @param top so many labels, the likeliest first */
export function classifiedJson(photo: ClassifiedPhoto, top: number): ClassifiedJson {
  if (photo.kind === 'failure') {
    const { code, message } = photo.error;
    return { schema: 1, file: photo.path, labels: [], error: { code, message } };
  }
  const { path, width, height, labels, objects } = photo;
  return {
    schema: 1,
    file: path,
    width,
    height,
    ...damageJson(photo),
    labels: labels.slice(0, top).map(({ label, index, score }) => ({ label, index, score: round(score, 6) })),
    ...(objects && {
      objects: objects.map(({ label, score, box }) => ({
        label,
        score: round(score, 6),
        box: boxJson(box),
      })),
    }),
  };
}

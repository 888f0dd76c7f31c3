/** The form in which the faces of a photo leave whosin without names; documented in docs/JSON.md. */

import type { FaceReading } from '../faces/find/read-album.ts';
import { boxJson, damageJson, round } from './decision-json.ts';
import type { FoundFacesJson } from './schema/recognition-schema.ts';

/** Boxes in pixels of the upright photo; `embedding` has unit length, `space` names the embedder. */
export function faceReadingJson(reading: FaceReading): FoundFacesJson {
  if (reading.kind === 'failure') {
    const { code, message } = reading.error;
    return { schema: 1, file: reading.path, faces: [], error: { code, message } };
  }
  const { path, photo } = reading;
  return {
    schema: 1,
    file: path,
    width: photo.width,
    height: photo.height,
    ...damageJson(photo),
    faces: photo.faces.map(({ box, score, quality, embedding }) => ({
      box: boxJson(box),
      score: round(score, 4),
      quality: round(quality, 4),
      space: embedding.space,
      embedding: Array.from(embedding.values, (value) => round(value, 6)),
    })),
  };
}

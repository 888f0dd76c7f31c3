/** A place of a photo where somebody sees a face, and the machine sees none. */

import type { Tables } from '../../catalog/catalog.ts';
import type { Box } from '../../core/geometry.ts';
import { firstAnswer } from './settle.ts';

/** @returns its id: it is a face as long as something is said about it */
export async function spokenFace(
  { faces, answers }: Tables,
  photo: number,
  box: Box<'ratio'>,
): Promise<number> {
  const face = await faces.addSpoken(photo, box, null);
  await answers.save([firstAnswer(face, photo)]);
  return face;
}

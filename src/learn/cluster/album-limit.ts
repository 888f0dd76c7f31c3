/** The odds from which two groups of an album are joined: the more faces there are, the likelier two of them are alike. */

import { leastLooks } from './evidence.ts';

/**
 * Before anything is known about the people, a face is any of the others, or nobody whom the album knows. Nothing is read off the album:
 * a correction by how alike its strangers are, chosen with labels, was no better on the halves of LFW, and much worse where
 * faces from the side spread the odds of strangers (docs/notes/accuracy-tried.md).
 */
export function albumLimit(faces: number): number {
  return Math.max(leastLooks, Math.log(faces / 2));
}

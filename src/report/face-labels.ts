/** The names of a photo's faces, as they are drawn over it. */

import type { Label } from '../core/label.ts';
import type { IdentifiedFace } from '../faces/people/identify.ts';
import { probability } from './words.ts';

/** The label of each face: its name with the probability, or "unknown". */
export function faceLabels(faces: readonly IdentifiedFace[]): Label[] {
  return faces.map(({ box, decision }) => ({
    box,
    // Isolated, or a name written from right to left would carry the number along.
    text:
      decision.kind === 'known'
        ? `\u2068${decision.person}\u2069 ${probability(decision.probability)}`
        : 'unknown',
    tone: decision.kind,
  }));
}

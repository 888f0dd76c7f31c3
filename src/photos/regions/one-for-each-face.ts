/** Programs write one face in several forms, which are one region. */

import { iou } from '../../core/geometry.ts';
import type { StoredRegion } from './region.ts';

/** Rounding and other ideas of a face's frame shift it; two faces in a crowd overlap less. */
const sameFace = 0.5;

/**
 * @param lists the regions of each form; the earlier one is believed
 * @param isTurned whether the picture is turned to be upright: programs disagree which way Microsoft's regions lie then
 */
export function oneForEachFace<R extends StoredRegion>(
  lists: readonly (readonly R[])[],
  isTurned: boolean,
): R[] {
  const kept: R[] = [];
  for (const list of lists) {
    const before = kept.length;
    const hasFaces = kept.some(({ type }) => type === 'Face');
    for (const region of list) {
      if (isTurned && hasFaces && region.standard === 'microsoft') continue;
      const known = kept.slice(0, before);
      const same = known.findIndex(
        (other) => iou(other.box, region.box) >= sameFace && isSameKind(other, region),
      );
      if (same >= 0) {
        // The form that has the name completes the one that is believed about the place.
        if (known[same]!.name === null) kept[same] = { ...known[same]!, name: region.name };
      } else if (!known.some(({ name, type }) => name !== null && name === region.name && type === 'Face')) {
        kept.push(region);
      }
    }
  }
  return kept;
}

/** A frame around a person and one around the face are the same if they overlap that much. */
function isSameKind(a: StoredRegion, b: StoredRegion): boolean {
  const isPerson = ({ type }: StoredRegion): boolean => type === 'Face' || type === 'Person';
  return a.type === b.type || (isPerson(a) && isPerson(b));
}

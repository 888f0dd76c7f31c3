/** Entries of the log in words. */

import type { Said } from './api.ts';
import { count } from './words.ts';

export function inWords({ kind, person, into, date, faces, photos, undoes }: Said): string {
  const these = `${count(faces, 'face')} in ${count(photos, 'photo')}`;
  switch (kind) {
    case 'is':
      return `${these}: ${person}`;
    case 'is-not':
      return `${these}: not ${person}`;
    case 'not-sure':
      return `${these}: not sure`;
    case 'not-a-face':
      return `${these}: not a face`;
    case 'stranger':
      return `${these}: nobody I know`;
    case 'same':
      return `${these}: the same person`;
    case 'different':
      return `${these}: different people`;
    case 'split':
      return `${these}: several people`;
    case 'box':
      return `${these}: another box`;
    case 'cover':
      return `${person}: shown by another face`;
    case 'merge':
      return `${person} is ${into ?? 'somebody else'}`;
    case 'rename':
      return `Renamed to ${person}`;
    case 'born':
      return date ? `${person} born ${date}` : `${person}: birth not known`;
    case 'died':
      return date ? `${person} died ${date}` : `${person}: death not known`;
    case 'hide':
      return `${person} hidden`;
    case 'show':
      return `${person} shown`;
    case 'undo':
      return `Took back number ${undoes ?? '?'}`;
    default:
      return `${kind}: ${these}`;
  }
}

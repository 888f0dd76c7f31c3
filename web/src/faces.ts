/** A face in words: who it is, and how that is known. */

import type { AlbumFace } from './api.ts';
import { percent } from './words.ts';

export function nameOf({ person, state }: AlbumFace): string {
  if (state === 'stranger') return 'nobody you know';
  // A suggestion is no name.
  return isNamed(state) && person !== null ? person : 'no name';
}

export function isNamed(state: AlbumFace['state']): boolean {
  return state === 'confirmed' || state === 'automatic';
}

export function stateOf({ state, person, probability, drawn }: AlbumFace): string {
  if (state === 'confirmed') return drawn ? 'confirmed, drawn by you' : 'confirmed';
  if (state === 'automatic') return `named by whosin, ${percent(probability ?? 0)}`;
  if (state === 'suggested') return `perhaps ${person}, ${percent(probability ?? 0)}`;
  return '';
}

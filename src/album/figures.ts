/** RECIPE: how much has come into the album, and what waits? For programs that watch over it and reckon rates. */

import type { QueueState } from '../catalog/queue-room.ts';
import type { AlbumContext } from './context.ts';

export interface AlbumFigures {
  /** How many there ever were; those that were forgotten count too. */
  readonly photos: number;
  readonly faces: number;
  readonly said: number;
  /** Photos that wait for workers; null for an album in a file. */
  readonly queue: QueueState | null;
}

export async function albumFigures({ catalog }: Pick<AlbumContext, 'catalog'>): Promise<AlbumFigures> {
  const last = await catalog.read(({ rows }) => rows.lastNumbers());
  return {
    photos: last.get('photos') ?? 0,
    faces: last.get('faces') ?? 0,
    said: last.get('said') ?? 0,
    queue: (await catalog.queueRoom?.state()) ?? null,
  };
}

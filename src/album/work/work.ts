/**
 * RECIPE: one of many workers on an album: it reads what waits in the queue. Whoever finds that all is read that an `add`
 * has left to workers goes on from there: names, groups.
 */

import { existsSync } from 'node:fs';
import type { Tables } from '../../catalog/catalog.ts';
import { WhosinError } from '../../errors.ts';
import { patiently } from '../../jobs/patient.ts';
import type { AlbumContext } from '../context.ts';
import { finish } from '../reading/finish.ts';
import { openPhotoServer, type PhotoServerOptions } from './photo-server.ts';
import { type WorkDone, workOff } from './work-off.ts';

export interface WorkerOptions {
  /** Stops when what is under way is read and kept; the rest is given back. */
  readonly signal?: AbortSignal | undefined;
  /** End when the queue is empty, instead of waiting for more. */
  readonly drain?: boolean | undefined;
  /** A `whosin serve` that sees files which this machine does not see. */
  readonly server?: PhotoServerOptions | undefined;
  /** Told after each batch, with what was done so far. */
  readonly onProgress?: ((done: WorkDone) => void) | undefined;
  /** Told of a photo or video that will never be read to its end: this process can only be ended. */
  readonly onHang?: ((sha256: string) => void) | undefined;
  /** @internal for tests: milliseconds after which a file will never be read to its end */
  readonly longest?: number;
}

/** @throws WhosinError `usage` if the album is a file, which one machine has for itself */
export async function workOnAlbum(
  album: AlbumContext,
  { drain = false, server, longest, signal, onProgress, onHang }: WorkerOptions = {},
): Promise<WorkDone> {
  const queue = await album.queue();
  if (queue === undefined) throw noQueue(album);
  const photos = server && openPhotoServer(server);
  try {
    return await workOff(album, queue, {
      signal,
      onProgress,
      onHang: ({ sha256 }) => onHang?.(sha256),
      ...(longest !== undefined && { longest: { photo: longest, video: longest } }),
      server: photos,
      moreMayCome: () => !drain,
      onIdle: () => finishIfRead(album, signal),
    });
  } finally {
    await photos?.close();
  }
}

export function noQueue({ catalog }: AlbumContext): WhosinError {
  return withoutDatabase(catalog.place);
}

/** @param place of an album that is no database */
export function withoutDatabase(place: string): WhosinError {
  return new WhosinError(
    'usage',
    `${place} is no database: whosin album add reads the photos of an album in a file itself, and workers share an album in a PostgreSQL database (whosin album move).`,
  );
}

const key = 'unfinished';

/** Leaves to workers what comes after the reading of these files and folders. */
export async function leaveToWorkers({ meta }: Tables, paths: readonly string[]): Promise<void> {
  const before = (await meta.get(key)) || '[]';
  const all = new Set([...(JSON.parse(before) as string[]), ...paths]);
  await meta.set(key, JSON.stringify([...all]));
}

async function finishIfRead(album: AlbumContext, signal: AbortSignal | undefined): Promise<void> {
  const { catalog } = album;
  const left = await patiently(() => catalog.read(({ meta }) => meta.get(key)), signal);
  if (!left) return;
  // One of them, whoever comes first.
  const isMine = await catalog.write(async ({ meta, waiting }) => {
    if ((await meta.get(key)) !== left || (await waiting.isAny())) return false;
    await meta.set(key, '');
    return true;
  });
  if (!isMine) return;
  const paths = (JSON.parse(left) as string[]).filter((path) => existsSync(path));
  try {
    await finish(album, paths, { signal });
  } catch (error) {
    await catalog.write((tables) => leaveToWorkers(tables, JSON.parse(left) as string[]));
    if (signal?.aborted !== true) throw error;
  }
}

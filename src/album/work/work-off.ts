/** RECIPE: a worker takes jobs from the queue, reads their files, and keeps what it found, until nothing more comes. */

import { setTimeout as pause } from 'node:timers/promises';
import { openLeases } from '../../jobs/leases.ts';
import { openPace } from '../../jobs/pace.ts';
import { patiently } from '../../jobs/patient.ts';
import type { JobKind, ReadJob, ReadQueue } from '../../jobs/read-queue.ts';
import { workThrough } from '../../jobs/work-through.ts';
import type { AlbumContext } from '../context.ts';
import { type FileResult, readPhotos, readVideos } from '../reading/read-files.ts';
import type { FailedFile } from '../reading/sort-files.ts';
import { findFiles, type JobFile, type PutOff } from './find-file.ts';
import { giveUpDead } from './give-up-dead.ts';
import { keepRead } from './keep-read.ts';
import type { PhotoServer } from './photo-server.ts';

export interface WorkOptions {
  /** Stops when what is under way is read and kept; jobs that it has not begun are given back. */
  readonly signal?: AbortSignal | undefined;
  /** Whether more may come into the queue: if not, the work ends when the queue is empty. */
  readonly moreMayCome: () => boolean;
  /** For files that this machine does not see. */
  readonly server?: PhotoServer | undefined;
  /** Told after each batch, with what was done so far. */
  readonly onProgress?: ((done: WorkDone) => void) | undefined;
  /** Called when there is nothing to do at the moment. */
  readonly onIdle?: (() => Promise<void>) | undefined;
  /** Told of a file that will never be read to its end: this process can only be ended. */
  readonly onHang?: ((job: ReadJob) => void) | undefined;
  /** Milliseconds; for tests. */
  readonly longest?: Readonly<Record<JobKind, number>> | undefined;
}

export interface WorkDone {
  readonly photos: number;
  readonly faces: number;
  readonly failed: readonly FailedFile[];
  /** Jobs that were put off, for another try. */
  readonly later: number;
}

/** Milliseconds between two looks into an empty queue. */
const lookAgain = 500;

const signsOfLife = 5000;

/** A photo takes a second; a video of hours may take hours. */
const defaultLongest = { photo: 600_000, video: 12 * 3_600_000 };

export async function workOff(
  album: AlbumContext,
  queue: ReadQueue,
  { signal, moreMayCome, server, onProgress, onIdle, onHang, longest = defaultLongest }: WorkOptions,
): Promise<WorkDone> {
  const { catalog, now } = album;
  const faces = await album.faces();
  const done = { photos: 0, faces: 0, failed: [] as WorkDone['failed'][number][], later: 0 };
  const leases = openLeases(queue, {
    every: Math.min(signsOfLife, longest.photo),
    longest,
    clock: now,
    onHang: (job) => onHang?.(job),
  });
  const pace = openPace(now, faces.reader.atOnce);

  const putOff = async (jobs: readonly PutOff[]): Promise<void> => {
    for (const { job, reason } of jobs) await patiently(() => queue.later([job], reason), signal);
    leases.end(jobs.map(({ job }) => job));
    done.later += jobs.length;
    if (jobs.length > 0) onProgress?.(done);
  };

  /** Jobs whose files are there; the others are done, or put off. */
  const take = async (kind: JobKind): Promise<readonly JobFile[]> => {
    for (;;) {
      const jobs = await patiently(() => queue.take(kind, kind === 'video' ? 1 : pace.next()), signal);
      if (jobs.length === 0) return [];
      leases.take(jobs);
      const found = await patiently(() => findFiles(catalog, jobs, server), signal);
      await putOff(found.outOfSight);
      if (found.moot.length > 0) {
        await patiently(() => catalog.write((tables) => queue.done(tables, found.moot)), signal);
        leases.end(found.moot);
      }
      if (found.files.length > 0) return found.files;
    }
  };

  const keep = async (results: readonly FileResult<JobFile>[]): Promise<void> => {
    // A file that vanished, or that this machine lost sight of, may be there again.
    const lost = results.filter((result) => 'error' in result && result.error.code === 'not-found');
    const read = results.filter((result) => !lost.includes(result));
    const kept = await patiently(
      () =>
        catalog.write((tables) =>
          keepRead(
            tables,
            queue,
            read.map(({ file, ...result }) => ({ job: file.job, ...result })),
          ),
        ),
      signal,
    );
    leases.end(read.map(({ file }) => file.job));
    await putOff(lost.map(({ file }) => ({ job: file.job, reason: `${file.path} is no longer there` })));
    for (const { file } of results) await file.release();
    pace.note(results.length);
    done.photos += kept.photos;
    done.faces += kept.faces;
    done.failed.push(...kept.failed);
    onProgress?.(done);
  };

  const works = {
    photo: (files: AsyncIterable<JobFile>) => readPhotos(files, faces),
    video: (files: AsyncIterable<JobFile>) => readVideos(files, faces, album, signal),
  };
  /** @returns whether there was anything to do */
  const pass = async (kind: JobKind): Promise<boolean> => {
    let some = false;
    const takeSome = async (): Promise<readonly JobFile[]> => {
      // After each video it is looked whether photos have come.
      if (kind === 'video' && some) return [];
      const files = await take(kind);
      some ||= files.length > 0;
      return files;
    };
    await workThrough({ take: takeSome, read: works[kind], keep }, { signal, now, ahead: true });
    return some;
  };

  try {
    for (;;) {
      if (signal?.aborted) break;
      if ((await pass('photo')) || signal?.aborted) continue;
      if ((await pass('video')) || signal?.aborted) continue;
      done.failed.push(...(await patiently(() => giveUpDead(album, queue), signal)));
      await onIdle?.();
      const isMore = moreMayCome();
      if (!isMore && (await patiently(() => queue.count(), signal)).open === 0) break;
      await pause(lookAgain, undefined, { signal }).catch(() => {});
    }
  } finally {
    await leases.close();
  }
  return done;
}

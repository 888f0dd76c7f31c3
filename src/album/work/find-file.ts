/** The files of jobs: in their places, if this machine sees them, or from a server that does. */

import { access, constants, rm, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Catalog } from '../../catalog/catalog.ts';
import type { QueuedPath } from '../../catalog/waiting-table.ts';
import { groupedBy } from '../../core/grouped.ts';
import { reasonOf } from '../../errors.ts';
import type { ReadJob } from '../../jobs/read-queue.ts';
import type { FileToRead } from '../reading/read-files.ts';
import type { PhotoServer } from './photo-server.ts';

export interface JobFile extends FileToRead {
  readonly job: ReadJob;
  /** Removes what was only fetched for this. */
  readonly release: () => Promise<void>;
}

export interface FoundFiles {
  readonly files: readonly JobFile[];
  /** No file waits for them any more. */
  readonly moot: readonly ReadJob[];
  readonly outOfSight: readonly PutOff[];
}

/** A job for later, and why. */
export interface PutOff {
  readonly job: ReadJob;
  readonly reason: string;
}

export async function findFiles(
  catalog: Catalog,
  jobs: readonly ReadJob[],
  server: PhotoServer | undefined,
): Promise<FoundFiles> {
  const waiting = await catalog.read((tables) => tables.waiting.ofContents(jobs.map(({ sha256 }) => sha256)));
  const ofContent = groupedBy(waiting, ({ sha256 }) => sha256);
  const found = await Promise.all(
    jobs.map(async (job): Promise<JobFile | PutOff | undefined> => {
      const files = ofContent.get(job.sha256);
      if (files === undefined) return undefined;
      const file = await findFile(job, files, server);
      return typeof file === 'string' ? { job, reason: file } : file;
    }),
  );
  return {
    files: found.flatMap((file) => (file !== undefined && 'path' in file ? [file] : [])),
    moot: jobs.filter((_, i) => found[i] === undefined),
    outOfSight: found.flatMap((file) => (file !== undefined && 'reason' in file ? [file] : [])),
  };
}

/** @returns a sentence for the album's owner if it cannot be had */
async function findFile(
  job: ReadJob,
  files: readonly QueuedPath[],
  server: PhotoServer | undefined,
): Promise<JobFile | string> {
  const { sha256 } = job;
  for (const { path, state } of files) {
    const info = await stat(path).catch(() => undefined);
    const isHere = info?.isFile() === true && (await isReadable(path));
    if (!isHere) continue;
    const hashed = { sha256, bytes: info.size, modified: info.mtime, state };
    return { job, path, hashed, release: async () => {} };
  }
  const { path, state } = files[0]!;
  if (server === undefined) {
    return `no worker sees ${path}: mount its folder there, or start the worker with --server`;
  }
  try {
    const { path: copy, bytes, modified } = await server.bring(sha256, extname(path));
    const hashed = { sha256, bytes, modified, state };
    return { job, path: copy, hashed, release: () => rm(copy, { force: true }) };
  } catch (error) {
    return `${path} could not be fetched: ${reasonOf(error)}`;
  }
}

function isReadable(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
}

/** A file that waits to be read and holds this, if this machine sees it. */
export async function waitingFile(catalog: Catalog, sha256: string): Promise<string | undefined> {
  for (const { path } of await catalog.read(({ waiting }) => waiting.ofContents([sha256]))) {
    if (await isReadable(path)) return path;
  }
  return undefined;
}

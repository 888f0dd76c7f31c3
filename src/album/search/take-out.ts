/** RECIPE: copies of what was found, or links to it, in a folder of their own. Nothing that is there is written over. */

import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, rm, symlink } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { Config } from '../../config.ts';
import { reasonOf, WhosinError } from '../../errors.ts';
import { writeFileAtomically } from '../../runtime/atomic-file.ts';
import { encodeJpeg } from '../../runtime/draw.ts';
import { removeLeftBehind } from '../../runtime/left-behind.ts';
import { makeFolder } from '../../runtime/make-folder.ts';
import { eachFrame, readFrames } from '../../video/frames.ts';
import { probeVideo } from '../../video/probe.ts';
import type { FoundInAlbum } from './find.ts';

export interface TakeOutOptions {
  readonly how: 'copy' | 'link';
  /** Instead of a video, the picture where the first of those who were asked for appears. */
  readonly firstFrame?: boolean;
  readonly config: Config;
}

export interface TakenOut {
  readonly files: number;
  readonly failed: readonly WhosinError[];
}

/** Throws `cannot-write` where the folder cannot be made. */
export async function takeOut(
  photos: readonly FoundInAlbum[],
  folder: string,
  { how, firstFrame = false, config }: TakeOutOptions,
): Promise<TakenOut> {
  await makeFolder(folder);
  await removeLeftBehind(folder);
  const failed: WhosinError[] = [];
  for (const photo of photos) {
    try {
      if (how === 'link') await place(folder, basename(photo.path), (path) => symlink(photo.path, path));
      else if (firstFrame && photo.kind === 'video') await copyFrame(photo, folder, config);
      else await place(folder, basename(photo.path), (path) => copyWhole(photo.path, path));
    } catch (error) {
      failed.push(
        error instanceof WhosinError
          ? error
          : WhosinError.about(
              'cannot-write',
              photo.path,
              `cannot be put into ${folder}: ${reasonOf(error)}`,
              error,
            ),
      );
    }
  }
  return { files: photos.length - failed.length, failed };
}

/** Under a name that is free: `party.jpg`, `party-2.jpg`. `make` fails where the name is taken. */
async function place(folder: string, name: string, make: (path: string) => Promise<void>): Promise<void> {
  const extension = extname(name);
  const stem = basename(name, extension);
  for (let n = 1; ; n++) {
    try {
      return await make(join(folder, n === 1 ? name : `${stem}-${n}${extension}`));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
}

/** A copy that is cut off never has the name of a whole one. */
async function copyWhole(from: string, to: string): Promise<void> {
  const temporary = `${to}.${randomUUID()}.tmp`;
  try {
    await copyFile(from, temporary, constants.COPYFILE_FICLONE);
    // Unlike renaming, this fails where there is such a file.
    await link(temporary, to);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function copyFrame({ path, people }: FoundInAlbum, folder: string, config: Config): Promise<void> {
  const video = await probeVideo(path, config);
  const start = Math.min(...people.map(({ time }) => time ?? 0), video.duration ?? 0);
  let jpeg: Uint8Array | undefined;
  const end = start + 1;
  await eachFrame(
    readFrames(video, config, { every: 1, start: Number.isFinite(start) ? start : 0, end }),
    async ({ image }) => {
      jpeg ??= await encodeJpeg(image, 92);
    },
  );
  if (jpeg === undefined) throw WhosinError.about('damaged-video', path, 'shows no picture at that time');
  const bytes = jpeg;
  await place(folder, `${basename(path, extname(path))}.jpg`, async (to) => {
    const temporary = `${to}.${randomUUID()}.tmp`;
    await writeFileAtomically(temporary, bytes);
    try {
      await link(temporary, to);
    } finally {
      await rm(temporary, { force: true });
    }
  });
}

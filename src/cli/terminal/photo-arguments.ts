/** What the commands that look at photos share: which photos are meant, in which order, and what may fail. */

import { createInterface } from 'node:readline';
import { InvalidArgumentError } from '@commander-js/extra-typings';
import { type Failure, WhosinError } from '../../errors.ts';
import { isVideo, type PhotoFile, videosAt, walkPhotos } from '../../photos/photo-files.ts';
import { shown } from '../../report/words.ts';
import { type Drawings, isDrawn } from '../draw.ts';
import { err, note } from './output.ts';

/** What was given, with the lines of standard input in place of `-`. */
export async function readGiven(given: readonly string[]): Promise<string[]> {
  const paths: string[] = [];
  for (const path of given) {
    if (path !== '-') paths.push(path);
    else
      for await (const line of createInterface({ input: process.stdin })) if (line !== '') paths.push(line);
  }
  return paths;
}

/** Videos are told by their names. Folders are looked through for them only where that is asked for. */
export async function videosAmong(
  paths: readonly string[],
  inFolders: boolean,
): Promise<{ readonly photos: readonly string[]; readonly videos: readonly string[] }> {
  const videos = new Set<string>();
  for (const path of paths) for (const found of await videosAt(path, inFolders)) videos.add(found);
  return { photos: paths.filter((path) => !isVideo(path)), videos: [...videos] };
}

/** Copies that an earlier `--draw` left in the folder are not photos of the album. */
export async function listPhotos(
  paths: readonly string[],
  drawings: Drawings | undefined,
): Promise<PhotoFile[]> {
  const files: PhotoFile[] = [];
  for await (const file of walkPhotos(paths)) {
    const drawn = drawings && !paths.includes(file.path) && (await isDrawn(drawings, file.path));
    if (!drawn) files.push(file);
  }
  return files;
}

/** Keeps the order of what was given, with what could not be found among what could. */
export async function* inOrder<T>(
  files: readonly PhotoFile[],
  run: (paths: Iterable<string>) => AsyncGenerator<T>,
): AsyncGenerator<T | Failure> {
  const found = run(files.flatMap((file) => (file.kind === 'file' ? [file.path] : [])));
  try {
    for (const file of files) {
      if (file.kind === 'failure') yield file;
      else yield (await found.next()).value as T;
    }
  } finally {
    // Lets it end what it has begun: nobody asks it for more than the last answer.
    await found.return(undefined);
  }
}

/** A copy that cannot be written is said, and the rest goes on. */
export async function drawOrSay(draw: () => Promise<unknown>): Promise<boolean> {
  try {
    await draw();
    return true;
  } catch (error) {
    if (!(error instanceof WhosinError)) throw error;
    note(`${err.red('error:')} ${shown(error.message)}`);
    return false;
  }
}

export function fraction(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError('Give a probability between 0 and 1.');
  return value;
}

/** The commands that look at photos share this: which photos are meant, in which order, and what may fail. */

import { type Failure, WhosinError } from '../../errors.ts';
import { type GivenPhoto, openSource } from '../../photos/photo-content.ts';
import { isVideoIn, type PhotoFile, walkPhotos } from '../../photos/photo-files.ts';
import { count, shown } from '../../report/words.ts';
import { copyPlaces } from '../copy-places.ts';
import { type Drawings, isDrawn } from '../draw.ts';
import { err, note } from './output.ts';
import { readStandardInput, standardInput } from './standard-input.ts';

/** A path, or what was read or missed already. */
export type Given = string | PhotoFile;

/** The arguments as given, with the photo or the paths on standard input in place of `-`. */
export async function readGiven(given: readonly string[]): Promise<Given[]> {
  const all: Given[] = [];
  for (const path of given) {
    if (path === '-') all.push(...(await readStandardInput()));
    else all.push(path);
  }
  return all;
}

/** How one argument is reported. */
export function nameOfGiven(path: string): string {
  return path === '-' ? standardInput : path;
}

/** The same, where one photo is meant; throws why it cannot be had. */
export async function readGivenPhoto(path: string): Promise<GivenPhoto> {
  if (path !== '-') return openSource(path);
  const [found, ...others] = await readStandardInput();
  if (found !== undefined && typeof found !== 'string' && others.length === 0) {
    if (found.kind === 'failure') throw found.error;
    return sourceOf(found);
  }
  throw WhosinError.about('not-a-photo', standardInput, 'is not a photo');
}

/**
 * Copies that an earlier `--draw` left in the folder are not photos of the album. Videos in folders are passed over, and
 * counted aloud unless they are looked at by themselves.
 */
export async function listPhotos(
  given: readonly Given[],
  drawings: Drawings | undefined,
  withVideos: boolean,
): Promise<PhotoFile[]> {
  const files: PhotoFile[] = [];
  let videos = 0;
  const countVideo = (path: string): void => {
    if (isVideoIn(path)) videos++;
  };
  for await (const file of walkPhotos(given, countVideo)) {
    const drawn = drawings && !given.includes(file.path) && (await isDrawn(drawings, file.path));
    if (!drawn) files.push(file);
  }
  if (videos > 0 && !withVideos)
    note(err.yellow(`${count(videos, 'video')} in folders passed over: --videos looks at them too.`));
  return files;
}

/** An answer, and what to read again where a copy of the photo is drawn. */
interface Answered<T> {
  readonly photo: T | Failure;
  readonly source: GivenPhoto;
}

/** Keeps the order of what was given, with what could not be found among what could. */
export async function* inOrder<T>(
  files: readonly PhotoFile[],
  run: (photos: Iterable<GivenPhoto>) => AsyncGenerator<T>,
): AsyncGenerator<Answered<T>> {
  const found = run(files.flatMap((file) => (file.kind === 'failure' ? [] : [sourceOf(file)])));
  try {
    for (const file of files) {
      if (file.kind === 'failure') yield { photo: file, source: file.path };
      else yield { photo: (await found.next()).value as T, source: sourceOf(file) };
    }
  } finally {
    // Lets it end what it has begun: nobody asks it for more than the last answer.
    await found.return(undefined);
  }
}

/** The place below its folder at which `--draw` puts the copy of each; a photo from a pipe has no folder. */
export function placesOf(
  given: readonly Given[],
  files: readonly PhotoFile[],
): (photo: GivenPhoto) => string {
  const place = copyPlaces(
    given.filter((one) => typeof one === 'string'),
    files.flatMap((file) => (file.kind === 'file' ? [file.path] : [])),
  );
  return (photo) => (typeof photo === 'string' ? place(photo) : '');
}

/** A photo that was found, as readers take it. */
export function sourceOf(file: Exclude<PhotoFile, Failure>): GivenPhoto {
  return file.kind === 'bytes' ? { name: file.path, bytes: file.bytes } : file.path;
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

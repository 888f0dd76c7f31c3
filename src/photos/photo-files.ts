/** The files in folders of photos. Nothing here writes. */

import type { Dirent, Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { extname, isAbsolute, join, normalize, resolve } from 'node:path';
import { type Failure, failure, WhosinError } from '../errors.ts';
import { openSource } from './photo-content.ts';
import { mayBeMisread, unreadable } from './unreadable.ts';

/** A file that was found, or what was asked for or come across and cannot be read. */
export type PhotoFile =
  | {
      readonly kind: 'file';
      readonly path: string;
      /** Without links, where that is known already. */
      readonly real?: string;
    }
  | {
      readonly kind: 'bytes';
      /** A name, of what lies in no file: a pipe. */
      readonly path: string;
      readonly bytes: Uint8Array;
    }
  | Failure;

/** Files that systems leave beside photos, besides everything that begins with a dot. */
const systemNames = new Set([
  'thumbs.db',
  'ehthumbs.db',
  'desktop.ini',
  'icon\r',
  '@eadir',
  '#recycle',
  '$recycle.bin',
  '__macosx',
]);

/** Extensions of files in folders of photos that are no photos. Any other extension, or none, is left for decoding to judge. */
const otherExtensions = new Set(
  `txt md rtf pdf doc docx xls xlsx ppt pptx odt csv tsv json jsonl xml html htm css js ts py yaml yml ini log url
  lnk xmp aae db sqlite mov mp4 m4v avi mkv webm wmv flv mpg mpeg mts 3gp mp3 m4a wav ogg flac zip gz tar 7z rar
  pkl npy h5 onnx pb`.split(/\s+/),
);

const videoExtensions = new Set(
  'mov mp4 m4v avi mkv webm wmv flv mpg mpeg mts m2ts ts 3gp 3g2 ogv mxf vob'.split(' '),
);

/** Whether a name is that of a video. */
export function isVideo(path: string): boolean {
  return videoExtensions.has(extname(path).slice(1).toLowerCase());
}

/** The same for what lies in a folder, where `.ts` is more often a program than a broadcast. */
export function isVideoIn(path: string): boolean {
  return isVideo(path) && !path.endsWith('.ts');
}

/** The extension of a file that is plainly something else, such as `txt` or `mov`. */
export function otherKind(path: string): string | undefined {
  const extension = extname(path).slice(1).toLowerCase();
  return otherExtensions.has(extension) ? extension : undefined;
}

export function isHidden(name: string): boolean {
  return name.startsWith('.') || isSystem(name);
}

function isSystem(name: string): boolean {
  return systemNames.has(name.toLowerCase());
}

/**
 * Yields every file below a folder, of whatever kind, hidden ones left out. Links are followed, but no folder
 * is entered twice: a link to a folder above would never end.
 *
 * @param entered real paths of folders not to enter
 */
export async function* walkFolder(
  folder: string,
  entered: Set<string> = new Set(),
): AsyncGenerator<PhotoFile> {
  let entries: Dirent[];
  let real: string;
  try {
    real = await realpath(folder);
    if (entered.has(real)) return;
    entered.add(real);
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    yield failure(folder, unreadable(folder, error));
    return;
  }
  const shown = entries.filter(({ name }) => !isHidden(name));
  for (const entry of shown.toSorted((a, b) => naturally(a.name, b.name))) {
    const path = join(folder, entry.name);
    const kind = entry.isSymbolicLink() || mayBeMisread(path) ? await kindOf(path) : entry;
    if (kind instanceof WhosinError) yield failure(path, kind);
    else if (kind.isDirectory()) yield* walkFolder(path, entered);
    else if (kind.isFile())
      yield { kind: 'file', path, ...(kind === entry && { real: join(real, entry.name) }) };
    else yield failure(path, notAFile(path, kind));
  }
}

type Kind = Pick<Stats, 'isFIFO' | 'isSocket'>;

/** About what would block for ever, or never end, if it were read. */
export function notAFile(path: string, kind: Kind): WhosinError {
  const called = kind.isFIFO() ? 'a pipe' : kind.isSocket() ? 'a socket' : 'a device';
  return WhosinError.about('not-a-photo', path, `is ${called}, not a file`);
}

export async function kindOf(path: string): Promise<Stats | WhosinError> {
  return stat(path).catch((error: unknown) => unreadable(path, error));
}

/**
 * Yields the photos among files, folders and glob patterns, each file once. A file that is named is taken
 * whatever its name, and a pipe is read; from folders and patterns, what is plainly no photo is passed over. A
 * file that exists is never read as a pattern: `photo (1).jpg` and `[2019]` are names.
 *
 * @param given paths, and what was read already
 * @param passedOver hears of each file that is plainly no photo
 */
export async function* walkPhotos(
  given: readonly (string | PhotoFile)[],
  passedOver: (path: string) => void = () => {},
): AsyncGenerator<PhotoFile> {
  const seen = new Set<string>();
  for (const one of given) {
    for await (const file of typeof one === 'string' ? filesOf(one, passedOver) : [one]) {
      if (file.kind === 'bytes') {
        yield file;
        continue;
      }
      const known = file.kind === 'file' ? file.real : undefined;
      const real = known ?? (await realpath(file.path).catch(() => resolve(file.path)));
      if (seen.has(real)) continue;
      seen.add(real);
      yield file;
    }
  }
}

async function* filesOf(path: string, passedOver: (path: string) => void): AsyncGenerator<PhotoFile> {
  const kind = await kindOf(path);
  const missing = kind instanceof WhosinError;
  if (missing && (await isPattern(path)))
    yield* photosOf(matching(path), path, `No photo matches ${path}.`, passedOver);
  else if (missing) yield failure(path, kind);
  else if (kind.isDirectory())
    yield* photosOf(walkFolder(path), path, `There are no photos in ${path}.`, passedOver);
  else yield await named(path);
}

async function named(path: string): Promise<PhotoFile> {
  try {
    const source = await openSource(path);
    return typeof source === 'string' ? { kind: 'file', path } : { kind: 'bytes', path, bytes: source.bytes };
  } catch (error) {
    if (error instanceof WhosinError) return failure(path, error);
    throw error;
  }
}

/**
 * The videos that a path means: itself, those that a pattern matches, and those of a folder where that is asked for.
 * A video that is named and not there is returned too: whoever opens it says so.
 */
export async function videosAt(path: string, inFolders: boolean): Promise<string[]> {
  const kind = await kindOf(path);
  const missing = kind instanceof WhosinError;
  const pattern = missing && (await isPattern(path));
  if (!pattern && (missing || !kind.isDirectory())) return isVideo(path) ? [path] : [];
  if (!pattern && !inFolders) return [];
  const found: string[] = [];
  for await (const file of pattern ? matching(path) : walkFolder(path)) {
    // A pattern that ends in .mp4 means videos, album/** only where they are asked for.
    const meant = inFolders || isVideo(path);
    if (file.kind === 'file' && meant && isVideoIn(file.path)) found.push(file.path);
  }
  return found;
}

/** Passes over what is plainly no photo; complains where nothing is left. */
async function* photosOf(
  files: AsyncIterable<PhotoFile>,
  path: string,
  complaint: string,
  passedOver: (path: string) => void,
): AsyncGenerator<PhotoFile> {
  let found = false;
  for await (const file of files) {
    if (file.kind === 'file' && otherKind(file.path)) {
      passedOver(file.path);
      continue;
    }
    found = true;
    yield file;
  }
  if (!found) yield failure(path, new WhosinError('not-found', complaint, { path }));
}

// Loaded where a pattern may be meant: most command lines name files and folders.
async function isPattern(path: string): Promise<boolean> {
  return (await import('tinyglobby')).isDynamicPattern(path);
}

/** The files that match, and those below folders that match. */
async function* matching(pattern: string): AsyncGenerator<PhotoFile> {
  const slashes = process.platform === 'win32' ? pattern.replaceAll('\\', '/') : pattern;
  // tinyglobby names no folder behind a link, but goes through it to files, hence the second pattern.
  const patterns = [slashes, `${slashes}/**`];
  const { glob } = await import('tinyglobby');
  const files = await glob(patterns, { absolute: isAbsolute(pattern), expandDirectories: false });
  const shown = files.filter((path) => !path.split('/').some(isSystem));
  for (const path of shown.toSorted(naturally)) yield { kind: 'file', path: normalize(path) };
}

/** Made where something is sorted: it takes longer than all else that this file does when it is loaded. */
let collator: Intl.Collator | undefined;

/** IMG_9 before IMG_10. */
export function naturally(a: string, b: string): number {
  collator ??= new Intl.Collator('en', { numeric: true });
  return collator.compare(a, b) || (a < b ? -1 : 1);
}

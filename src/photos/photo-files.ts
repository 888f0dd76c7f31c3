/** The files in folders of photos. Nothing here writes. */

import type { Dirent, Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { extname, isAbsolute, join, normalize, resolve } from 'node:path';
import { reasonOf, WhosinError } from '../errors.ts';
import { openSource } from './photo-source.ts';

/** A file that was found, or what was asked for or come across and cannot be read. */
export type PhotoFile =
  | {
      readonly path: string;
      /** Without links, where that is known already. */
      readonly real?: string;
    }
  | {
      /** A name, of what lies in no file: a pipe. */
      readonly path: string;
      readonly bytes: Uint8Array;
    }
  | { readonly path: string; readonly error: WhosinError };

/** What systems leave beside photos, besides everything that begins with a dot. */
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

/** What lies in folders of photos and is none. Any other extension, or none, is left for decoding to judge. */
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

/** Why the system refused to read this, without the path: "permission denied". */
export function refusal(path: string, error: unknown): string {
  const reason = reasonOf(error);
  return mayBeMisread(path) ? `${reason} (is its name valid UTF-8?)` : reason;
}

/** Node shows bytes of a name that are not UTF-8 as U+FFFD, and then finds no file of that name. */
export function mayBeMisread(path: string): boolean {
  return path.includes('\uFFFD');
}

export function unreadable(path: string, error: unknown): WhosinError {
  return new WhosinError('not-found', `Cannot read ${path}: ${refusal(path, error)}.`, { cause: error });
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
    yield { path: folder, error: unreadable(folder, error) };
    return;
  }
  const shown = entries.filter(({ name }) => !isHidden(name));
  for (const entry of shown.toSorted((a, b) => naturally(a.name, b.name))) {
    const path = join(folder, entry.name);
    const kind = entry.isSymbolicLink() || mayBeMisread(path) ? await kindOf(path) : entry;
    if (kind instanceof WhosinError) yield { path, error: kind };
    else if (kind.isDirectory()) yield* walkFolder(path, entered);
    else if (kind.isFile()) yield kind === entry ? { path, real: join(real, entry.name) } : { path };
  }
}

export async function kindOf(path: string): Promise<Stats | WhosinError> {
  return stat(path).catch((error: unknown) => unreadable(path, error));
}

/**
 * Yields the photos among files, folders and glob patterns, each file once. A file that is named is taken
 * whatever its name, and a pipe is read; from folders and patterns, what is plainly no photo is passed over. What
 * exists is never read as a pattern: `photo (1).jpg` and `[2019]` are names.
 *
 * @param given paths, and what was read already
 */
export async function* walkPhotos(given: readonly (string | PhotoFile)[]): AsyncGenerator<PhotoFile> {
  const seen = new Set<string>();
  for (const one of given) {
    for await (const file of typeof one === 'string' ? filesOf(one) : [one]) {
      if ('bytes' in file) {
        yield file;
        continue;
      }
      const known = 'error' in file ? undefined : file.real;
      const real = known ?? (await realpath(file.path).catch(() => resolve(file.path)));
      if (seen.has(real)) continue;
      seen.add(real);
      yield file;
    }
  }
}

async function* filesOf(path: string): AsyncGenerator<PhotoFile> {
  const kind = await kindOf(path);
  const missing = kind instanceof WhosinError;
  if (missing && (await isPattern(path))) yield* photosOf(matching(path), path, `No photo matches ${path}.`);
  else if (missing) yield { path, error: kind };
  else if (kind.isDirectory()) yield* photosOf(walkFolder(path), path, `There are no photos in ${path}.`);
  else yield await named(path);
}

async function named(path: string): Promise<PhotoFile> {
  try {
    const source = await openSource(path);
    return typeof source === 'string' ? { path } : { path, bytes: source.bytes };
  } catch (error) {
    if (error instanceof WhosinError) return { path, error };
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
    // In folders .ts is more often a program than a broadcast.
    if (!('error' in file) && meant && isVideo(file.path) && !file.path.endsWith('.ts'))
      found.push(file.path);
  }
  return found;
}

/** Passes over what is plainly no photo; complains where nothing is left. */
async function* photosOf(
  files: AsyncIterable<PhotoFile>,
  path: string,
  complaint: string,
): AsyncGenerator<PhotoFile> {
  let found = false;
  for await (const file of files) {
    if (!('error' in file) && otherKind(file.path)) continue;
    found = true;
    yield file;
  }
  if (!found) yield { path, error: new WhosinError('not-found', complaint) };
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
  for (const path of shown.toSorted(naturally)) yield { path: normalize(path) };
}

/** Made where something is sorted: it takes longer than all else that this file does when it is loaded. */
let collator: Intl.Collator | undefined;

/** IMG_9 before IMG_10. */
export function naturally(a: string, b: string): number {
  collator ??= new Intl.Collator('en', { numeric: true });
  return collator.compare(a, b) || (a < b ? -1 : 1);
}

/**
 * Folders of photos as retrain.py sees them (`create_image_lists`): labels, and which photo is trained on,
 * validated or tested with. Nothing is opened here.
 */

import { createHash } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { WhosinError } from '../../errors.ts';
import { isHidden, otherKind } from '../../photos/photo-files.ts';
import { refusal } from '../../photos/unreadable.ts';

export type Category = 'training' | 'testing' | 'validation';

export interface ListedPhoto {
  readonly path: string;
  readonly file: string;
  readonly category: Category;
}

export interface ImageList {
  /** Small letters and digits; everything else is a space. */
  readonly label: string;
  /** The folder's own name. */
  readonly folder: string;
  readonly photos: readonly ListedPhoto[];
}

export interface ImageLists {
  readonly lists: readonly ImageList[];
  /** Warnings for the person, a sentence each. */
  readonly warnings: readonly string[];
}

export interface Percentages {
  readonly testing: number;
  readonly validation: number;
}

/** ~134M: a photo's place is counted in so many parts. */
const maxPhotosPerClass = 2 ** 27 - 1;

/** Fewer photos of a label than this are too few to be sure of anything. */
const fewPhotos = 20;

/**
 * Sorted by folder. Only photos right inside the folders count, as there; but of every kind that whosin reads.
 *
 * @param root as given: part of what decides about a photo's place
 * @throws WhosinError `not-found`, or `too-few-photos` if there are not two labels, or `usage` if two
 *   folders come to one label
 */
export async function readImageLists(root: string, percentages: Percentages): Promise<ImageLists> {
  const lists: ImageList[] = [];
  const warnings: string[] = [];
  for (const folder of await foldersIn(root)) {
    const photos = (await photosIn(join(root, folder))).map((file): ListedPhoto => {
      const path = pythonJoin(root, folder, file);
      return { path, file, category: categoryOf(path, percentages) };
    });
    if (photos.length > 0) lists.push({ label: mangled(folder), folder, photos });
    const warning = warningAbout(photos.length);
    if (warning !== undefined) warnings.push(`Folder ${folder} ${warning}`);
  }
  checkLabels(root, lists);
  return { lists, warnings };
}

/** The label that retrain.py makes of a folder's name. */
export function mangled(folder: string): string {
  return folder.toLowerCase().replaceAll(/[^a-z0-9]+/g, ' ');
}

/**
 * By the SHA-1 of the path, without what follows "_nohash_": photos that differ only there stay together. The
 * path is hashed as it was given, so `flowers` and `./flowers` split differently, as there.
 */
export function categoryOf(path: string, { testing, validation }: Percentages): Category {
  const hash = createHash('sha1')
    .update(path.replace(/_nohash_.*$/, ''))
    .digest('hex');
  // The lower 27 bits of a hash of 160: the last seven digits, and three bits of the eighth.
  const place = Number.parseInt(hash.slice(-8), 16) % (maxPhotosPerClass + 1);
  const percentage = place * (100 / maxPhotosPerClass);
  if (percentage < validation) return 'validation';
  return percentage < testing + validation ? 'testing' : 'training';
}

async function foldersIn(root: string): Promise<readonly string[]> {
  try {
    const folders: string[] = [];
    for (const name of await readdir(root)) {
      if (isHidden(name)) continue;
      // A link may lead nowhere.
      const kind = await stat(join(root, name)).catch(() => undefined);
      if (kind?.isDirectory()) folders.push(name);
    }
    return folders.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  } catch (error) {
    throw new WhosinError('not-found', `Cannot read the image directory ${root}: ${refusal(root, error)}.`, {
      cause: error,
    });
  }
}

/** In the order in which retrain.py finds them, what it would not find last; nothing if it cannot be read. */
async function photosIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const extensions = ['.jpg', '.jpeg', '.JPG', '.JPEG'];
  const rank = (file: string): number => (extensions.indexOf(extname(file)) + 5) % 5;
  const files = entries.filter(isPhoto).map(({ name }) => name);
  return files.toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

function warningAbout(photos: number): string | undefined {
  if (photos === 0) return 'has no photos: it is left out.';
  if (photos < fewPhotos) return `has less than ${fewPhotos} images, which may cause issues.`;
  if (photos <= maxPhotosPerClass) return undefined;
  return `has more than ${maxPhotosPerClass} images. Some images will never be selected.`;
}

function isPhoto(entry: Dirent): boolean {
  return !entry.isDirectory() && !isHidden(entry.name) && otherKind(entry.name) === undefined;
}

/** os.path.join of Python: nothing is cleaned up, because the result is hashed. */
function pythonJoin(...parts: readonly string[]): string {
  return parts.reduce((path, part) => (path.endsWith('/') ? path + part : `${path}/${part}`));
}

function checkLabels(root: string, lists: readonly ImageList[]): void {
  const folders = new Map<string, string>();
  for (const { label, folder } of lists) {
    const other = folders.get(label);
    if (other !== undefined) {
      throw new WhosinError(
        'usage',
        `The folders "${other}" and "${folder}" of ${root} both come to the label "${label}" (retrain.py keeps small letters and digits only): rename one of them.`,
      );
    }
    folders.set(label, folder);
  }
  if (lists.length < 2) {
    const found = lists.length === 0 ? 'No folders of images' : 'Only one folder of images';
    throw new WhosinError(
      'too-few-photos',
      `${found} in ${root}: at least two are needed, one for each label (--image_dir).`,
    );
  }
}

/** Places for the copies of `--draw`: below one folder, in the sub-folders that their photos lie in. */

import { basename, dirname, join, normalize, relative, resolve, sep } from 'node:path';

/**
 * Below the folder that was given, copies keep the folders of their photos. If photos of several folders were given, each
 * of these gets a folder of its own, named by the way to it from here, or by its name alone if it lies elsewhere. So
 * two photos of one name can be told apart, and a second run finds the same places.
 *
 * @param given folders, patterns and files
 * @param photos all paths that were found there
 * @returns the folder for the copy of one of them, relative to that of all copies
 */
export function copyPlaces(given: readonly string[], photos: readonly string[]): (photo: string) => string {
  const named = new Set(given.map(normalize));
  const bases = [...new Set(given.map((path) => normalize(fixedPart(path))))];
  const rootOf = (photo: string): string => {
    if (named.has(normalize(photo))) return dirname(photo);
    const [deepest = dirname(photo)] = bases
      .filter((base) => isInside(base, photo))
      .toSorted((a, b) => resolve(b).length - resolve(a).length);
    return deepest;
  };
  const several = new Set(photos.map((photo) => resolve(rootOf(photo)))).size > 1;
  return (photo) => {
    const root = rootOf(photo);
    const below = relative(root, dirname(photo));
    if (!several) return below;
    return join(isInside('.', root) ? relative('.', root) : basename(resolve(root)), below);
  };
}

/** The folders of a pattern before its first sign: `album` of `album/2019*`. */
function fixedPart(path: string): string {
  const parts = path.split(/[\\/]/);
  const first = parts.findIndex((part) => /[*?[\]{}()!]/.test(part));
  if (first < 0) return path;
  return parts.slice(0, first).join(sep) || (path.startsWith('/') ? sep : '.');
}

/** At any depth. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way.split(sep)[0] !== '..' && resolve(folder, way) === resolve(path));
}

/** Whether the files that may hold a photo's names are as they were: nothing is read that has not changed. */

import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { type ListedFile, stateOf } from '../folder-listings.ts';

/**
 * @param photos of this folder
 * @returns for each name the state of the photo, its sidecars and Picasa's list; null if one is too fresh to be trusted
 */
export async function namesStates(
  folder: string,
  photos: readonly ListedFile[],
  now: number,
): Promise<ReadonlyMap<string, string | null>> {
  // Big and small letters are one on some disks: two sidecars too many are no harm.
  const beside = new Map<string, string[]>();
  for (const name of await readdir(folder).catch(() => [])) {
    const small = name.toLowerCase();
    if (/(\.xmp|^\.?picasa\.ini)$/.test(small)) beside.set(small, [...(beside.get(small) ?? []), name]);
  }
  const known = new Map<string, Promise<string | null>>();
  const stateOfFile = (name: string): Promise<string | null> => {
    const state =
      known.get(name) ??
      stat(join(folder, name), { bigint: true }).then(
        (info) => stateOf(info, now),
        () => 'unreadable',
      );
    known.set(name, state);
    return state;
  };
  const states = new Map<string, string | null>();
  for (const { name, state } of photos) {
    const stem = name.slice(0, name.length - extname(name).length);
    const files = [`${name}.xmp`, `${stem}.xmp`, '.picasa.ini', 'picasa.ini'];
    const there = [...new Set(files.flatMap((file) => beside.get(file.toLowerCase()) ?? []))];
    const all = [state, ...(await Promise.all(there.map(stateOfFile)))];
    states.set(name, all.includes(null) ? null : all.join(' '));
  }
  return states;
}

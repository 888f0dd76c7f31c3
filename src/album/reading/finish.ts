/** RECIPE: photos have been read: names that stand in files are said, faces come into groups, and groups get names. */

import type { AlbumContext } from '../context.ts';
import { groupAnew } from '../grouping/group.ts';
import { groupNewFaces } from '../grouping/group-new.ts';
import { calibrate } from '../naming/calibrate.ts';
import { learn } from '../naming/learn.ts';
import { type NamesRead, readNamesOfFiles } from '../said/read-names.ts';

export interface FinishOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told if there are faces to group. */
  readonly onGroup?: (() => void) | undefined;
}

/** @param paths files and folders whose names are read */
export async function finish(
  album: AlbumContext,
  paths: readonly string[],
  { signal, onGroup }: FinishOptions = {},
): Promise<NamesRead> {
  const names = await readNamesOfFiles(album, paths, signal);
  await groupNewFaces(album, onGroup);
  if (names.regroup.length > 0) await groupAnew(album, names.regroup);
  await learn(album);
  await calibrate(album);
  return names;
}

/** Takes files out of a tar archive, gzipped or not, believing nothing that it says. */

import { lstat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { extract, type ReadEntry } from 'tar';
import { reasonOf, WhosinError } from '../errors.ts';

/** Weights hardly shrink, text to a fourth, padding to nothing: what unpacks to more is made to fill a disk or to keep a machine busy. */
const maxDecompressionRatio = 100;

/**
 * Only plain files of exactly these paths are taken out; links, other names and everything that would lie outside
 * the folder are passed over.
 *
 * @param folder an empty folder; what is taken out lies in it by the paths of the archive
 * @param maxBytes of one file
 * @throws WhosinError `cannot-fetch` if the archive is damaged, or lacks one of the files
 */
export async function unpack(
  archive: string,
  folder: string,
  paths: readonly string[],
  maxBytes: number,
): Promise<void> {
  const wanted = new Set(paths);
  let fault: Error | undefined;
  const isWanted = (path: string, entry: unknown): boolean => {
    const { type, size } = entry as ReadEntry;
    if (!wanted.has(path.replace(/^(\.\/)+/, '')) || !/^(Old)?File$|^ContiguousFile$/.test(type))
      return false;
    // An error thrown here would end the process.
    if (size > maxBytes) fault ??= new Error(`${path} in it says that it has ${size} bytes`);
    return fault === undefined;
  };
  try {
    await extract({
      file: archive,
      cwd: folder,
      filter: isWanted,
      strict: true,
      maxDecompressionRatio,
      preserveOwner: false,
      noMtime: true,
    });
  } catch (error) {
    throw damaged(archive, reasonOf(fault ?? error), error);
  }
  if (fault) throw damaged(archive, fault.message, fault);
  for (const path of paths) {
    const info = await lstat(join(folder, path)).catch(() => undefined);
    if (!info?.isFile()) throw damaged(archive, `it has no file ${path}`);
  }
}

function damaged(archive: string, reason: string, cause?: unknown): WhosinError {
  return new WhosinError(
    'cannot-fetch',
    `${basename(archive)} is damaged or not the archive that it should be: ${reason}.`,
    { cause },
  );
}

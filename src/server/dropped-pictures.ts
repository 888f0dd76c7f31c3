/** The pictures of one request, written into the folder of their label: all of them, or none. */

import { open, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { reasonOf, WhosinError } from '../errors.ts';
import { makeFolder } from '../runtime/make-folder.ts';
import { HttpProblem } from './problems.ts';
import type { UploadedFile } from './uploads.ts';

export interface DropPlace {
  readonly folder: string;
  /** In small letters: on some systems names differ in more than that, or not at all. */
  readonly paths: Set<string>;
  pictures: number;
  bytes: number;
}

interface Most {
  readonly bytes: number;
  readonly pictures: number;
}

/** The part of one request. */
interface Added {
  readonly paths: string[];
  pictures: number;
  bytes: number;
}

/**
 * @param requireThere throws if the drop was removed meanwhile
 * @throws WhosinError `usage` for what can be no label, `cannot-write`; HttpProblem 413 beyond a limit; whatever reading the
 *   files throws
 */
export async function addPictures(
  drop: DropPlace,
  label: string,
  files: AsyncIterable<UploadedFile>,
  most: Most,
  requireThere: () => void,
): Promise<void> {
  checkLabel(label);
  const folder = join(drop.folder, label);
  const added: Added = { paths: [], pictures: 0, bytes: 0 };
  try {
    for await (const { filename, file } of files) {
      added.pictures++;
      if (++drop.pictures > most.pictures) throw tooLarge(`${most.pictures} pictures at most`);
      const path = freePath(drop, folder, filename);
      added.paths.push(path);
      try {
        await makeFolder(folder);
        // A stream that is refused at once would make its file after it was removed: it is made before.
        const target = await open(path, 'wx');
        await pipeline(file, counted(drop, added, most.bytes), target.createWriteStream());
      } catch (error) {
        if (error instanceof HttpProblem) throw error;
        const reason = `cannot be stored for the training: ${reasonOf(error)}`;
        throw WhosinError.about('cannot-write', filename, reason, error);
      }
      requireThere();
    }
  } catch (error) {
    // Whoever sends them again does not have them twice.
    await takeOut(drop, folder, added);
    throw error;
  }
}

async function takeOut(drop: DropPlace, folder: string, { paths, pictures, bytes }: Added): Promise<void> {
  drop.pictures -= pictures;
  drop.bytes -= bytes;
  for (const path of paths) {
    await rm(path, { force: true }).catch(() => {});
    drop.paths.delete(path.toLowerCase());
  }
  // A label without pictures is none; other requests may have some of it.
  await rmdir(folder).catch(() => {});
}

/** Names tell which pictures are variants of one (rose_nohash_1.jpg): they stay, unless two are the same. */
function freePath({ paths, pictures }: DropPlace, folder: string, filename: string): string {
  const name = fileName(filename);
  let path = join(folder, name);
  for (let n = pictures; paths.has(path.toLowerCase()); n++) path = join(folder, `${n}-${name}`);
  paths.add(path.toLowerCase());
  return path;
}

function counted(drop: DropPlace, added: Added, most: number) {
  return async function* count(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      added.bytes += chunk.length;
      drop.bytes += chunk.length;
      if (drop.bytes > most) throw tooLarge(`${Math.round(most / 1024 ** 3)} GB at most`);
      yield chunk;
    }
  };
}

function tooLarge(limit: string): HttpProblem {
  return new HttpProblem(
    413,
    'too-large',
    `The pictures are too many or too large: ${limit}. Give a folder on this machine instead.`,
  );
}

/** The label becomes the name of a folder, and is what the model answers: it is taken as it is, or not at all. */
function checkLabel(label: string): void {
  // oxlint-disable-next-line no-control-regex -- they are what is refused
  if (!/[/\\\u0000-\u001f\u007f]/.test(label) && !label.startsWith('.') && Buffer.byteLength(label) <= 200)
    return;
  throw new WhosinError(
    'usage',
    `"${label.slice(0, 80)}" cannot be a label: no slashes, no dot at the beginning, at most 200 bytes.`,
  );
}

/** For people to find their picture again; nothing in it leads out of the folder, or hides it. */
function fileName(given: string): string {
  return (
    given
      .replaceAll(/[^\p{L}\p{N}._-]+/gu, '_')
      .slice(-80)
      .replace(/^\.+/, '') || 'picture'
  );
}

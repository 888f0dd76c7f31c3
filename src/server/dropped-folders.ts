/** Pictures that were dropped onto the page, a folder for each label, until the work that they are for is done. */

import { randomBytes } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { reasonOf, WhosinError } from '../errors.ts';
import { makeFolder } from '../runtime/make-folder.ts';
import type { PrivateFolders } from './private-folders.ts';
import { HttpProblem } from './problems.ts';
import type { UploadedFile } from './uploads.ts';

export interface DropLimits {
  readonly bytes: number;
  readonly pictures: number;
  /** Drops that wait or are worked on. */
  readonly drops: number;
  /** Milliseconds without a picture or work after which a drop is removed. */
  readonly patience: number;
}

export interface Dropped {
  readonly pictures: number;
  readonly bytes: number;
}

export interface DroppedFolders {
  /** @returns its name. Throws 429 if there are too many. */
  begin(): Promise<string>;
  /** Adds pictures to a label. Throws `not-found`, `usage`, 413 beyond a limit. */
  add(drop: string, label: string, files: AsyncIterable<UploadedFile>): Promise<Dropped>;
  /** The folder with one folder for each label; who takes it, removes it. Throws `not-found`. */
  take(drop: string): { readonly folder: string; readonly remove: () => Promise<void> };
  /** Throws `not-found`. */
  remove(drop: string): Promise<void>;
  close(): void;
}

const usual: DropLimits = {
  bytes: 4 * 1024 ** 3,
  pictures: 20_000,
  drops: 4,
  patience: 30 * 60_000,
};

interface Drop {
  readonly folder: string;
  /** In small letters: on some systems names differ in more than that, or not at all. */
  readonly paths: Set<string>;
  pictures: number;
  bytes: number;
  taken: boolean;
  forget: NodeJS.Timeout;
}

export function openDroppedFolders(folders: PrivateFolders, limits: DropLimits = usual): DroppedFolders {
  const drops = new Map<string, Drop>();
  const end = async (id: string): Promise<void> => {
    const drop = drops.get(id);
    drops.delete(id);
    if (drop === undefined) return;
    clearTimeout(drop.forget);
    await folders.remove(drop.folder);
  };
  const later = (id: string): NodeJS.Timeout => setTimeout(() => void end(id), limits.patience).unref();
  const waiting = (id: string): Drop => {
    const drop = drops.get(id);
    if (drop && !drop.taken) return drop;
    throw new WhosinError('not-found', 'These pictures are no longer there: drop them again.');
  };
  const tooLarge = (limit: string): HttpProblem =>
    new HttpProblem(
      413,
      'too-large',
      `The pictures are too many or too large: ${limit}. Give a folder on this machine instead.`,
    );

  return {
    async begin() {
      if (drops.size >= limits.drops) {
        throw new HttpProblem(
          429,
          'too-many',
          `${limits.drops} drops of pictures are being worked on: try again later.`,
          {
            'retry-after': '60',
          },
        );
      }
      const id = randomBytes(12).toString('hex');
      drops.set(id, {
        folder: await folders.make(),
        paths: new Set(),
        pictures: 0,
        bytes: 0,
        taken: false,
        forget: later(id),
      });
      return id;
    },
    async add(id, label, files) {
      const drop = waiting(id);
      checkLabel(label);
      const folder = join(drop.folder, label);
      for await (const { filename, file } of files) {
        const number = ++drop.pictures;
        if (number > limits.pictures) throw tooLarge(`${limits.pictures} pictures at most`);
        // Names tell which pictures are variants of one (rose_nohash_1.jpg): they stay, unless two are the same.
        const plain = join(folder, fileName(filename));
        const path = drop.paths.has(plain.toLowerCase())
          ? join(folder, `${number}-${fileName(filename)}`)
          : plain;
        drop.paths.add(path.toLowerCase());
        try {
          await makeFolder(folder);
          // A stream that is refused at once would make its file after it was removed: it is made before.
          const target = await open(path, 'wx');
          await pipeline(file, counted(drop, limits.bytes, tooLarge), target.createWriteStream());
        } catch (error) {
          await rm(path, { force: true }).catch(() => {});
          if (error instanceof HttpProblem) throw error;
          throw WhosinError.about(
            'cannot-write',
            filename,
            `cannot be stored for the training: ${reasonOf(error)}`,
            error,
          );
        }
        if (!drops.has(id)) {
          // It was removed meanwhile, and its folder was made again.
          await folders.remove(drop.folder);
          waiting(id);
        }
      }
      clearTimeout(drop.forget);
      if (drops.has(id) && !drop.taken) drop.forget = later(id);
      return { pictures: drop.pictures, bytes: drop.bytes };
    },
    take(id) {
      const drop = waiting(id);
      drop.taken = true;
      clearTimeout(drop.forget);
      return { folder: drop.folder, remove: () => end(id) };
    },
    async remove(id) {
      waiting(id);
      await end(id);
    },
    close() {
      for (const { forget } of drops.values()) clearTimeout(forget);
    },
  };
}

function counted(drop: Drop, most: number, tooLarge: (limit: string) => HttpProblem) {
  return async function* count(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      drop.bytes += chunk.length;
      if (drop.bytes > most) throw tooLarge(`${Math.round(most / 1024 ** 3)} GB at most`);
      yield chunk;
    }
  };
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

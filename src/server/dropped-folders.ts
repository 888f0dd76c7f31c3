/** Pictures that were dropped onto the page, a folder for each label, until the work that they are for is done. */

import { randomBytes } from 'node:crypto';
import { WhosinError } from '../errors.ts';
import { addPictures, type DropPlace } from './dropped-pictures.ts';
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
  /** Adds pictures to a label, all of them or none. Throws `not-found`, `usage`, 413 beyond a limit. */
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

interface Drop extends DropPlace {
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
      const requireThere = (): void => {
        if (!drops.has(id)) waiting(id);
      };
      try {
        await addPictures(drop, label, files, limits, requireThere);
      } catch (error) {
        // It was removed meanwhile, and its folder was made again.
        if (!drops.has(id)) await folders.remove(drop.folder);
        throw error;
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

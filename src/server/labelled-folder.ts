/** The folder that a training or an evaluation reads: on this machine, or of pictures that were dropped onto the page. */

import { z } from 'zod';
import { below } from './roots.ts';
import type { Served } from './served.ts';

export const dropName = z.string().regex(/^[0-9a-f]{24}$/, 'is the name of a drop');

/** One folder in it for each person or label. */
export const fromSchema = z.union([
  z.object({ folder: z.string().min(1).max(4096).describe('On this machine') }).strict(),
  z.object({ drop: dropName.describe('Pictures that were uploaded to /drops') }).strict(),
]);

export interface LabelledFolder {
  readonly folder: string;
  /** As people call it. */
  readonly shown: string;
  /** The job may have waited for hours. Throws as `openLabelledFolder` does. */
  readonly requireThere: () => Promise<void>;
  /** To be called once it was read: dropped pictures go away. */
  readonly remove: () => Promise<void>;
}

/** Throws `not-found`, or `refused` for a folder that the server may not read. */
export async function openLabelledFolder(
  from: z.infer<typeof fromSchema>,
  { roots, drops }: Pick<Served, 'roots' | 'drops'>,
): Promise<LabelledFolder> {
  if ('drop' in from)
    return { ...drops.take(from.drop), shown: 'dropped pictures', requireThere: async () => {} };
  const folder = await below(roots, from.folder);
  const requireThere = async (): Promise<void> => void (await below(roots, folder));
  return { folder, shown: folder, requireThere, remove: async () => {} };
}

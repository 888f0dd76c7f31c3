/** Photos that are copies of a few real ones, each with a content of its own, and the first photos of people to learn from. */

import { mkdir, readdir, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** A comment segment behind the start of the image (ITU-T T.81, B.2.4.5). */
export function withComment(jpeg: Buffer, text: string): Buffer {
  const segment = Buffer.from([0xff, 0xfe, 0, text.length + 2, ...Buffer.from(text)]);
  return Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2)]);
}

/**
 * Three photos of each person, as links.
 *
 * @param folder a folder of photos for each person
 * @param root made here; the same folders with the links in them
 */
export async function linkLessons(folder: string, root: string): Promise<void> {
  for (const person of await readdir(folder)) {
    await mkdir(join(root, person), { recursive: true });
    const photos = (await readdir(join(folder, person))).toSorted().slice(0, 3);
    for (const photo of photos) await symlink(resolve(folder, person, photo), join(root, person, photo));
  }
}

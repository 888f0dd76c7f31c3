/**
 * A rival of `whosin identify` as a program of its own: photos decoded by the same sharp to the same pixels, then its own
 * detection, descriptors and matching. `bench/identify.ts` runs these:
 *
 *   node --import tsx bench/rival-NAME.ts enrol GALLERY.json < LIST    writes one descriptor a line of "person<tab>photo"
 *   node --import tsx bench/rival-NAME.ts name GALLERY.json < LIST     prints one JSON object a line of "photo"
 */

import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type RgbImage } from '../../src/core/image.ts';
import { decodePhoto } from '../../src/runtime/decode.ts';

export interface SeenFace {
  /** Area of the box, in square pixels. */
  readonly area: number;
  readonly descriptor: readonly number[];
}

export interface KnownFace {
  readonly person: string;
  readonly descriptor: readonly number[];
}

export interface Rival {
  see(image: RgbImage): Promise<readonly SeenFace[]>;
  /** @returns the person's name, or nothing where the face is like none */
  openMatcher(known: readonly KnownFace[]): (descriptor: readonly number[]) => string | undefined;
}

export interface NamedPhoto {
  readonly photo: string;
  /** One for each face, null for nobody that is known. */
  readonly names: readonly (string | null)[];
}

export async function beRival(open: () => Promise<Rival>): Promise<void> {
  const [task, gallery] = process.argv.slice(2);
  if ((task !== 'enrol' && task !== 'name') || gallery === undefined) {
    throw new Error('Usage: node --import tsx bench/rival-NAME.ts enrol|name GALLERY.json < LIST');
  }
  const lines = (await text(process.stdin)).split('\n').filter((line) => line !== '');
  const rival = await open();
  const facesOf = async (path: string): Promise<readonly SeenFace[]> =>
    rival.see((await decodePhoto(await readFile(path), path)).image);
  if (task === 'enrol') {
    const known: KnownFace[] = [];
    for (const line of lines) {
      const [person, path] = line.split('\t') as [string, string];
      // If a photo shows several people, the folder is taken to mean the largest.
      const [largest] = (await facesOf(path)).toSorted((a, b) => b.area - a.area);
      if (largest) known.push({ person, descriptor: largest.descriptor });
    }
    await writeFile(gallery, JSON.stringify(known));
    return;
  }
  const match = rival.openMatcher(JSON.parse(await readFile(gallery, 'utf8')) as KnownFace[]);
  for (const photo of lines) {
    const names = (await facesOf(photo)).map(({ descriptor }) => match(descriptor) ?? null);
    console.log(JSON.stringify({ photo, names } satisfies NamedPhoto));
  }
}

const require = createRequire(import.meta.url);

/** The folder of TensorFlow.js's WASM binaries; it takes the one with SIMD. Under Node it runs in one thread. */
export const wasmFolder = `${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`;

/** The folder of an npm package whose main file lies in its folder `dist`. */
export function packageFolder(name: string): string {
  return join(dirname(require.resolve(name)), '..');
}

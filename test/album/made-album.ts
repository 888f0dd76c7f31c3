/**
 * Photos that are texts: who is in them, where, and how clear. They are read by a reader that understands such texts, in
 * the place of networks, so that an album of hundreds of photos is made in a moment. Everything else is the real thing.
 */

import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Album, type AlbumOptions, openAlbum } from '../../src/album/open-album.ts';
import type { Config } from '../../src/config.ts';
import type { Box } from '../../src/core/geometry.ts';
import { WhosinError } from '../../src/errors.ts';
import type { PhotoFaces } from '../../src/faces/find/face.ts';
import type { Faces } from '../../src/faces/open-faces.ts';
import type { TwoCovariance } from '../../src/learn/odds/two-covariance.ts';
import { faceApiPack } from '../../src/models/face-api.ts';
import { openCache } from '../../src/photos/bottleneck-cache.ts';
import { writeFileAtomically } from '../../src/runtime/atomic-file.ts';
import { onOneCore } from '../one-core.ts';
import { asItIs, drawPerson, drawPhoto, seededNormal } from '../synthetic-people.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** As many coordinates as tell thirty people apart, and people as different as real ones. */
export const madeBackground: TwoCovariance = asItIs({
  mean: new Float32Array(0),
  basis: new Float32Array(0),
  between: Float32Array.from({ length: 24 }, (_, i) => 40 / (1 + i / 4)),
  scale: 0.5,
  offset: 0,
});

export interface MadeFace {
  /** Number of the person. */
  readonly who: number;
  /** Number of the picture of them: the same one gives the same face. */
  readonly take: number;
  readonly box?: Box<'ratio'>;
  readonly quality?: number;
}

/** @param shift moves all boxes, as another detector would */
function facesOf(text: string, shift: number, space: string): PhotoFaces {
  const { faces, hash } = JSON.parse(text) as { readonly faces: readonly MadeFace[]; readonly hash: string };
  const [width, height] = [1000, 800];
  return {
    width,
    height,
    perceptualHash: hash,
    faces: faces.map(({ who, take, box, quality = 1 }, i) => {
      const { left, top, width: w, height: h } = box ?? placeOf(i);
      const person = drawPerson(madeBackground, seededNormal(1000 + who));
      return {
        box: {
          left: (left + shift) * width,
          top: (top + shift) * height,
          width: w * width,
          height: h * height,
        },
        score: 0.9,
        quality,
        landmarks: [],
        embedding: { space, values: drawPhoto(person, seededNormal(7919 * who + take + 1)) },
      };
    }),
  };
}

/** Side by side, so that faces of one photo do not touch. */
export function placeOf(i: number): Box<'ratio'> {
  return { left: 0.05 + 0.18 * (i % 5), top: 0.1 + 0.3 * Math.floor(i / 5), width: 0.12, height: 0.15 };
}

/** @param seed photos of two seeds are no copies of each other */
export async function writeMadePhoto(path: string, faces: readonly MadeFace[], seed = path): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const hash = createHash('sha256').update(seed).digest('hex').slice(0, 16);
  // Whole or not at all: who writes may be killed.
  const aside = join(tmpdir(), `whosin-made-${randomUUID()}`);
  await writeFile(aside, JSON.stringify({ faces, hash }));
  await rename(aside, path);
}

export interface MadeReader {
  /** Raised: another detector, another embedder, another recipe. */
  readonly version?: number;
  /** Told of every photo that goes through the networks. */
  readonly onRead?: (path: string) => unknown;
}

export function madeFaces(home: string, { version = 1, onRead }: MadeReader = {}): Faces {
  const space = `made/${version}`;
  const shift = 0.01 * (version - 1);
  const unused = (): never => {
    throw new Error('made photos are read from files alone');
  };
  return {
    pack: faceApiPack,
    background: madeBackground,
    compute: onOneCore,
    cache: openCache(home, writeFileAtomically),
    reader: {
      space,
      recipe: `${space}/faces-1`,
      atOnce: 4,
      requireOpen() {},
      async readFile(bytes, name) {
        await onRead?.(name);
        const text = new TextDecoder().decode(bytes);
        if (!text.startsWith('{')) throw WhosinError.about('not-a-photo', name, 'is not a photo');
        return facesOf(text, shift, space);
      },
      read: unused,
      steps: { detect: unused, locate: unused, follow: unused, glimpse: unused, embed: unused },
      close: async () => {},
    },
    train: unused,
    identify: unused,
    close: async () => {},
  };
}

export function madeConfig(home: string): Config {
  return { home, packs: join(home, 'packs'), albums: join(home, 'albums'), threads: 1 };
}

export interface MadeAlbumOptions extends AlbumOptions, MadeReader {}

/** An album in `folder`, closed when the test is over. Its clock is an hour ahead: files are old enough to be trusted. */
export async function openMadeAlbum(folder: string, options: MadeAlbumOptions = {}): Promise<Album> {
  const { version, onRead, ...rest } = options;
  const home = join(folder, '.home');
  const album = await openAlbum(join(home, 'album.db'), {
    config: madeConfig(home),
    now: () => Date.now() + 3_600_000,
    faces: async () =>
      madeFaces(home, { ...(version !== undefined && { version }), ...(onRead && { onRead }) }),
    ...rest,
  });
  onTestFinished(() => album.close());
  return album;
}

/** Photos of these people, one file each: `photos/0-0.jpg` shows person 0 for the first time; the same in every folder. */
export async function writePeople(folder: string, people: number, takes: number): Promise<void> {
  for (let who = 0; who < people; who++) {
    for (let take = 0; take < takes; take++) {
      const path = join(folder, 'photos', `${who}-${take}.jpg`);
      await writeMadePhoto(path, [{ who, take }], `${who}-${take}`);
    }
  }
}

/** Two photos of persons 0 and 1, who stand side by side; the same in every folder. @returns their paths */
export async function writePairs(folder: string): Promise<readonly string[]> {
  const paths = [0, 1].map((take) => join(folder, `${take}.jpg`));
  for (const [take, path] of paths.entries()) {
    await writeMadePhoto(
      path,
      [0, 1].map((who) => ({ who, take })),
      `${take}`,
    );
  }
  return paths;
}

export interface AlbumOf {
  readonly folder: string;
  readonly album: Album;
  /** A photo by its name, as in `0-0`. */
  readonly path: (name: string) => string;
}

/** An album to which the photos of `writePeople` were added. */
export async function albumOf(
  people: number,
  takes: number,
  options: MadeAlbumOptions = {},
): Promise<AlbumOf> {
  const folder = await temporaryFolder();
  await writePeople(folder, people, takes);
  const album = await openMadeAlbum(folder, options);
  await album.add([join(folder, 'photos')]);
  return { folder, album, path: (name) => join(folder, 'photos', `${name}.jpg`) };
}

/** The album's answer for each face of a photo, from the left: a name, or null. */
export async function namesIn(album: Album, path: string): Promise<(string | null)[]> {
  return album.catalog.read(async (tables) => {
    const [row] = await tables.paths.find([path]);
    const faces = await tables.faces.ofPhotos([row!.photo!]);
    const people = new Map((await tables.people.all()).map(({ id, shown }) => [id, shown]));
    const answers = new Map((await tables.answers.inPhotos([row!.photo!])).map((a) => [a.face, a]));
    return faces
      .toSorted((a, b) => a.box.left - b.box.left)
      .map(({ id }) => {
        const { state, person } = answers.get(id)!;
        return state === 'confirmed' || state === 'automatic' ? people.get(person!)! : null;
      });
  });
}

/** The group of the first face of a photo. */
export async function groupIn(album: Album, path: string): Promise<number> {
  return album.catalog.read(async (tables) => {
    const [row] = await tables.paths.find([path]);
    const [answer] = await tables.answers.inPhotos([row!.photo!]);
    return answer!.grp!;
  });
}

/** The answer for the first face of a photo. */
export async function stateIn(album: Album, path: string): Promise<readonly [string, string | null]> {
  return album.catalog.read(async (tables) => {
    const [row] = await tables.paths.find([path]);
    const [answer] = await tables.answers.inPhotos([row!.photo!]);
    const person = (await tables.people.all()).find(({ id }) => id === answer!.person);
    return [answer!.state, person?.shown ?? null];
  });
}

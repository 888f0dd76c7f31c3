/** Looks at one photo before it is compared with others. */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { perceptualHash } from '../core/perceptual-hash.ts';
import type { WhosinError } from '../errors.ts';
import type { Face } from '../faces/find/face.ts';
import { readPhoto } from '../faces/find/read-album.ts';
import type { Faces } from '../faces/open-faces.ts';
import type { PhotoPixels } from '../photos/photo-input.ts';
import { type PhotoReader, readOnePhoto } from '../photos/read-photos.ts';
import { decodePhoto } from '../runtime/decode.ts';
import { withFile } from '../runtime/file-memory.ts';
import type { Reason } from './journal.ts';

/** A photo, or why it is none. */
export type PhotoLook =
  | { readonly sha256: string; readonly broken: string }
  | {
      readonly sha256: string;
      readonly width: number;
      readonly height: number;
      readonly perceptualHash: string;
      /** Undefined if nobody looks for faces: the subjects are things. */
      readonly faces?: readonly Face[];
    };

export type LookAt = (path: string) => Promise<PhotoLook>;

/** Looks at people's photos, through the cache that `train` uses. */
export function lookForFaces({ reader, cache }: Faces): LookAt {
  return async (path) => {
    const reading = await readPhoto(path, reader, cache);
    return reading.kind === 'failure'
      ? broken(path, reading.error, reading.sha256)
      : { sha256: reading.sha256, ...reading.photo };
  };
}

type ThingLook = Omit<Exclude<PhotoLook, { readonly broken: string }>, 'sha256' | 'faces'>;

/** Looks at photos of things. */
export async function lookAtThing(path: string): Promise<PhotoLook> {
  const reading = await readOnePhoto(path, thingReader);
  return reading.kind === 'failure'
    ? broken(path, reading.error, reading.sha256)
    : { sha256: reading.sha256, ...reading.photo };
}

const lookOf = ({ image, width, height }: PhotoPixels): ThingLook => ({
  width,
  height,
  perceptualHash: perceptualHash(image),
});

const thingReader: PhotoReader<ThingLook> = {
  compute: async (bytes, path) => lookOf(await decodePhoto(bytes, path)),
  computePixels: async (pixels) => lookOf(pixels),
  withFile,
};

/** Its path is a temporary one. Throws where it could not be read at all. */
async function broken(path: string, error: WhosinError, sha256?: string): Promise<PhotoLook> {
  if (error.code === 'not-found') throw error;
  const { message, reason = message } = error;
  return {
    sha256:
      sha256 ??
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    broken: reason,
  };
}

export interface Verdict {
  /** Null if the photo is good. */
  readonly reason: Reason | null;
  /** Reads on from the path. */
  readonly why?: string;
}

/** The verdict on a photo by itself. */
export function verdictAlone(look: PhotoLook, minFace: number): Verdict {
  if ('broken' in look) return { reason: 'broken', why: look.broken };
  if (look.faces === undefined) return { reason: null };
  if (look.faces.length === 0) return { reason: 'no-face', why: 'shows no face that could be found' };
  const largest = Math.max(...look.faces.map(sizeOf));
  return largest < minFace ? tooSmall(largest) : { reason: null };
}

export function tooSmall(size: number): Verdict {
  return { reason: 'small-face', why: `shows a face of ${Math.round(size)} pixels` };
}

/** The longer side of the face, in pixels of the photo. */
export function sizeOf({ box }: Face): number {
  return Math.max(box.width, box.height);
}

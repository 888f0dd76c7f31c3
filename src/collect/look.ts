/** What is seen in one photo before it is compared with others. */

import { createHash } from 'node:crypto';
import { perceptualHash } from '../core/perceptual-hash.ts';
import { WhosinError } from '../errors.ts';
import type { Face } from '../faces/find/face.ts';
import { readPhoto } from '../faces/find/read-album.ts';
import type { Faces } from '../faces/open-faces.ts';
import { bytesOf } from '../photos/photo-source.ts';
import { decodePhoto } from '../runtime/decode.ts';
import type { Reason } from './journal.ts';

/** A photo, or why it is none. */
export type Look =
  | { readonly sha256: string; readonly broken: string }
  | {
      readonly sha256: string;
      readonly width: number;
      readonly height: number;
      readonly perceptualHash: string;
      /** Undefined where nobody looks for faces: the subjects are things. */
      readonly faces?: readonly Face[];
    };

export type LookAt = (path: string) => Promise<Look>;

/** Looks at people's photos, through the cache that `train` uses. */
export function lookForFaces({ reader, cache }: Faces): LookAt {
  return async (path) => {
    const reading = await readPhoto(path, reader, cache);
    return 'error' in reading ? broken(path, reading.error) : { sha256: reading.sha256, ...reading.photo };
  };
}

/** Looks at photos of things. */
export async function lookAtThing(path: string): Promise<Look> {
  try {
    const bytes = await bytesOf(path);
    const { image, width, height } = await decodePhoto(bytes, path);
    return { sha256: sha256Of(bytes), width, height, perceptualHash: perceptualHash(image) };
  } catch (error) {
    if (error instanceof WhosinError) return broken(path, error);
    throw error;
  }
}

/** Reads on from the path, which is a temporary one. */
async function broken(path: string, error: WhosinError): Promise<Look> {
  const why = error.message.replace(path, '').trim().replace(/\.$/, '');
  return { sha256: sha256Of(await bytesOf(path)), broken: why };
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export interface Verdict {
  /** Null where the photo is good. */
  readonly reason: Reason | null;
  /** Reads on from the path. */
  readonly why?: string;
}

/** What can be said of a photo alone. */
export function verdictAlone(look: Look, minFace: number): Verdict {
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

/** The forms in which a program may give a photo, and how its bytes or pixels are read. */

import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { RgbImage } from '../core/image.ts';
import { reasonOf, WhosinError } from '../errors.ts';

/**
 * A path; a `file:` URL, as such or as text; the bytes of a file, with a name for answers and messages or without; pixels,
 * alone or with the size of the photo that they were scaled from.
 */
export type PhotoInput = string | URL | Uint8Array | NamedBytes | RgbImage | PhotoPixels;

export interface NamedBytes {
  /** Stands where a path stands in answers and messages. */
  readonly name: string;
  /** The bytes of a file: JPEG, PNG, HEIC … */
  readonly bytes: Uint8Array;
}

/** The pixels that `decodePhoto` makes of a file. */
export interface PhotoPixels {
  readonly image: RgbImage;
  /** Width and height of the photo itself, in which boxes are reported. */
  readonly width: number;
  readonly height: number;
}

/** A photo in memory has a sha256 as a file has: of its bytes, or of its size and pixels. */
export type PhotoSource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'bytes'; readonly path: string; readonly sha256: string; readonly bytes: Uint8Array }
  | { readonly kind: 'pixels'; readonly path: string; readonly sha256: string; readonly pixels: PhotoPixels };

/**
 * @param number of the photo, from 1: what has no name is called "photo 3"
 * @throws WhosinError `usage` for anything else, with what it is instead
 */
export function photoSource(input: PhotoInput, number: number): PhotoSource {
  const path = `photo ${number}`;
  if (typeof input === 'string') return { kind: 'file', path: isFileUrl(input) ? pathOf(input) : input };
  if (input instanceof URL) return { kind: 'file', path: pathOf(input) };
  if (input instanceof Uint8Array) return inBytes(path, input);
  if (isRecord(input)) {
    if (input['bytes'] instanceof Uint8Array && typeof input['name'] === 'string') {
      return inBytes(input['name'], input['bytes']);
    }
    if (isRecord(input['image'])) return inPixels(path, input['image'], input);
    if (input['data'] instanceof Uint8Array) return inPixels(path, input, input);
  }
  throw new WhosinError(
    'usage',
    `A photo is a path, a file: URL, { name, bytes }, a Uint8Array or an RgbImage, not ${typeOf(input)}.`,
  );
}

/** Throws `usage` for a photo that should be one of a list. */
export function photoList<T>(inputs: AsyncIterable<T> | Iterable<T>): AsyncIterable<T> | Iterable<T> {
  const given: unknown = inputs;
  const isList =
    isRecord(given) &&
    !(given instanceof Uint8Array) &&
    (Symbol.iterator in given || Symbol.asyncIterator in given);
  if (isList) return inputs;
  throw new WhosinError('usage', `Give a list of photos, such as [photo], not ${typeOf(given)}.`);
}

function inBytes(path: string, bytes: Uint8Array): PhotoSource {
  return { kind: 'bytes', path, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}

function inPixels(
  path: string,
  { width, height, data }: Readonly<Record<string, unknown>>,
  whole: Readonly<Record<string, unknown>>,
): PhotoSource {
  const sides = [width, height, whole['width'], whole['height']].map(side);
  if (!(data instanceof Uint8Array) || data.length !== sides[0]! * sides[1]! * 3) {
    const found = data instanceof Uint8Array ? `${data.length} bytes` : typeOf(data);
    throw new WhosinError(
      'usage',
      `The pixels of a photo of ${sides[0]} × ${sides[1]} are ${sides[0]! * sides[1]! * 3} bytes (red, green, blue), not ${found}.`,
    );
  }
  const [imageWidth, imageHeight, photoWidth, photoHeight] = sides as [number, number, number, number];
  const sha256 = createHash('sha256')
    .update(`${sides.join(' ')}\n`)
    .update(data)
    .digest('hex');
  const image = { width: imageWidth, height: imageHeight, data };
  return { kind: 'pixels', path, sha256, pixels: { image, width: photoWidth, height: photoHeight } };
}

function side(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
  const found = typeof value === 'number' ? String(value) : typeOf(value);
  throw new WhosinError(
    'usage',
    `The width and height of a photo are whole numbers of pixels, not ${found}.`,
  );
}

function isFileUrl(text: string): boolean {
  return /^file:/i.test(text);
}

function pathOf(url: string | URL): string {
  try {
    return fileURLToPath(url);
  } catch (error) {
    // The message names only the scheme of an address: the rest may hold a password.
    const [scheme] = /^[a-z][a-z0-9+.-]*:/i.exec(String(url)) ?? ['no'];
    throw new WhosinError(
      'usage',
      `A photo's URL is one of a file on this machine (file:///…), this is a ${scheme} URL: ${reasonOf(error)}.`,
      { cause: error },
    );
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Never what it holds: bytes of a photo are no message. */
function typeOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  if (typeof value !== 'object') return `a ${typeof value}`;
  const { name } = (value.constructor ?? Object) as { readonly name?: unknown };
  return typeof name === 'string' && name !== '' && name !== 'Object' ? `an object (${name})` : 'an object';
}

/** The one place that loads sharp, when the first photo is decoded: a run that finds everything cached needs none. */

import { createRequire } from 'node:module';
import type sharpOf from 'sharp';
import type { Sharp, SharpInput, SharpOptions } from 'sharp';
import { reasonOf, WhosinError } from '../errors.ts';

export type { Exif, Metadata, OutputInfo, OverlayOptions, Sharp } from 'sharp';

let loaded: typeof sharpOf | undefined;

/** sharp's own function. Throws `no-runtime` if the library does not run on this system. */
export function sharp(input: SharpInput, options?: SharpOptions): Sharp;
export function sharp(options: SharpOptions): Sharp;
export function sharp(input: SharpInput | SharpOptions, options?: SharpOptions): Sharp {
  loaded ??= load();
  return loaded(input as SharpInput, options);
}

/** @throws WhosinError `no-runtime` if the library does not run on this system */
function load(): typeof sharpOf {
  const library = required();
  // Photos are seldom decoded twice, and each that is kept takes up to 50 MB.
  library.cache(false);
  return library;
}

function required(): typeof sharpOf {
  try {
    // Not imported: its forty modules would take twice the time, a tenth of a short run.
    return createRequire(import.meta.url)('sharp') as typeof sharpOf;
  } catch (cause) {
    const [reason] = reasonOf(cause).split('\n');
    throw new WhosinError(
      'no-runtime',
      `sharp, which decodes photos, cannot be loaded: ${reason}. Install whosin again on this system: node_modules of another one do not work.`,
      { cause },
    );
  }
}

/** A view of the same bytes that is no Buffer: code that meets one kind of pixels is compiled once. */
export function plainBytes({ buffer, byteOffset, length }: Buffer): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length);
}

/** The pixels of a photo that a program gives, in whatever form. */

import { contentOf } from '../photos/photo-content.ts';
import { type PhotoInput, type PhotoPixels, photoSource } from '../photos/photo-input.ts';
import { decodePhoto } from '../runtime/decode.ts';

/** Throws as `decodePhoto` does, and `usage` for what is no photo. */
export async function inputPixels(input: PhotoInput): Promise<PhotoPixels & { readonly path: string }> {
  const source = photoSource(input, 1);
  const { path } = source;
  if (source.kind === 'pixels') return { ...source.pixels, path };
  const { bytes } = await contentOf(source);
  return { ...(await decodePhoto(bytes, path)), path };
}

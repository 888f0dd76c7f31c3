/** The data in a photo's file besides its pixels. */

import sharp from 'sharp';
import { WhosinError } from '../errors.ts';

export interface PhotoMetadata {
  readonly exif?: Uint8Array;
  /** The XMP packet. */
  readonly xmp?: Uint8Array;
}

/** Reads no more of the file than it takes. Throws `not-a-photo` where it is none. */
export async function readPhotoMetadata(path: string): Promise<PhotoMetadata> {
  try {
    const { exif, xmp } = await sharp(path, { limitInputPixels: false }).metadata();
    return { ...(exif && { exif }), ...(xmp && { xmp }) };
  } catch (error) {
    throw WhosinError.about('not-a-photo', path, 'is no photo whose metadata can be read', error);
  }
}

/** The data in a photo's file besides its pixels. */

import type { Size } from '../core/geometry.ts';
import { WhosinError } from '../errors.ts';
import { extendedXmp, extensionOf } from './formats/extended-xmp.ts';
import { heifOrientation } from './formats/heif-turn.ts';
import { readPhotoHeader } from './photo-header.ts';
import { readPlainFile } from './plain-file.ts';
import { type Metadata, sharp } from './sharp.ts';

export interface PhotoMetadata {
  readonly exif?: Uint8Array;
  /** XMP: none, one packet, or the parts of a large one. */
  readonly packets: readonly Uint8Array[];
  /** As the file stores it, and how it is turned to be upright: EXIF's 1 to 8. */
  readonly picture: Size & { readonly orientation: number };
}

/**
 * @param photo a path, of which no more is read than it takes, or the bytes of a file
 * @throws WhosinError `not-a-photo`; for bytes as `readPhotoHeader`
 */
export async function readPhotoMetadata(
  photo: string | Uint8Array,
  name = String(photo),
): Promise<PhotoMetadata> {
  let metadata: Metadata;
  try {
    metadata = await sharp(photo, { limitInputPixels: false }).metadata();
  } catch (error) {
    if (error instanceof WhosinError) throw error;
    if (typeof photo !== 'string') return withoutSharp(photo, name, error);
    throw WhosinError.about('not-a-photo', photo, 'is no photo whose metadata can be read', error);
  }
  const { exif, xmp } = metadata;
  const whole = async (): Promise<Uint8Array> => (typeof photo === 'string' ? readPlainFile(photo) : photo);
  const packets = xmp ? [xmp as Uint8Array] : [];
  const guid = xmp && metadata.format === 'jpeg' ? extensionOf(xmp) : undefined;
  const rest = guid === undefined ? undefined : extendedXmp(await whole(), guid);
  if (rest) packets.push(rest);
  const picture = metadata.format === 'heif' ? turned(metadata, await whole()) : stored(metadata);
  return { ...(exif && { exif }), packets, picture };
}

function stored({ width, height, orientation = 1 }: Metadata): PhotoMetadata['picture'] {
  return { width, height, orientation };
}

/** HEIF turns itself: what sharp reports is upright already. */
function turned({ width, height }: Metadata, bytes: Uint8Array): PhotoMetadata['picture'] {
  const orientation = heifOrientation(bytes);
  return orientation < 5 ? { width, height, orientation } : { width: height, height: width, orientation };
}

/** BMP has pixels and nothing else. */
async function withoutSharp(bytes: Uint8Array, name: string, cause: unknown): Promise<PhotoMetadata> {
  const header = await readPhotoHeader(bytes, name);
  if (header.by === 'bmp') {
    const { width, height } = header.bmp;
    return { packets: [], picture: { width, height, orientation: 1 } };
  }
  throw WhosinError.about('not-a-photo', name, 'is no photo whose metadata can be read', cause);
}

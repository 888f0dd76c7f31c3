/** Small pictures of faces and photos for a page, read from where the photos are. */

import { scaleBox } from '../core/geometry.ts';
import type { FacePlace } from '../faces/evaluate/evaluation-lists.ts';
import { faceThumbnail } from '../faces/find/thumbnail.ts';
import { bytesOf } from '../photos/photo-content.ts';
import { decodePhoto, type Photo } from '../runtime/decode.ts';
import { encodeJpeg } from '../runtime/draw.ts';
import { resize } from '../runtime/resize.ts';
import { jpegAddress } from './html.ts';

export interface Pictures {
  /** Address of a picture of the face; undefined if the photo is gone since it was read. */
  face(place: FacePlace): Promise<string | undefined>;
  /** Address of a small copy of the whole photo. */
  photo(path: string): Promise<string | undefined>;
}

/** Shown at half of this, for screens with two pixels for one. */
const faceSide = 192;
const photoHeight = 192;

/** The face is cut out larger than it is shown: scaling down with a good filter keeps it smooth. */
const cutOut = 2;

export function openPictures(): Pictures {
  const made = new Map<string, Promise<string | undefined>>();
  const once = (key: string, make: () => Promise<string>): Promise<string | undefined> => {
    const known = made.get(key) ?? make().catch(() => undefined);
    made.set(key, known);
    return known;
  };
  return {
    face: ({ path, box }) =>
      once(`${path}\n${box.left},${box.top}`, async () => {
        const { image, width } = await decode(path);
        const crop = faceThumbnail(image, scaleBox(box, image.width / width), faceSide * cutOut);
        return jpegAddress(await encodeJpeg(await resize(crop, faceSide, faceSide), 80));
      }),
    photo: (path) =>
      once(path, async () => {
        const { image } = await decode(path);
        const width = Math.max(1, Math.round((image.width * photoHeight) / image.height));
        return jpegAddress(await encodeJpeg(await resize(image, width, photoHeight), 80));
      }),
  };
}

async function decode(path: string): Promise<Photo> {
  return decodePhoto(await bytesOf(path), path);
}

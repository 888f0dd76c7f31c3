/** RECIPE: bytes of a photo file become upright 8-bit RGB, or an error that says why not. */

import type { Damage } from '../core/damage.ts';
import type { Size } from '../core/geometry.ts';
import type { RgbImage } from '../core/image.ts';
import { WhosinError } from '../errors.ts';
import { decodeHeic } from './decode-heic.ts';
import { type BmpHeader, decodeBmp } from './formats/bmp.ts';
import { calledRgb, centre, labToRgb } from './formats/lab.ts';
import { whyUnreadable } from './formats/why-unreadable.ts';
import { bmpDamage, findDamage, type Strictness, strictness } from './photo-damage.ts';
import { maxPixels, type PhotoHeader, readPhotoHeader, workingSide } from './photo-header.ts';
import { withMemory } from './photo-memory.ts';
import { photoNeeds } from './photo-needs.ts';
import { plainBytes, type Sharp, sharp } from './sharp.ts';

/** A photo ready to be looked at: pixels at a working size, and the size that boxes are reported in. */
export interface Photo {
  /** No side longer than the working size, or of the size that was asked for. */
  readonly image: RgbImage;
  /** Width and height of the upright photo in its file. */
  readonly width: number;
  readonly height: number;
  /** Only of a photo that is damaged and was read as far as it goes. */
  readonly damage?: Damage;
}

/**
 * Decodes JPEG, PNG, WebP, AVIF, HEIC, TIFF, BMP and the first frame of GIF; applies EXIF orientation; makes CMYK,
 * Lab, 16-bit, grey, palette and transparent pictures plain RGB (transparency over white).
 *
 * @param name for messages
 * @param size the whole photo is stretched to exactly this; a JPEG is decoded no larger than that takes, which of a
 *   camera's photo is the smaller part of the work
 * @throws WhosinError `not-a-photo`, `damaged-photo` or `photo-too-large`
 */
export async function decodePhoto(bytes: Uint8Array, name: string, size?: Size): Promise<Photo> {
  const header = await readPhotoHeader(bytes, name);
  return withMemory(photoNeeds(header, bytes), name, () => decodeBy(header, bytes, name, size));
}

async function decodeBy(header: PhotoHeader, bytes: Uint8Array, name: string, size?: Size): Promise<Photo> {
  try {
    if (header.by === 'sharp') return await decodeWithSharp(bytes, name, header, size);
    if (header.by === 'libheif') return await decodeWithLibheif(bytes, size);
    if (header.by === 'lab') return await decodeLab(bytes, header, size);
    return await decodeAsBmp(bytes, name, header.bmp, size);
  } catch (error) {
    if (error instanceof WhosinError) throw error;
    const format = header.by === 'sharp' ? header.format : header.by === 'libheif' ? 'heif' : 'tiff';
    throw WhosinError.about('damaged-photo', name, whyUnreadable(bytes, format), error);
  }
}

type SharpHeader = Extract<PhotoHeader, { by: 'sharp' }>;

async function decodeWithSharp(
  bytes: Uint8Array,
  name: string,
  { format, metadata }: SharpHeader,
  size?: Size,
): Promise<Photo> {
  const upright = (failOn: Strictness): Promise<RgbImage> =>
    toRgb(sharp(bytes, { limitInputPixels: maxPixels, failOn }).autoOrient(), size);
  const { width, height } = metadata.autoOrient;
  try {
    return { image: await upright(strictness(format)), width, height };
  } catch {
    const damage = await findDamage(bytes, name, format, metadata);
    return { image: await upright('none'), width, height, ...(damage && { damage }) };
  }
}

async function decodeWithLibheif(bytes: Uint8Array, size?: Size): Promise<Photo> {
  const { pixels, width, height, channels } = await decodeHeic(bytes);
  return { image: await toRgb(sharp(pixels, { raw: { width, height, channels } }), size), width, height };
}

async function decodeLab(
  bytes: Uint8Array,
  { tiff }: Extract<PhotoHeader, { by: 'lab' }>,
  size?: Size,
): Promise<Photo> {
  const file = sharp(calledRgb(bytes, tiff), { limitInputPixels: maxPixels, failOn: strictness('tiff') });
  const whole = await file.autoOrient().removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const { width, height } = whole.info;
  const centred = centre(whole.data, tiff);
  const image = await toRgb(sharp(centred, { raw: { width, height, channels: 3 } }), size);
  return { image: labToRgb(image), width, height };
}

async function decodeAsBmp(bytes: Uint8Array, name: string, header: BmpHeader, size?: Size): Promise<Photo> {
  const damage = bmpDamage(bytes, name, header);
  const { data, width, height } = decodeBmp(bytes, header);
  const image = await toRgb(sharp(data, { raw: { width, height, channels: 3 } }), size);
  return { image, width, height, ...(damage && { damage }) };
}

async function toRgb(photo: Sharp, size?: Size): Promise<RgbImage> {
  const { data, info } = await photo
    .resize(
      size
        ? { width: size.width, height: size.height, fit: 'fill' }
        : { width: workingSide, height: workingSide, fit: 'inside', withoutEnlargement: true },
    )
    .flatten({ background: 'white' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`${info.channels} channels after conversion to RGB`);
  return { width: info.width, height: info.height, data: plainBytes(data) };
}

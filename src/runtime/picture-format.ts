/** The format that a picture is written in, by the name of its file. */

import { extname } from 'node:path';
import type { Sharp } from 'sharp';
import { WhosinError } from '../errors.ts';

export type PictureFormat = 'jpeg' | 'png' | 'webp';

const formats: Readonly<Record<string, PictureFormat>> = {
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.png': 'png',
  '.webp': 'webp',
};

/** Throws `usage` for any other name. */
export function pictureFormatOf(path: string): PictureFormat {
  const format = formats[extname(path).toLowerCase()];
  if (format !== undefined) return format;
  throw new WhosinError('usage', `${path}: a picture is written as ${Object.keys(formats).join(', ')}.`);
}

/** @param quality of JPEG and WebP, to 100; PNG loses nothing */
export function encodedAs(picture: Sharp, format: PictureFormat, quality: number): Sharp {
  return format === 'png' ? picture.png() : picture.toFormat(format, { quality });
}

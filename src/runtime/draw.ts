/** Writes pictures for people to look at: JPEG copies, with boxes and names drawn over them. */

import { createHash } from 'node:crypto';
import type { Box, Size } from '../core/geometry.ts';
import type { RgbImage } from '../core/image.ts';
import type { Label } from '../core/label.ts';
import { placeTags } from '../core/tag-places.ts';
import { type Exif, type OverlayOptions, type Sharp, sharp } from './sharp.ts';
import { textTag, toneColours } from './text-tag.ts';

/** The image as a JPEG file. */
export async function encodeJpeg(image: RgbImage, quality = 85): Promise<Uint8Array> {
  return toSharp(image).jpeg({ quality }).toBuffer();
}

/**
 * The image as a JPEG file with a box and a name for each face.
 *
 * @param source names the photo; the file remembers it, and `isDrawing` knows it again
 */
export async function drawLabels(
  image: RgbImage,
  labels: readonly Label[],
  source = '',
): Promise<Uint8Array> {
  const { width, height } = image;
  const line = Math.max(2, Math.round(Math.max(width, height) / 400));
  const frames = labels.map((label) => frameOf(label, line)).join('');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${frames}</svg>`;
  const named = labels.filter(({ text }) => text !== '');
  const unnamed = labels.filter(({ text }) => text === '').map(({ box }) => box);
  const tags = await nameTags(named, unnamed, { width, height }, line);
  const overlays = [{ input: Buffer.from(svg) }, ...tags];
  return toSharp(image).composite(overlays).withExif(drawingExif(source)).jpeg({ quality: 90 }).toBuffer();
}

/** A frame is no thicker than a twentieth of what it is drawn around. */
function frameOf({ box, tone }: Label, line: number): string {
  const thick = Math.max(1.5, Math.min(line, box.width / 20));
  return `<rect x="${box.left}" y="${box.top}" width="${box.width}" height="${box.height}" rx="${thick * 3}" fill="none" stroke="${toneColours[tone]}" stroke-width="${thick}"/>`;
}

/** The mark of a drawing of this photo, so that `isDrawing` recognizes it. */
export function drawingExif(source: string): Exif {
  return { IFD0: { Software: markOf(source) } };
}

/** Whether the file is one that whosin drew, of this photo if one is named. */
export async function isDrawing(path: string, source?: string): Promise<boolean> {
  const metadata = await sharp(path)
    .metadata()
    .catch(() => undefined);
  return metadata?.exif?.includes(source === undefined ? mark : markOf(source)) ?? false;
}

const mark = 'whosin drawing';

/** The photo is named by a hash: a drawing may be given away, and paths hold names. */
function markOf(source: string): string {
  return `${mark} ${createHash('sha256').update(source).digest('hex').slice(0, 16)}`;
}

/** The letters are an eighth of the face wide, as long as they can be read and do not shout. */
async function nameTags(
  labels: readonly Label[],
  others: readonly Box<'px'>[],
  photo: Size,
  line: number,
): Promise<OverlayOptions[]> {
  const sizes = labels.map(({ box }) => Math.min(Math.max(box.width / 8, smallestLetters), line * 14));
  const wanted = await Promise.all(labels.map(({ text, tone }, i) => textTag(text, tone, sizes[i]!, photo)));
  const places = placeTags(
    labels.map(({ box }, i) => ({ box, ...wanted[i]!.info })),
    others,
    photo,
  );
  return Promise.all(
    places.map(async ({ left, top, scale }, i) => {
      const { text, tone } = labels[i]!;
      const { data, info } = scale === 1 ? wanted[i]! : await textTag(text, tone, sizes[i]! * scale, photo);
      // Letters have whole sizes: a smaller tag may come out a pixel larger than its share.
      return {
        input: data,
        left: Math.min(left, photo.width - info.width),
        top: Math.min(top, photo.height - info.height),
      };
    }),
  );
}

/** Pixels. */
const smallestLetters = 11;

function toSharp({ width, height, data }: RgbImage): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

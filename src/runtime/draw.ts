/** Writes pictures for people to look at: JPEG copies, with boxes and names drawn over them. */

import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import sharp, { type Exif, type OutputInfo, type OverlayOptions, type Sharp } from 'sharp';
import type { Box, Size } from '../core/geometry.ts';
import type { RgbImage } from '../core/image.ts';

export interface Label {
  /** In pixels of the image. */
  readonly box: Box<'px'>;
  readonly text: string;
  readonly tone: 'known' | 'unknown';
}

const colours = { known: '#35d07f', unknown: '#ffb020' } as const;

/** Bundled, because a server or a container often has no font at all; Pango falls back to the system's for others. */
const font = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf');

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
  const frames = labels
    .map(
      ({ box, tone }) =>
        `<rect x="${box.left}" y="${box.top}" width="${box.width}" height="${box.height}" rx="${line * 3}" fill="none" stroke="${colours[tone]}" stroke-width="${line}"/>`,
    )
    .join('');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${frames}</svg>`;
  const overlays: OverlayOptions[] = [{ input: Buffer.from(svg) }];
  for (const label of labels) {
    overlays.push(await nameTag(label, image, line));
  }
  return toSharp(image).composite(overlays).withExif(drawingExif(source)).jpeg({ quality: 90 }).toBuffer();
}

/** What marks a drawing of this photo, so that `isDrawing` knows it again. */
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

/** The name on a filled tag above the box, or below where there is no room above. */
async function nameTag(
  { box, text, tone }: Label,
  { width, height }: RgbImage,
  line: number,
): Promise<OverlayOptions> {
  const wanted = Math.min(Math.max(Math.round(box.width / 8), line * 6), line * 14);
  const { data, info } = await fittingTag(text, tone, wanted, { width, height });
  const above = box.top - info.height;
  const top = above >= 0 ? above : Math.min(box.top + box.height, height - info.height);
  const left = Math.min(Math.max(0, box.left), width - info.width);
  return { input: data, left: Math.round(left), top: Math.round(top) };
}

/** A long name on a narrow photo is written smaller, and what still does not fit is cut off. */
async function fittingTag(
  text: string,
  tone: Label['tone'],
  wanted: number,
  { width, height }: Size,
): Promise<{ readonly data: Buffer; readonly info: Size }> {
  const first = await textTag(text, tone, wanted);
  const fits = first.info.width <= width;
  const tag = fits ? first : await textTag(text, tone, Math.max(9, (wanted * width) / first.info.width));
  const info = { width: Math.min(tag.info.width, width), height: Math.min(tag.info.height, height) };
  const data = await sharp(tag.data)
    .extract({ left: 0, top: 0, ...info })
    .toBuffer();
  return { data, info };
}

/** The name on its filled tag, no larger than the picture that it is for; `size` in pixels of the letters. */
export async function renderTag(
  text: string,
  tone: Label['tone'],
  size: number,
  within: Size,
): Promise<RgbImage> {
  const { data: png } = await fittingTag(text, tone, size, within);
  const { data, info } = await sharp(png)
    .flatten()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/** Red, green and blue of a label's frame and tag. */
export function labelColour(tone: Label['tone']): readonly [number, number, number] {
  const value = Number.parseInt(colours[tone].slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

async function textTag(
  text: string,
  tone: Label['tone'],
  size: number,
): Promise<{ readonly data: Buffer; readonly info: OutputInfo }> {
  const [x, y] = [Math.round(size / 2), Math.round(size / 3)];
  const background = colours[tone];
  // sharp flattens before it extends, whatever the order here.
  return textImage(escapeMarkup(text), size)
    .flatten({ background })
    .extend({ top: y, bottom: y, left: x, right: x, background })
    .png()
    .toBuffer({ resolveWithObject: true });
}

/** Text as a picture of its own, on nothing. */
export async function renderText(
  text: string,
  size: number,
  colour: string,
): Promise<{ readonly data: Buffer; readonly info: OutputInfo }> {
  const markup = `<span foreground="${colour}">${escapeMarkup(text)}</span>`;
  return textImage(markup, size).png().toBuffer({ resolveWithObject: true });
}

/** @param size of the letters, in pixels */
function textImage(markup: string, size: number): Sharp {
  return sharp({
    text: {
      text: markup,
      font: `DejaVu Sans Bold ${size.toFixed(1)}px`,
      fontfile: font,
      rgba: true,
      dpi: 72,
    },
  });
}

/** Pango reads markup; a folder may be called `R&D <2>`. */
function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function toSharp({ width, height, data }: RgbImage): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** Words as pictures: letters on nothing, or on a filled tag. */

import { createRequire } from 'node:module';
import type { Size } from '../core/geometry.ts';
import type { RgbImage } from '../core/image.ts';
import type { Tone } from '../core/label.ts';
import { type OutputInfo, type Sharp, sharp } from './sharp.ts';

export const toneColours: Readonly<Record<Tone, string>> = { known: '#35d07f', unknown: '#ffb020' };

export interface Picture {
  readonly data: Buffer;
  readonly info: Size;
}

/** Bundled, because a server or a container often has no font at all; Pango falls back to the system's for others. */
const font = (): string => createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf');

/** Smaller letters cannot be read. */
const leastLetters = 9;

/**
 * The name on its filled tag as a PNG, no larger than the picture that it is for: a long one is written smaller, and what
 * still does not fit is cut off.
 *
 * @param size of the letters, in pixels
 */
export async function textTag(text: string, tone: Tone, size: number, within: Size): Promise<Picture> {
  const first = await tagOf(text, tone, Math.max(leastLetters, size));
  const fits = first.info.width <= within.width;
  const smaller = Math.max(leastLetters, (size * within.width) / first.info.width);
  const tag = fits ? first : await tagOf(text, tone, smaller);
  const info = {
    width: Math.min(tag.info.width, within.width),
    height: Math.min(tag.info.height, within.height),
  };
  const data = await sharp(tag.data)
    .extract({ left: 0, top: 0, ...info })
    .toBuffer();
  return { data, info };
}

/** The same as pixels. */
export async function renderTag(text: string, tone: Tone, size: number, within: Size): Promise<RgbImage> {
  const { data: png } = await textTag(text, tone, size, within);
  const { data, info } = await sharp(png)
    .flatten()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/** Red, green and blue of a frame and a tag. */
export function toneColour(tone: Tone): readonly [number, number, number] {
  const value = Number.parseInt(toneColours[tone].slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

async function tagOf(
  text: string,
  tone: Tone,
  size: number,
): Promise<{ readonly data: Buffer; readonly info: OutputInfo }> {
  const [x, y] = [Math.round(size / 2), Math.round(size / 3)];
  const background = toneColours[tone];
  // sharp flattens before it extends, whatever the order here.
  return textImage(escapeMarkup(text), size)
    .flatten({ background })
    .extend({ top: y, bottom: y, left: x, right: x, background })
    .png()
    .toBuffer({ resolveWithObject: true });
}

/** Text as a picture of its own, on nothing. */
export async function renderText(text: string, size: number, colour: string): Promise<Picture> {
  const markup = `<span foreground="${colour}">${escapeMarkup(text)}</span>`;
  return textImage(markup, size).png().toBuffer({ resolveWithObject: true });
}

/** @param size of the letters, in pixels */
function textImage(markup: string, size: number): Sharp {
  return sharp({
    text: {
      text: markup,
      font: `DejaVu Sans Bold ${size.toFixed(1)}px`,
      fontfile: font(),
      rgba: true,
      dpi: 72,
    },
  });
}

/** Pango reads markup; a folder may be called `R&D <2>`. */
function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Writes pictures for people to look at: JPEG copies, with boxes and names drawn over them. */

import { createRequire } from 'node:module';
import sharp, { type OverlayOptions, type Sharp } from 'sharp';
import type { Box } from '../core/geometry.ts';
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

/** The image as a JPEG file with a box and a name for each face. */
export async function drawLabels(image: RgbImage, labels: readonly Label[]): Promise<Uint8Array> {
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
    const tag = await nameTag(label, image, line);
    if (tag) overlays.push(tag);
  }
  return toSharp(image)
    .composite(overlays)
    .withExif({ IFD0: { Software: mark } })
    .jpeg({ quality: 90 })
    .toBuffer();
}

/** Whether the file is one that `drawLabels` made. */
export async function isDrawing(path: string): Promise<boolean> {
  const metadata = await sharp(path)
    .metadata()
    .catch(() => undefined);
  return metadata?.exif?.includes(mark) ?? false;
}

const mark = 'whosin drawing';

/** The name on a filled tag above the box, or below where there is no room above. */
async function nameTag(
  { box, text, tone }: Label,
  { width, height }: RgbImage,
  line: number,
): Promise<OverlayOptions | undefined> {
  const size = Math.min(Math.max(Math.round(box.width / 8), line * 6), line * 14);
  const [x, y] = [Math.round(size / 2), Math.round(size / 3)];
  const background = colours[tone];
  // sharp flattens before it extends, whatever the order here.
  const { data, info } = await sharp({
    text: {
      text: escapeMarkup(text),
      font: `DejaVu Sans Bold ${size}px`,
      fontfile: font,
      rgba: true,
      dpi: 72,
    },
  })
    .flatten({ background })
    .extend({ top: y, bottom: y, left: x, right: x, background })
    .png()
    .toBuffer({ resolveWithObject: true });
  if (info.width > width || info.height > height) return undefined;
  const above = box.top - info.height;
  const top = above >= 0 ? above : Math.min(box.top + box.height, height - info.height);
  const left = Math.min(Math.max(0, box.left), width - info.width);
  return { input: data, left: Math.round(left), top: Math.round(top) };
}

/** Pango reads markup; a folder may be called `R&D <2>`. */
function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function toSharp({ width, height, data }: RgbImage): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** A photo, and beside it heat maps over the same photo: a picture for people to look at. */

import { colourOf } from '../core/colour-map.ts';
import type { RgbImage } from '../core/image.ts';
import { drawingExif } from './draw.ts';
import { encodedAs, type PictureFormat } from './picture-format.ts';
import { resize } from './resize.ts';
import { type OverlayOptions, sharp } from './sharp.ts';
import { renderText } from './text-tag.ts';

export interface HeatMap {
  /** Above the panel; the first line is set larger. */
  readonly caption: readonly string[];
  /** [rows][columns], 0 (dark) to 1 (bright); laid over the whole photo. */
  readonly heat: readonly (readonly number[])[];
  /** Words for 0 and for 1. */
  readonly ends: readonly [low: string, high: string];
  /** Under the colour bar. */
  readonly legend: string;
}

/** Pixels; text needs as much room on a thumbnail as on a photo. */
const longerSide = 760;
const leastWidth = 420;
const gap = 24;
const ink = '#f4f4f0';
const paper = { r: 0x16, g: 0x17, b: 0x1b };

/** How much of what is seen is heat; the rest is the photo in grey, which shows what lies there. */
const opacity = 0.62;

/** @param source names the photo; the file remembers it, and `isDrawing` knows it again */
export async function drawHeatMaps(
  photo: RgbImage,
  caption: readonly string[],
  maps: readonly HeatMap[],
  source: string,
  format: PictureFormat = 'jpeg',
): Promise<Uint8Array> {
  const scale = longerSide / Math.max(photo.width, photo.height);
  const [width, height] = [photo.width, photo.height].map((side) => Math.max(1, Math.round(side * scale)));
  const shown = await resize(photo, width!, height!);
  const across = Math.max(width!, leastWidth);
  const lines = Math.max(caption.length, ...maps.map((map) => map.caption.length));
  const top = gap + 34 + (lines - 1) * 24;
  const overlays: OverlayOptions[] = [];
  const panels = [{ caption }, ...maps];
  for (const [i, panel] of panels.entries()) {
    const left = gap + i * (across + gap);
    overlays.push(...(await written(panel.caption, left, gap - 6, across)));
    const image = 'heat' in panel ? await heated(shown, panel.heat) : shown;
    overlays.push({ ...raw(image), left: left + ((across - width!) >> 1), top });
    if ('heat' in panel) overlays.push(...(await colourBar(panel, left, top + height! + 14, across)));
  }
  const picture = sharp({
    create: {
      width: gap + panels.length * (across + gap),
      height: top + height! + 14 + 16 + 58,
      channels: 3,
      background: paper,
    },
  })
    .composite(overlays)
    .withExif(drawingExif(source));
  return encodedAs(picture, format, 88).toBuffer();
}

/** The photo in grey under the colours of the heat, which flows from cell to cell. */
async function heated(photo: RgbImage, heat: HeatMap['heat']): Promise<RgbImage> {
  const [rows, columns] = [heat.length, heat[0]!.length];
  const levels = Uint8Array.from(heat.flat(), (value) => Math.round(255 * Math.min(1, Math.max(0, value))));
  const { data: smooth } = await sharp(levels, { raw: { width: columns, height: rows, channels: 1 } })
    .resize(photo.width, photo.height, { fit: 'fill', kernel: 'cubic' })
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true });
  const data = new Uint8Array(photo.data.length);
  for (let i = 0; i < smooth.length; i++) {
    const [r, g, b] = [photo.data[i * 3]!, photo.data[i * 3 + 1]!, photo.data[i * 3 + 2]!];
    // Brightness as in Rec. 709.
    const grey = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    for (const [c, value] of colourOf(smooth[i]! / 255).entries()) {
      data[i * 3 + c] = grey * (1 - opacity) + value * opacity;
    }
  }
  return { width: photo.width, height: photo.height, data };
}

/** The colours as they look over a photo of middle grey. */
async function colourBar(
  { ends, legend }: HeatMap,
  left: number,
  top: number,
  width: number,
): Promise<OverlayOptions[]> {
  const bar = new Uint8Array(width * 3);
  for (let x = 0; x < width; x++) {
    const colour = colourOf(x / (width - 1));
    for (let c = 0; c < 3; c++) bar[x * 3 + c] = 128 * (1 - opacity) + colour[c]! * opacity;
  }
  const high = await renderText(ends[1], 15, ink);
  const right = left + width - high.info.width;
  return [
    { ...raw(await resize({ width, height: 1, data: bar }, width, 16)), left, top },
    ...(await written(['', ends[0]], left, top - 10, width)),
    { input: high.data, left: right, top: top + 22 },
    ...(await written([legend], left, top + 44, width, 15)),
  ];
}

/** Lines of text below each other, cut off where the panel ends. */
async function written(
  lines: readonly string[],
  left: number,
  top: number,
  width: number,
  first = 22,
): Promise<OverlayOptions[]> {
  const overlays: OverlayOptions[] = [];
  for (const [i, line] of lines.entries()) {
    if (line === '') continue;
    const { data, info } = await renderText(line, i === 0 ? first : 15, ink);
    const input = await sharp(data)
      .extract({ left: 0, top: 0, width: Math.min(width, info.width), height: info.height })
      .toBuffer();
    overlays.push({ input, left, top: top + (i === 0 ? 0 : 10 + i * 22) });
  }
  return overlays;
}

function raw({ width, height, data }: RgbImage): OverlayOptions {
  return { input: Buffer.from(data), raw: { width, height, channels: 3 } };
}

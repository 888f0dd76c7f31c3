/** Finds every face in a photo, once. */

import type { Box, QuarterTurns, Size } from '../../core/geometry.ts';
import { clip, iou, overlap, scaleBox, turnBack } from '../../core/geometry.ts';
import { type RgbImage, turnClockwise } from '../../core/image.ts';
import { givePixels, takePixels } from '../../core/pixel-memory.ts';
import { halve } from '../../core/warp.ts';
import { resize } from '../../runtime/resize.ts';
import type { Network } from '../../runtime/session.ts';

export interface Detection {
  /** In pixels of the image that was searched. */
  readonly box: Box<'px'>;
  /** The detector's confidence, 0 to 1: not a probability. */
  readonly score: number;
  /** By how many degrees clockwise the face may be turned, to the next quarter. */
  readonly turns: readonly number[];
}

/** How a detector is asked. Lengths in pixels of a searched copy's longer side. */
export interface Search {
  readonly firstSide: number;
  /** Below this score most boxes are not faces; above the other one nearly all are; a hint is worth a closer look. */
  readonly minScore: number;
  readonly sureScore: number;
  readonly hintScore: number;
}

/**
 * The photo is searched at this size (pixels of its longer side), at half of it and at a quarter, because the detector
 * was trained on faces in crowds and misses those that fill the canvas. The small sizes are there for large faces
 * only: what looks like a small face in them is seldom one, and the large size has seen it better.
 */
const firstSide = 512;
const smallestFaces = [0, 32, 32] as const;

/** If faces were small for the last pass (pixels on its canvas), a photo that holds more detail is searched at twice the size. */
const closerSides = [1024, 2048] as const;
const smallFace = 40;

/**
 * How thoroughly is searched: a photo once and for all; a frame of a video, of which many more will come; or a frame
 * much like one that was searched before, for faces that are neither small nor turned.
 */
export type Effort = 'photo' | 'frame' | 'glance';
const efforts = {
  photo: { closer: closerSides, turned: true },
  frame: { closer: [1024], turned: true },
  glance: { closer: [], turned: false },
} as const;

/** Measured with the default detector; for others see `searchOf`. */
export const usualSearch: Search = { firstSide, minScore: 0.5, sureScore: 0.8, hintScore: 0.2 };

/** If no face was surely found, the photo may lie on its side or stand on its head. */
const turnedPass = { side: 256, minFace: 32 } as const;

/** Boxes that share more than this are one face. */
const sameFaceIou = 0.4;
const sameFaceInside = 0.75;

/** The copy that a photo's search begins with. */
export function overviewOf(image: RgbImage): Promise<RgbImage> {
  return scaledTo(firstSide, image);
}

/**
 * @param overview where it is there already
 * @returns faces from the surest to the least sure
 */
export async function detectFaces(
  detector: Network,
  image: RgbImage,
  effort: Effort = 'photo',
  overview?: RgbImage,
  search: Search = usualSearch,
): Promise<Detection[]> {
  const { closer, turned } = efforts[effort];
  const { minScore, sureScore } = search;
  const found: Detection[] = [];
  const first = (search.firstSide === firstSide && overview) || (await scaledTo(search.firstSide, image));
  let small = first;
  let shown: Size = image;
  for (const minFace of smallestFaces) {
    found.push(...(await searchCopy(detector, small, shown, minFace, search)));
    const half = halve(small);
    // Without the last row or column where there was an odd number of them.
    shown = {
      width: (shown.width * half.width * 2) / small.width,
      height: (shown.height * half.height * 2) / small.height,
    };
    if (small !== first) givePixels(small.data);
    small = half;
  }
  let last: number = search.firstSide;
  for (const side of closer) {
    const scale = last / Math.max(image.width, image.height);
    const hints = found.some(({ box }) => Math.max(box.width, box.height) * scale < smallFace);
    if (!hints || scale >= 1) break;
    last = Math.min(side, Math.max(image.width, image.height));
    found.push(...(await searchCopy(detector, await scaledTo(last, image), image, 0, search)));
  }
  const faces = (of: readonly Detection[]): Detection[] =>
    mergeDetections(
      of.filter(({ score }) => score >= minScore),
      image,
    );
  if (!turned || found.some(({ score }) => score >= sureScore)) return faces(found);
  for (const quarters of [1, 2, 3] as const) {
    found.push(...(await searchTurned(detector, image, quarters, search)));
  }
  // The detector is no judge of which side is up: it may be surer of a face upside down.
  return faces(found).map((face) => ({ ...face, turns: [0, 90, 180, 270] }));
}

async function searchTurned(
  detector: Network,
  image: RgbImage,
  quarters: QuarterTurns,
  search: Search,
): Promise<Detection[]> {
  const { side, minFace } = turnedPass;
  const small = Math.max(image.width, image.height) > side ? await scaledTo(side, image) : image;
  const turned = turnClockwise(small, quarters);
  const found = await searchCopy(detector, await scaledTo(side, turned), turned, minFace, search);
  return found
    .filter(({ score }) => score >= search.sureScore)
    .map(({ box, ...face }) => ({
      ...face,
      box: scaleBox(turnBack(box, small, quarters), image.width / small.width, image.height / small.height),
    }));
}

/** The image with its longer side at so many pixels. */
export function scaledTo(side: number, image: RgbImage): Promise<RgbImage> {
  const scale = side / Math.max(image.width, image.height);
  const scaled = (length: number): number => Math.max(1, Math.round(length * scale));
  return resize(image, scaled(image.width), scaled(image.height));
}

/** @param shown what of the photo the small copy shows: boxes are in pixels of the photo */
export async function searchCopy(
  detector: Network,
  small: RgbImage,
  shown: Size,
  minFace: number,
  { hintScore }: Search,
): Promise<Detection[]> {
  const canvas = padToMultipleOf(32, small);
  const { boxes, scores } = await detector.run(canvas.data, [1, canvas.height, canvas.width, 3]);
  if (canvas !== small) givePixels(canvas.data);
  const found: Detection[] = [];
  for (const i of atLeast(hintScore, scores!.data)) {
    const [top, left, bottom, right] = boxes!.data.subarray(i * 4, i * 4 + 4) as unknown as Corners;
    const box = { left, top, width: right - left, height: bottom - top };
    if (Math.max(box.width, box.height) < minFace) continue;
    const inPhoto = scaleBox(box, shown.width / small.width, shown.height / small.height);
    found.push({ box: inPhoto, score: scores!.data[i]!, turns: [0] });
  }
  return found;
}

/** The places of scores that are not below the least. */
export function atLeast(least: number, scores: Float32Array): number[] {
  const places: number[] = [];
  for (let i = 0; i < scores.length; i++) {
    if (!(scores[i]! < least)) places.push(i);
  }
  return places;
}

type Corners = readonly [number, number, number, number];

/** The detector's strides want sides that are multiples of 32: black is added to the right and below. */
function padToMultipleOf(step: number, image: RgbImage): RgbImage {
  const width = Math.ceil(image.width / step) * step;
  const height = Math.ceil(image.height / step) * step;
  if (width === image.width && height === image.height) return image;
  const data = takePixels(width * height * 3).fill(0);
  for (let y = 0; y < image.height; y++) {
    data.set(image.data.subarray(y * image.width * 3, (y + 1) * image.width * 3), y * width * 3);
  }
  return { width, height, data };
}

/** Greedy non-maximum suppression over the boxes of all passes, surest first. */
export function mergeDetections(found: readonly Detection[], photo: Size): Detection[] {
  const kept: Detection[] = [];
  for (const detection of found.toSorted((a, b) => b.score - a.score)) {
    const inside = clip(detection.box, photo);
    if (inside.width <= 0 || inside.height <= 0) continue;
    if (kept.some((k) => isSameFace(k.box, inside))) continue;
    kept.push({ ...detection, box: inside });
  }
  return kept;
}

export function isSameFace(a: Box<'px'>, b: Box<'px'>): boolean {
  const smaller = Math.min(a.width * a.height, b.width * b.height);
  return iou(a, b) > sameFaceIou || overlap(a, b) > sameFaceInside * smaller;
}

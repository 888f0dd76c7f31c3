/** One face followed without a doubt: what is kept of it. */

import type { Embedding } from '../core/embedding.ts';
import type { Box } from '../core/geometry.ts';

/** A face in one frame. */
export interface Sighting {
  /** Seconds. */
  readonly time: number;
  /** In pixels of the frame at its working size. */
  readonly box: Box<'px'>;
  /** How clear the face is, 0 to 1. */
  readonly quality: number;
}

/** The clearest face of about a second, embedded as that of a photo is. */
export interface TrackFace extends Sighting {
  readonly embedding: Embedding;
}

export interface Tracklet {
  /** Counts from 0; the next one begins at every cut. */
  readonly shot: number;
  /** In the order of time; at least one. */
  readonly sightings: readonly Sighting[];
  /** In the order of time. */
  readonly faces: readonly TrackFace[];
  /** The clearest face as a small JPEG file, and when it was. */
  readonly still: { readonly jpeg: Uint8Array; readonly time: number };
}

export function startOf({ sightings }: Pick<Tracklet, 'sightings'>): number {
  return sightings[0]!.time;
}

export function endOf({ sightings }: Pick<Tracklet, 'sightings'>): number {
  return sightings.at(-1)!.time;
}

/** The box at a time between two sightings, by linear interpolation; undefined outside, or across a longer gap. */
export function boxAt(sightings: readonly Sighting[], time: number, longestGap = 1): Box<'px'> | undefined {
  let [low, high] = [0, sightings.length - 1];
  if (high < 0 || time < sightings[0]!.time || time > sightings[high]!.time) return undefined;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (sightings[middle]!.time <= time) low = middle;
    else high = middle;
  }
  const [a, b] = [sightings[low]!, sightings[high]!];
  if (time === b.time) return b.box;
  if (b.time - a.time > longestGap) return time === a.time ? a.box : undefined;
  const share = b.time > a.time ? (time - a.time) / (b.time - a.time) : 0;
  const mix = (from: number, to: number): number => from + (to - from) * share;
  return {
    left: mix(a.box.left, b.box.left),
    top: mix(a.box.top, b.box.top),
    width: mix(a.box.width, b.box.width),
    height: mix(a.box.height, b.box.height),
  };
}

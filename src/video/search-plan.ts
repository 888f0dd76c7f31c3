/** When a whole frame is searched for faces, and how thoroughly. */

import type { Box, Size } from '../core/geometry.ts';
import type { Effort } from '../faces/find/detect.ts';
import type { Frame } from './frames.ts';
import type { LiveTrack } from './live-track.ts';

/** Seconds from one search to the next while no face is lost, and from one thorough search to the next. */
const searchEvery = 0.5;
const thoroughEvery = 4;

/** Seconds after which it may be thorough again for a small face that was lost. */
const thoroughAgain = 1;

/** Times of frames are rounded. */
const early = 1e-3;

/** As a share of the frame's longer side: of narrower faces a glance cannot say that they are gone. */
const leastGlanced = 0.05;

export function isGlanced(box: Box<'px'>, image: Size): boolean {
  return box.width > leastGlanced * Math.max(image.width, image.height);
}

export interface SearchPlan {
  /** To be asked about every frame that is looked at. @returns undefined if it need not be searched */
  effortFor(frame: Frame, lost: readonly LiveTrack[]): Effort | undefined;
}

export function planSearches(): SearchPlan {
  let [lastSearch, lastThorough, lastLook] = Array.from({ length: 3 }, () => Number.NEGATIVE_INFINITY) as [
    number,
    number,
    number,
  ];
  return {
    effortFor({ image, time, cuts }, lost) {
      const justLost = lost.filter(({ last }) => last.time === lastLook);
      lastLook = time;
      const isDue = (last: number, every: number): boolean => time - last >= every - early;
      const wait = justLost.some(({ last }) => !isGlanced(last.box, image)) ? thoroughAgain : thoroughEvery;
      const thorough = cuts.length > 0 || isDue(lastThorough, wait);
      if (!thorough && lost.length === 0 && !isDue(lastSearch, searchEvery)) return undefined;
      lastSearch = time;
      if (thorough) lastThorough = time;
      return thorough ? 'frame' : 'glance';
    },
  };
}

/** A track while it is being followed. */

import { type Box, middle, type Point } from '../core/geometry.ts';
import type { RgbImage } from '../core/image.ts';
import type { LocatedFace } from '../faces/find/follow-points.ts';
import type { Landmarks } from '../faces/find/mesh.ts';
import type { Sighting, TrackFace, Tracklet } from './tracklet.ts';

interface Best {
  readonly image: RgbImage;
  readonly sighting: Sighting;
  readonly landmarks: Landmarks;
}

export interface LiveTrack {
  readonly shot: number;
  readonly began: number;
  readonly faces: TrackFace[];
  /** Up to the slice that is being seen. */
  sightings: Sighting[];
  current: Sighting[];
  best: Best | undefined;
  still: Tracklet['still'] & { readonly worth: number };
  last: Sighting;
  /** Those of the last sighting. */
  landmarks: Landmarks;
  /** The box that the detector found last: a followed box keeps its place around the landmarks, so that it cannot creep. */
  anchor: { readonly box: Box<'px'>; readonly points: readonly Point[] };
  /** Pixels a second. */
  velocity: Point;
  /** Until then the search has to find it: it began among faces that could not be told apart. */
  readonly unsettledUntil: number;
  /** The last searches in a row that did not find it, though its points were followed. */
  unfound: number;
  /** Its last sighting that no search contradicted. */
  sureUntil: number;
}

export function beginTrack(
  found: LocatedFace,
  image: RgbImage,
  { time, shot, unsettledUntil }: Pick<LiveTrack, 'shot' | 'unsettledUntil'> & { readonly time: number },
): LiveTrack {
  const sighting = { time, box: found.box, quality: found.landmarks.presence };
  return {
    shot,
    began: time,
    faces: [],
    sightings: [],
    current: [sighting],
    best: { image, sighting, landmarks: found.landmarks },
    still: { jpeg: new Uint8Array(0), time, worth: -1 },
    last: sighting,
    landmarks: found.landmarks,
    anchor: { box: found.box, points: found.landmarks.points },
    velocity: { x: 0, y: 0 },
    unsettledUntil,
    unfound: 0,
    sureUntil: time,
  };
}

export function seeTrack(track: LiveTrack, found: LocatedFace, image: RgbImage, time: number): void {
  const sighting = moveTrack(track, found, time);
  // Points that no search bears out may have slid off the face.
  if (track.unfound > 0) return;
  track.sureUntil = time;
  if (track.best === undefined || worthOf(sighting) > worthOf(track.best.sighting)) {
    track.best = { image, sighting, landmarks: found.landmarks };
  }
}

/** A detector saw the face where it had to be: nothing to know it by, but it is still there. */
export function glimpseTrack(track: LiveTrack, found: LocatedFace, time: number): void {
  moveTrack(track, found, time);
  track.unfound = 0;
  track.sureUntil = time;
}

function moveTrack(track: LiveTrack, found: LocatedFace, time: number): Sighting {
  const sighting = { time, box: found.box, quality: found.landmarks.presence };
  const passed = time - track.last.time;
  const [from, to] = [middle(track.last.box), middle(found.box)];
  if (passed > 0) {
    // Half old, half new: boxes of the detector jitter.
    track.velocity = {
      x: (track.velocity.x + (to.x - from.x) / passed) / 2,
      y: (track.velocity.y + (to.y - from.y) / passed) / 2,
    };
  }
  track.last = sighting;
  track.landmarks = found.landmarks;
  track.current.push(sighting);
  return sighting;
}

/** A track ends where searches began to find nothing any more. */
export function sureSightings({ sightings, unfound, sureUntil }: LiveTrack): Sighting[] {
  return unfound > 0 ? sightings.filter(({ time }) => time <= sureUntil) : sightings;
}

/** Clear and large; beyond the embedder's own size larger is no better. */
export function worthOf({ quality, box }: Sighting): number {
  return quality * Math.min(1, box.width / 100) ** 0.5;
}

/** Something that was taken for a face in one frame only, and not clearly, is none. */
export function isFace(sightings: readonly Sighting[], faces: readonly TrackFace[]): boolean {
  return faces.length > 0 && (sightings.length > 1 || faces.some(({ quality }) => quality > 0.8));
}

/** Finds the landmarks of followed faces again after the last look. */

import {
  apply,
  type Box,
  centroid,
  estimateSimilarity,
  iou,
  middle,
  type Point,
  scaleOf,
} from '../core/geometry.ts';
import type { RgbImage } from '../core/image.ts';
import type { FaceSteps } from '../faces/find/face-steps.ts';
import type { LocatedFace } from '../faces/find/follow-points.ts';
import type { Landmarks } from '../faces/find/mesh.ts';
import type { LiveTrack } from './live-track.ts';

/** Followed landmarks that are less clear than this have slipped off the face. */
export const leastClear = 0.5;

/** Boxes that share more than this are of faces that touch, or are one. */
const touching = 0.05;

/** Whether a track may go over to another face: it began beside one, or another one is as near, seen or hidden. */
export function isMistakable(track: LiveTrack, tracks: readonly LiveTrack[], time: number): boolean {
  if (time <= track.unsettledUntil) return true;
  return tracks.some((other) => other !== track && iou(expectedBox(other, time), track.last.box) > touching);
}

/** For each track: the landmarks now, or undefined if they slipped off or were never clear. */
export async function followAll(
  steps: FaceSteps,
  tracks: readonly LiveTrack[],
  image: RgbImage,
  time: number,
): Promise<(LocatedFace | undefined)[]> {
  const expected = tracks.map((track) => expectedBox(track, time));
  // Landmarks slide from one face onto another that is near: there the search has to say whose is whose.
  const clear = tracks.filter(
    ({ last, unsettledUntil }, i) =>
      last.quality >= leastClear &&
      time >= unsettledUntil &&
      !expected.some((box, j) => j !== i && iou(box, expected[i]!) > touching),
  );
  const landmarks = await steps.follow(
    image,
    clear.map((track) => track.landmarks.points.map((p) => moved(p, track, time))),
  );
  const found = tracks.map((track, i): LocatedFace | undefined => {
    const now = landmarks[clear.indexOf(track)];
    if (now === undefined || now.presence < leastClear) return undefined;
    const box = boxWith(track, now.points);
    return placeIsLikely(track, expected[i]!, box) ? { box, landmarks: now } : undefined;
  });
  // Two that slid onto one face nevertheless.
  return found.map((face, i) => {
    const twin = found.some((other, j) => j !== i && face && other && iou(face.box, other.box) > touching);
    return twin ? undefined : face;
  });
}

/** As a share of the frame's shorter side: a smaller face that is not found is more often hidden by another one than overlooked. */
const leastGlimpsed = 0.4;

/**
 * Faces that were neither followed nor found, each where it should be or where it was. If it fills much of the frame and was unclear
 * before, a glimpse is enough to go on, unless that may be another's; one that was clear would be found, so it is hidden or gone.
 */
export async function glimpseAll(
  steps: FaceSteps,
  missing: readonly LiveTrack[],
  tracks: readonly LiveTrack[],
  image: RgbImage,
  time: number,
): Promise<(LocatedFace | undefined)[]> {
  const found: (LocatedFace | undefined)[] = [];
  for (const track of missing) {
    const { quality, box } = track.last;
    const isLarge = Math.max(box.width, box.height) >= leastGlimpsed * Math.min(image.width, image.height);
    const isOverlooked = isLarge && quality < leastClear && !isMistakable(track, tracks, time);
    found.push(isOverlooked ? await glimpsed(steps, track, image, time) : undefined);
  }
  const seen = tracks.filter(({ last }) => last.time === time).map(({ last }) => last.box);
  return found.map((face, i) => {
    const others = [...seen, ...found.flatMap((other, j) => (j === i || !other ? [] : [other.box]))];
    return face && others.some((box) => iou(box, face.box) > touching) ? undefined : face;
  });
}

async function glimpsed(
  steps: FaceSteps,
  track: LiveTrack,
  image: RgbImage,
  time: number,
): Promise<LocatedFace | undefined> {
  const { landmarks, last } = track;
  const points = landmarks.points.map((p) => moved(p, track, time));
  const expected = { box: expectedBox(track, time), landmarks: { ...landmarks, points } };
  // A head that turned back is where it was, not where it was going.
  return (await steps.glimpse(image, expected)) ?? steps.glimpse(image, { box: last.box, landmarks });
}

function placeIsLikely({ anchor }: LiveTrack, expected: Box<'px'>, now: Box<'px'>): boolean {
  const growth = now.width / anchor.box.width;
  return iou(expected, now) > 0.25 && growth > 0.7 && growth < 1.4;
}

/** The detector's box goes along with the landmarks. */
function boxWith(track: LiveTrack, points: readonly Point[]): Box<'px'> {
  const { box, points: before } = track.anchor;
  const change = estimateSimilarity(before, points);
  const { x, y } = apply(change, middle(box));
  const [width, height] = [box.width * scaleOf(change), box.height * scaleOf(change)];
  return { left: x - width / 2, top: y - height / 2, width, height };
}

export function keptLandmarks(followed: LocatedFace | undefined, box: Box<'px'>): Landmarks | undefined {
  if (followed === undefined) return undefined;
  const { x, y } = centroid(followed.landmarks.points);
  const off = Math.max(
    Math.abs(x - box.left - box.width / 2) / box.width,
    Math.abs(y - box.top - box.height / 2) / box.height,
  );
  return off < 0.25 ? followed.landmarks : undefined;
}

export function expectedBox(track: LiveTrack, time: number): Box<'px'> {
  const { box } = track.last;
  const { x, y } = moved({ x: box.left, y: box.top }, track, time);
  return { ...box, left: x, top: y };
}

/** At constant velocity, but no further than a face's width: a head turns back sooner than it flies away. */
function moved(p: Point, { velocity, last }: LiveTrack, time: number): Point {
  const passed = time - last.time;
  const far = Math.hypot(velocity.x, velocity.y) * passed;
  const held = passed * Math.min(1, last.box.width / Math.max(far, 1e-9));
  return { x: p.x + velocity.x * held, y: p.y + velocity.y * held };
}

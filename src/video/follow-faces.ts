/**
 * Follows faces from frame to frame. The detector searches key frames, and any frame in which a face was lost; in
 * between, the landmarks of a face are looked for where they were a moment ago, which costs an eighth. Where places
 * cannot tell who is who (a crossing, a face behind another), the tracks end and new ones begin: which belong
 * together is decided by faces, in `link.ts`.
 */

import { apply, type Box, centroid, estimateSimilarity, iou, type Point, scaleOf } from '../core/geometry.ts';
import type { RgbImage } from '../core/image.ts';
import type { Landmarks } from '../faces/align.ts';
import { type FaceSteps, oncePerFace, qualityOf } from '../faces/read-faces.ts';
import { faceThumbnail } from '../faces/thumbnail.ts';
import { encodeJpeg } from '../runtime/draw.ts';
import type { Frame } from './frames.ts';
import { matchBoxes } from './match-boxes.ts';
import type { Sighting, TrackFace, Tracklet } from './tracklet.ts';

/** Seconds from one search of the whole frame to the next, while no face is lost. */
const searchEvery = 0.5;

/** Followed landmarks that are less clear than this have slipped off the face. */
const leastClear = 0.5;

/** A face that was not seen for so many seconds is gone. */
const goneAfter = 1;

/** A face that is followed but not found by so many searches in a row is none any more. */
const mostUnfound = 2;

/**
 * Of every such stretch of seconds the clearest face is embedded. Short at first, because most tracks are short, then
 * longer: what a minute has shown, the next second will hardly change.
 */
function sliceAt(age: number): number {
  return Math.min(2, Math.max(0.3, age / 3));
}

/** Side of the small picture that is kept of each track, in pixels. */
const stillSide = 160;

/** Whether a face may be the one that was followed so far, by their looks; see `link.ts`. */
export type SamePerson = (before: readonly TrackFace[], now: TrackFace) => boolean;

export interface SeenFace {
  readonly sighting: Sighting;
  readonly landmarks: Landmarks;
}

export interface FaceFollower {
  /** Frames in the order of time. @returns the faces that were found or followed in this one */
  look(frame: Frame): Promise<readonly SeenFace[]>;
  /** Ends all tracks. */
  end(): Promise<readonly Tracklet[]>;
}

interface Best {
  readonly image: RgbImage;
  readonly sighting: Sighting;
  readonly landmarks: Landmarks;
  /** Looked for as in a photo, not only followed. */
  readonly located: boolean;
}

interface Track {
  readonly shot: number;
  readonly began: number;
  readonly faces: TrackFace[];
  /** Up to the slice that is being seen. */
  sightings: Sighting[];
  current: Sighting[];
  best: Best | undefined;
  still: Tracklet['still'] & { readonly worth: number };
  last: Sighting;
  /** Of the last sighting. */
  landmarks: Landmarks;
  /** What the detector found last: a followed box keeps its place around the landmarks, so that it cannot creep. */
  anchor: { readonly box: Box<'px'>; readonly points: readonly Point[] };
  /** Pixels a second. */
  velocity: Point;
  unfound: number;
}

interface Found {
  readonly box: Box<'px'>;
  readonly landmarks: Landmarks;
  readonly located: boolean;
}

export function followFaces(steps: FaceSteps, samePerson: SamePerson): FaceFollower {
  const done: Tracklet[] = [];
  let tracks: Track[] = [];
  let shot = 0;
  let lastSearch = Number.NEGATIVE_INFINITY;

  const finish = async (track: Track): Promise<void> => {
    await endSlice(track);
    const { sightings, faces, still } = track;
    if (isFace(sightings, faces)) done.push({ shot: track.shot, sightings, faces, still });
  };

  /** Embeds the clearest face of the last second; where it is somebody else's, the track ends before it. */
  const endSlice = async (track: Track): Promise<void> => {
    const { best, current } = track;
    track.best = undefined;
    track.current = [];
    if (best !== undefined) {
      const { image, sighting } = best;
      const landmarks = best.located ? best.landmarks : (await steps.locate(image, [sighting.box]))[0]!;
      const [embedding] = await steps.embed(image, [landmarks]);
      const face = { ...sighting, quality: qualityOf(landmarks), embedding: embedding! };
      if (track.faces.length > 0 && !samePerson(track.faces, face)) {
        const { sightings, still } = track;
        const faces = track.faces.splice(0);
        if (isFace(sightings, faces)) done.push({ shot: track.shot, sightings, faces, still });
        track.sightings = [];
        track.still = { ...track.still, worth: -1 };
      }
      track.faces.push(face);
      const worth = worthOf(face);
      if (worth > track.still.worth) {
        const jpeg = await encodeJpeg(faceThumbnail(image, sighting.box, stillSide), 80);
        track.still = { jpeg, time: sighting.time, worth };
      }
    }
    track.sightings.push(...current);
  };

  const begin = (found: Found, image: RgbImage, time: number): Track => {
    const sighting = { time, box: found.box, quality: qualityOf(found.landmarks) };
    return {
      shot,
      began: time,
      faces: [],
      sightings: [],
      current: [sighting],
      best: { image, sighting, landmarks: found.landmarks, located: found.located },
      still: { jpeg: new Uint8Array(0), time, worth: -1 },
      last: sighting,
      landmarks: found.landmarks,
      anchor: { box: found.box, points: found.landmarks.points },
      velocity: { x: 0, y: 0 },
      unfound: 0,
    };
  };

  const see = (track: Track, found: Found, image: RgbImage, time: number): void => {
    const sighting = { time, box: found.box, quality: qualityOf(found.landmarks) };
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
    if (track.best === undefined || worthOf(sighting) > worthOf(track.best.sighting)) {
      track.best = { image, sighting, landmarks: found.landmarks, located: found.located };
    }
  };

  return {
    async look({ image, time, cuts }) {
      if (cuts.length > 0) {
        for (const track of tracks) await finish(track);
        tracks = [];
        shot += 1;
      }
      const followed = await followAll(steps, tracks, image, time);
      const lost = tracks.some((track, i) => track.last.quality >= leastClear && followed[i] === undefined);
      const seen: SeenFace[] = [];
      const isNew = new Set<Track>();
      if (cuts.length > 0 || lost || time - lastSearch >= searchEvery - 1e-3) {
        lastSearch = time;
        const detections = await steps.detect(image);
        // A head that turned back is where it was, not where it was going.
        const expected = tracks.map((track, i) => {
          const box = followed[i]?.box;
          return box ? [box] : [expectedBox(track, time), track.last.box];
        });
        const { found, doubtful } = matchBoxes(
          expected,
          detections.map(({ box }) => box),
        );
        const taken = new Map(found.flatMap((k, i) => (k >= 0 && !doubtful.has(i) ? [[k, i] as const] : [])));
        // Landmarks that were followed into the box need not be looked for again.
        const kept = detections.map((d, k) => keptLandmarks(followed[taken.get(k) ?? -1], d.box));
        const again = detections.flatMap(({ box }, k) => (kept[k] ? [] : [{ box, k }]));
        const located = await steps.locate(
          image,
          again.map(({ box }) => box),
        );
        const landmarksOf = (k: number): Landmarks => kept[k] ?? located[again.findIndex((a) => a.k === k)]!;
        const faces = oncePerFace(detections.map((d, k) => ({ ...d, landmarks: landmarksOf(k), k })));
        const next: Track[] = [];
        for (const [i, track] of tracks.entries()) {
          if (doubtful.has(i)) {
            await finish(track);
            continue;
          }
          const face = faces.find(({ k }) => taken.get(k) === i);
          if (face) {
            track.unfound = 0;
            track.anchor = { box: face.box, points: face.landmarks.points };
            see(track, { ...face, located: kept[face.k] === undefined }, image, time);
          } else if (followed[i]) {
            track.unfound++;
            if (track.unfound <= mostUnfound) see(track, followed[i], image, time);
          }
          if (time - track.last.time > goneAfter || track.unfound > mostUnfound) await finish(track);
          else next.push(track);
        }
        for (const face of faces) {
          if (taken.has(face.k)) continue;
          const track = begin({ ...face, located: true }, image, time);
          isNew.add(track);
          next.push(track);
        }
        tracks = next;
      } else {
        for (const [i, track] of tracks.entries()) if (followed[i]) see(track, followed[i], image, time);
      }
      for (const track of tracks) {
        if (track.last.time === time || isNew.has(track)) {
          seen.push({ sighting: track.last, landmarks: track.landmarks });
        }
        const [first] = track.current;
        if (first && time - first.time >= sliceAt(time - track.began)) await endSlice(track);
      }
      return seen;
    },
    async end() {
      for (const track of tracks) await finish(track);
      tracks = [];
      return done;
    },
  };
}

/** Clear and large; beyond the embedder's own size larger is no better. */
function worthOf({ quality, box }: Sighting): number {
  return quality * Math.min(1, box.width / 100) ** 0.5;
}

/** Something that was taken for a face in one frame only, and not clearly, is none. */
function isFace(sightings: readonly Sighting[], faces: readonly TrackFace[]): boolean {
  return faces.length > 0 && (sightings.length > 1 || faces.some(({ quality }) => quality > 0.8));
}

/** Of each track: where its landmarks are now, or undefined where they slipped off or were never clear. */
async function followAll(
  steps: FaceSteps,
  tracks: readonly Track[],
  image: RgbImage,
  time: number,
): Promise<(Found | undefined)[]> {
  const clear = tracks.filter(({ last }) => last.quality >= leastClear);
  const landmarks = await steps.follow(
    image,
    clear.map((track) => track.landmarks.points.map((p) => moved(p, track, time))),
  );
  const found = tracks.map((track): Found | undefined => {
    const now = landmarks[clear.indexOf(track)];
    if (now === undefined || qualityOf(now) < leastClear) return undefined;
    const box = boxWith(track, now.points);
    return placeIsLikely(track, expectedBox(track, time), box)
      ? { box, landmarks: now, located: false }
      : undefined;
  });
  // Two that slid onto one face: the search has to say whose it is.
  return found.map((face, i) => {
    const twin = found.some((other, j) => j !== i && face && other && iou(face.box, other.box) > 0.5);
    return twin ? undefined : face;
  });
}

function placeIsLikely({ anchor }: Track, expected: Box<'px'>, now: Box<'px'>): boolean {
  const growth = now.width / anchor.box.width;
  return iou(expected, now) > 0.25 && growth > 0.7 && growth < 1.4;
}

/** The detector's box goes along with the landmarks. */
function boxWith(track: Track, points: readonly Point[]): Box<'px'> {
  const { box, points: before } = track.anchor;
  const change = estimateSimilarity(before, points);
  const { x, y } = apply(change, middle(box));
  const [width, height] = [box.width * scaleOf(change), box.height * scaleOf(change)];
  return { left: x - width / 2, top: y - height / 2, width, height };
}

function keptLandmarks(followed: Found | undefined, box: Box<'px'>): Landmarks | undefined {
  if (followed === undefined) return undefined;
  const { x, y } = centroid(followed.landmarks.points);
  const off = Math.max(
    Math.abs(x - box.left - box.width / 2) / box.width,
    Math.abs(y - box.top - box.height / 2) / box.height,
  );
  return off < 0.25 ? followed.landmarks : undefined;
}

function expectedBox(track: Track, time: number): Box<'px'> {
  const { box } = track.last;
  const { x, y } = moved({ x: box.left, y: box.top }, track, time);
  return { ...box, left: x, top: y };
}

/** At constant velocity, but no further than a face's width: a head turns back sooner than it flies away. */
function moved(p: Point, { velocity, last }: Track, time: number): Point {
  const passed = time - last.time;
  const far = Math.hypot(velocity.x, velocity.y) * passed;
  const held = passed * Math.min(1, last.box.width / Math.max(far, 1e-9));
  return { x: p.x + velocity.x * held, y: p.y + velocity.y * held };
}

function middle(box: Box<'px'>): Point {
  return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
}

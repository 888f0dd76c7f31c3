/**
 * Follows faces from frame to frame. The detector searches key frames, and any frame in which a face was lost; in
 * between, the landmarks of a face are looked for where they were a moment ago, which costs an eighth. If places
 * leave a doubt (a crossing, a face behind another), the tracks end and new ones begin: faces decide which belong
 * together, in `link.ts`.
 */

import type { FaceSteps } from '../faces/find/face-steps.ts';
import type { Landmarks } from '../faces/find/mesh.ts';
import { oncePerFace } from '../faces/find/read-faces.ts';
import { faceThumbnail } from '../faces/find/thumbnail.ts';
import { encodeJpeg } from '../runtime/draw.ts';
import {
  expectedBox,
  followAll,
  glimpseAll,
  isMistakable,
  keptLandmarks,
  leastClear,
} from './follow-landmarks.ts';
import type { Frame } from './frames.ts';
import {
  beginTrack,
  glimpseTrack,
  isFace,
  type LiveTrack,
  seeTrack,
  sureSightings,
  worthOf,
} from './live-track.ts';
import { alsoMatched, matchBoxes } from './match-boxes.ts';
import { isGlanced, planSearches } from './search-plan.ts';
import type { Sighting, TrackFace, Tracklet } from './tracklet.ts';

/** Seconds after a doubt in which faces that still cover each other are searched for, not followed. */
const unsettled = 0.4;

/** A face that was not seen for so many seconds is gone. */
const goneAfter = 1;

/** A face that is followed but not found by so many searches in a row is none any more. */
const mostUnfound = 2;

/**
 * The clearest face of every such stretch of seconds is embedded. Short at first, because most tracks are short, then
 * longer: what a minute has shown, the next second will hardly change. Beside another face each look is embedded, so that a track ends
 * where it goes over to the other one.
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

export function followFaces(steps: FaceSteps, samePerson: SamePerson): FaceFollower {
  const done: Tracklet[] = [];
  let tracks: LiveTrack[] = [];
  let shot = 0;
  const plan = planSearches();

  const finish = async (track: LiveTrack): Promise<void> => {
    await endSlice(track);
    const { faces, still } = track;
    const sightings = sureSightings(track);
    if (isFace(sightings, faces)) done.push({ shot: track.shot, sightings, faces, still });
  };

  /** Embeds the clearest face of the last second; where it is somebody else's, the track ends before it. */
  const endSlice = async (track: LiveTrack): Promise<void> => {
    const { best, current } = track;
    track.best = undefined;
    track.current = [];
    if (best !== undefined) {
      const { image, sighting, landmarks } = best;
      const [embedded] = await steps.embed(image, [landmarks]);
      const { embedding, trust } = embedded!;
      const face = { ...sighting, quality: sighting.quality * trust, embedding };
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

  return {
    async look(frame) {
      const { image, time, cuts } = frame;
      if (cuts.length > 0) {
        for (const track of tracks) await finish(track);
        tracks = [];
        shot += 1;
      }
      const followed = await followAll(steps, tracks, image, time);
      const lost = tracks.filter((track, i) => track.last.quality >= leastClear && followed[i] === undefined);
      const seen: SeenFace[] = [];
      const isNew = new Set<LiveTrack>();
      const effort = plan.effortFor(frame, lost);
      if (effort !== undefined) {
        const detections = await steps.detect(image, effort);
        // A head that turned back is where it was, not where it was going.
        const expected = tracks.map((track, i) => {
          const box = followed[i]?.box;
          return box ? [box] : [expectedBox(track, time), track.last.box];
        });
        const boxes = detections.map(({ box }) => box);
        const { found: foundThere, doubtful } = matchBoxes(expected, boxes);
        // The points of a face that moved fast may have slid off it. It is looked for as if it had not been followed.
        const found = alsoMatched(
          foundThere,
          tracks.map((track, i) =>
            followed[i] && !doubtful.has(i) ? [expectedBox(track, time), track.last.box] : [],
          ),
          boxes,
        );
        const taken = new Map(found.flatMap((k, i) => (k >= 0 && !doubtful.has(i) ? [[k, i] as const] : [])));
        // Landmarks that were followed into the box need not be looked for again.
        const kept = detections.map((d, k) => keptLandmarks(followed[taken.get(k) ?? -1], d.box));
        const again = detections.flatMap(({ box, turns }, k) => (kept[k] ? [] : [{ box, turns, k }]));
        const located = await steps.locate(image, again);
        const landmarksOf = (k: number): Landmarks => kept[k] ?? located[again.findIndex((a) => a.k === k)]!;
        const faces = oncePerFace(detections.map((d, k) => ({ ...d, landmarks: landmarksOf(k), k })));
        const next: LiveTrack[] = [];
        for (const [i, track] of tracks.entries()) {
          if (doubtful.has(i)) {
            await finish(track);
            continue;
          }
          const face = faces.find(({ k }) => taken.get(k) === i);
          if (face) {
            track.unfound = 0;
            track.anchor = { box: face.box, points: face.landmarks.points };
            seeTrack(track, face, image, time);
          } else if (followed[i]) {
            if (effort === 'frame' || isGlanced(track.last.box, image)) track.unfound++;
            if (track.unfound <= mostUnfound) seeTrack(track, followed[i], image, time);
          }
          if (time - track.last.time > goneAfter || track.unfound > mostUnfound) await finish(track);
          else next.push(track);
        }
        for (const face of faces) {
          if (taken.has(face.k)) continue;
          const track = beginTrack(face, image, {
            time,
            shot,
            unsettledUntil: doubtful.size > 0 ? time + unsettled : time,
          });
          isNew.add(track);
          next.push(track);
        }
        tracks = next;
      } else {
        for (const [i, track] of tracks.entries()) if (followed[i]) seeTrack(track, followed[i], image, time);
      }
      const missing = tracks.filter(({ last }) => last.time !== time);
      const glimpses = await glimpseAll(steps, missing, tracks, image, time);
      for (const [i, track] of missing.entries()) if (glimpses[i]) glimpseTrack(track, glimpses[i], time);
      for (const track of tracks) {
        if (track.last.time === time || isNew.has(track)) {
          seen.push({ sighting: track.last, landmarks: track.landmarks });
        }
        const [first] = track.current;
        const slice = isMistakable(track, tracks, time) ? 0 : sliceAt(time - track.began);
        if (first && time - first.time >= slice) await endSlice(track);
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

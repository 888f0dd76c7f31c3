import { expect, test } from 'vitest';
import type { Box } from '../../src/core/geometry.ts';
import type { LocatedFace } from '../../src/faces/find/follow-points.ts';
import { isMistakable } from '../../src/video/follow-landmarks.ts';
import {
  beginTrack,
  glimpseTrack,
  type LiveTrack,
  seeTrack,
  sureSightings,
} from '../../src/video/live-track.ts';

const image = { width: 1, height: 1, data: new Uint8Array(3) };

function faceAt(left: number, presence = 1): LocatedFace {
  const box: Box<'px'> = { left, top: 0, width: 100, height: 100 };
  return { box, landmarks: { points: [], presence, disagreement: 0 } };
}

function trackAt(left: number, time = 0): LiveTrack {
  return beginTrack(faceAt(left), image, { time, shot: 0, unsettledUntil: time });
}

/** As the follower does at the end of a stretch. */
function endStretch(track: LiveTrack): void {
  track.sightings.push(...track.current);
  track.current = [];
}

const times = (track: LiveTrack): number[] => sureSightings(track).map(({ time }) => time);

test('points that slid off a face onto the wall end its track where a search last agreed with them', () => {
  const track = trackAt(0);
  seeTrack(track, faceAt(10), image, 1);
  track.unfound = 1;
  seeTrack(track, faceAt(60, 0.9), image, 2);
  endStretch(track);
  expect(times(track)).toEqual([0, 1]);
});

test('a search that misses a face once, and finds it again, leaves no gap', () => {
  const track = trackAt(0);
  track.unfound = 1;
  seeTrack(track, faceAt(10), image, 1);
  track.unfound = 0;
  seeTrack(track, faceAt(20), image, 2);
  endStretch(track);
  expect(times(track)).toEqual([0, 1, 2]);
});

test('the clearest look is never one that a search contradicted', () => {
  const track = beginTrack(faceAt(0, 0.6), image, { time: 0, shot: 0, unsettledUntil: 0 });
  track.unfound = 1;
  seeTrack(track, faceAt(50, 1), image, 1);
  expect(track.best?.sighting.time).toBe(0);
});

test('a face may be mistaken beside another, seen or hidden, and right after a doubt', () => {
  const [here, near, far] = [trackAt(0), trackAt(60), trackAt(400)];
  expect(isMistakable(here, [here, far], 1)).toBe(false);
  expect(isMistakable(here, [here, near, far], 1)).toBe(true);
  const unsettled = beginTrack(faceAt(0), image, { time: 0, shot: 0, unsettledUntil: 0.4 });
  expect(isMistakable(unsettled, [unsettled], 0.3)).toBe(true);
  expect(isMistakable(unsettled, [unsettled], 0.5)).toBe(false);
});

test('a face that is only glimpsed goes on, and is not what the track is known by', () => {
  const track = trackAt(0);
  track.unfound = 1;
  glimpseTrack(track, faceAt(10, 0.2), 1);
  endStretch(track);
  expect(times(track)).toEqual([0, 1]);
  expect(track.best?.sighting.time).toBe(0);
});

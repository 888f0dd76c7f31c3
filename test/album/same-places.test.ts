import { describe, expect, test } from 'vitest';
import { boxOnce, onePlaceEach, samePlaces } from '../../src/album/facts/same-places.ts';

const at = (left: number, top = 0.2, width = 0.1, height = 0.1) => ({ left, top, width, height });
const place = (left: number, time: number | null = null) => ({ box: at(left), time });

describe('faces of two looks', () => {
  test('are the same where they cover each other enough', () => {
    const faces = [boxOnce(place(0.5)), boxOnce(place(0.104))];
    expect(samePlaces([place(0.1), place(0.53), place(0.9)], faces)).toEqual([1, 0, null]);
    // Another detector frames the same face wider.
    const wider = boxOnce({ box: { left: 0.08, top: 0.18, width: 0.14, height: 0.15 }, time: null });
    expect(samePlaces([place(0.1)], [wider])).toEqual([0]);
  });

  test('that touch do not take each other’s places', () => {
    // The second face is nearer to the first place than the first one is, but it has a place of its own.
    const faces = [boxOnce(place(0.13)), boxOnce(place(0.16))];
    expect(samePlaces([place(0.1), place(0.15)], faces)).toEqual([0, 1]);
  });

  test('in a video are compared where they were at that time', () => {
    const walking = (time: number | null) => (time === null ? undefined : at(0.1 + 0.1 * time));
    const standing = boxOnce(place(0.4, 3));
    expect(samePlaces([place(0.4, 3.3), place(0.3, 2), place(0.4, 9)], [standing, walking])).toEqual([
      0,
      1,
      null,
    ]);
    // A place in a photo is none in a video.
    expect(samePlaces([place(0.4)], [standing])).toEqual([null]);
  });

  test('of nothing, nothing is the same', () => {
    expect(samePlaces([], [boxOnce(place(0))])).toEqual([]);
    expect(samePlaces([place(0)], [])).toEqual([null]);
  });
});

test('places that were spoken of twice, in hardly different words, are one', () => {
  expect(onePlaceEach([place(0.1), place(0.3), place(0.105), place(0.1, 4), place(0.1, 4.2)])).toEqual([
    [0, 2],
    [1],
    [3, 4],
  ]);
});

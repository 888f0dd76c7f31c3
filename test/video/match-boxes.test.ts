import { expect, test } from 'vitest';
import type { Box } from '../../src/core/geometry.ts';
import { alsoMatched, matchBoxes, placeCost } from '../../src/video/match-boxes.ts';

function box(left: number, top = 0, side = 100): Box<'px'> {
  return { left, top, width: side, height: side };
}

test('each face goes to the box where it is expected, whatever the order', () => {
  const { found, doubtful } = matchBoxes([[box(0)], [box(300)]], [box(310), box(5)]);
  expect([found, [...doubtful]]).toEqual([[1, 0], []]);
});

test('a face that is not found again, and one that is new', () => {
  expect(matchBoxes([[box(0)]], [box(500)]).found).toEqual([-1]);
  expect(matchBoxes([], [box(500)]).found).toEqual([]);
  expect(matchBoxes([[box(0)]], []).found).toEqual([-1]);
});

test('two that meet are in doubt: where both are, and where only one is left to be seen', () => {
  expect([...matchBoxes([[box(0)], [box(30)]], [box(10), box(20)]).doubtful]).toEqual([0, 1]);
  expect([...matchBoxes([[box(0)], [box(30)]], [box(15)]).doubtful].toSorted((a, b) => a - b)).toEqual([
    0, 1,
  ]);
});

test('a face that nobody expected is a doubt where it is as near as the one that was found', () => {
  expect([...matchBoxes([[box(50)]], [box(10), box(95)]).doubtful]).toEqual([0]);
  expect([...matchBoxes([[box(50)]], [box(45), box(140)]).doubtful]).toEqual([]);
});

test('a face does not turn into one of another size', () => {
  expect(placeCost(box(0, 0, 100), box(0, 0, 250))).toBe(Number.POSITIVE_INFINITY);
});

test('a head that turned back is found where it was', () => {
  expect(matchBoxes([[box(180), box(0)]], [box(10)]).found).toEqual([0]);
});

test('a face whose points slid off it is found where it was seen last, and takes no box from another', () => {
  const found = matchBoxes([[box(0)], [box(900)]], [box(5), box(600)]).found;
  expect(found).toEqual([0, -1]);
  expect(alsoMatched(found, [[], [box(620)]], [box(5), box(600)])).toEqual([0, 1]);
  expect(alsoMatched(found, [[], [box(10)]], [box(5), box(600)]), 'the other one has it').toEqual([0, -1]);
  expect(alsoMatched(found, [[], []], [box(5), box(600)]), 'not followed').toEqual([0, -1]);
});

test('two that slid off and may be the same box stay unfound', () => {
  expect(alsoMatched([-1, -1], [[box(0)], [box(10)]], [box(5)])).toEqual([-1, -1]);
});

import { describe, expect, test } from 'vitest';
import { columnsOf, cutTo } from '../../src/cli/terminal/columns.ts';
import { progressLine } from '../../src/cli/terminal/progress.ts';
import { openTimeLeft } from '../../src/cli/terminal/time-left.ts';

const standing = { label: 'Identifying', done: 30, total: 120, unit: String, detail: '', left: 83 };

describe('the line of a job', () => {
  test('shows all where there is room, and leaves out what has none', () => {
    expect(progressLine(standing, 79)).toBe('Identifying ======------------------ 30/120 01:25 left');
    expect(progressLine(standing, 40)).toBe('Identifying ===------- 30/120 01:25 left');
    expect(progressLine(standing, 31)).toBe('Identifying 30/120 01:25 left');
    expect(progressLine(standing, 19)).toBe('Identifying 30/120');
    expect(progressLine(standing, 8)).toBe('Identify');
  });

  test('is never wider than asked, with wide letters and marks too', () => {
    const detail = '李小龍 👩 e\u0301';
    for (let columns = 1; columns < 90; columns++) {
      const line = progressLine({ ...standing, label: '識別する', detail }, columns);
      expect(columnsOf(line)).toBeLessThanOrEqual(columns);
    }
    expect(progressLine({ ...standing, detail }, 79)).toContain(detail);
  });

  test('nothing to do is no division by nothing', () => {
    expect(progressLine({ ...standing, done: 0, total: 0, left: undefined }, 79)).toBe(
      'Identifying ------------------------ 0/0',
    );
  });
});

test('columns: wide letters take two, marks none', () => {
  expect(['abc', '李小龍', 'e\u0301', '👩', 'ﬁ'].map(columnsOf)).toEqual([3, 6, 1, 2, 1]);
  expect(cutTo('李小龍', 5)).toBe('李小');
});

describe('the time that is left', () => {
  /** The estimate after each thing, in seconds, if things take so long. */
  function estimates(durations: readonly number[]): (number | undefined)[] {
    let now = 0;
    const timeLeft = openTimeLeft(() => now);
    return durations.map((seconds, i) => {
      now += seconds * 1000;
      return timeLeft(i + 1, durations.length);
    });
  }

  test('is right where all takes as long, once two seconds have passed', () => {
    const said = estimates(Array.from({ length: 100 }, () => 0.5));
    expect(said.slice(0, 3)).toEqual([undefined, undefined, undefined]);
    for (const [i, left] of said.slice(3).entries()) expect(left).toBeCloseTo((96 - i) * 0.5, 6);
  });

  // It was the time of the last ten things: 4 seconds, then 40, then 4.
  test('does not jump where slow and quick things take turns', () => {
    const durations = Array.from({ length: 200 }, (_, i) => (i % 20 < 10 ? 0.1 : 1));
    const said = estimates(durations).slice(60, 190) as number[];
    for (const [i, left] of said.entries()) {
      const right = durations.slice(61 + i).reduce((sum, seconds) => sum + seconds, 0);
      expect(left).toBeGreaterThan(right * 0.6 - 3);
      expect(left).toBeLessThan(right * 1.6 + 6);
      const before = said[i - 1] ?? left;
      expect(Math.abs(left - before)).toBeLessThan(0.1 * before + 2);
    }
  });

  test('forgets a beginning that was cached', () => {
    const durations = [...Array.from({ length: 500 }, () => 0.002), ...Array.from({ length: 100 }, () => 1)];
    const said = estimates(durations);
    expect(said[549]).toBeGreaterThan(40);
    expect(said[549]).toBeLessThan(60);
  });

  test('what begins anew is measured anew', () => {
    let now = 0;
    const timeLeft = openTimeLeft(() => now);
    for (let done = 1; done <= 10; done++) {
      now += 1000;
      timeLeft(done, 10);
    }
    for (let done = 1; done <= 5; done++) {
      now += 3000;
      timeLeft(done, 10);
    }
    expect(timeLeft(5, 10)).toBeCloseTo(15, 0);
  });
});

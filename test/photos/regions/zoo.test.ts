import { describe, expect, test } from 'vitest';
import { namesInXmp } from '../../../src/photos/regions/names-in-xmp.ts';
import { toUpright } from '../../../src/photos/regions/orientation.ts';
import { zoo } from './zoo.ts';

describe('what other programs write', () => {
  test('is a zoo of more than 40', () => expect(Object.keys(zoo).length).toBeGreaterThanOrEqual(40));

  test.each(Object.entries(zoo))(
    '%s',
    (_, { bytes, orientation = 1, regions, people = [], keywords = [], unread = [] }) => {
      const found = namesInXmp(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, {
        width: 4000,
        height: 3000,
        orientation,
      });
      expect(
        found.regions.map(({ name, type, box }) => {
          const { left, top, width, height } = toUpright(box, orientation);
          return [name, type, [left, top, width, height].map((side) => Math.round(side * 1e4) / 1e4)];
        }),
      ).toEqual(
        regions.map(([name, type, sides]) => [name, type, sides.map((side) => Math.round(side * 1e4) / 1e4)]),
      );
      const named = (kind: string): string[] =>
        found.hints.filter((hint) => hint.kind === kind).map(({ name }) => name);
      expect(named('person')).toEqual(people);
      expect(named('keyword')).toEqual(keywords);
      expect(found.unread).toEqual(unread.map((reason) => expect.stringMatching(reason)));
    },
  );
});

import { describe, expect, test } from 'vitest';
import { type Box, overlap } from '../../src/core/geometry.ts';
import { seededRandom } from '../../src/core/random.ts';
import { placeTags, type Tag } from '../../src/core/tag-places.ts';

const photo = { width: 1240, height: 1120 };

/** Eight in a row, seven rows, a little out of line, as in a photo of a school class. */
function crowd(): Tag[] {
  const random = seededRandom(3);
  return Array.from({ length: 56 }, (_, i) => {
    const box = {
      left: 30 + (i % 8) * 150 + random() * 20,
      top: 25 + Math.floor(i / 8) * 155 + random() * 10,
      width: 75 + random() * 15,
      height: 100 + random() * 15,
    };
    return { box, width: 90 + Math.round(random() * 60), height: 18 };
  });
}

function placed(tags: readonly Tag[], unnamed: readonly Box<'px'>[] = []): Box<'px'>[] {
  return placeTags(tags, unnamed, photo).map(({ left, top, scale }, i) => ({
    left,
    top,
    width: Math.ceil(tags[i]!.width * scale),
    height: Math.ceil(tags[i]!.height * scale),
  }));
}

describe('names on a photo', () => {
  // They covered each other, and the faces of the row above.
  test('of 56 people cover no face and no other name, and stay in the photo', () => {
    const tags = crowd();
    const names = placed(tags);
    for (const [i, name] of names.entries()) {
      expect(tags.filter(({ box }) => overlap(name, box) > 0)).toEqual([]);
      expect(names.filter((other, j) => j !== i && overlap(name, other) > 0)).toEqual([]);
      expect([name.left >= 0, name.top >= 0]).toEqual([true, true]);
      expect([name.left + name.width <= photo.width, name.top + name.height <= photo.height]).toEqual([
        true,
        true,
      ]);
    }
  });

  test('touch their own box', () => {
    const tags = crowd();
    for (const [i, { left, top, width, height }] of placed(tags).entries()) {
      const around = { left: left - 2, top: top - 2, width: width + 4, height: height + 4 };
      expect(overlap(around, tags[i]!.box)).toBeGreaterThan(0);
    }
  });

  test('stand above a box that is alone, as large as wanted', () => {
    const box = { left: 100.4, top: 200.7, width: 80, height: 100 };
    expect(placeTags([{ box, width: 120, height: 20 }], [], photo)).toEqual([
      { left: 100, top: 180, scale: 1 },
    ]);
  });

  test('keep off boxes without a name', () => {
    const box = { left: 100, top: 200, width: 80, height: 100 };
    const above = { left: 60, top: 90, width: 160, height: 100 };
    const [name] = placed([{ box, width: 120, height: 20 }], [above]);
    expect([overlap(name!, above), name!.top]).toEqual([0, 300]);
  });

  test('are written smaller before they cover anything', () => {
    const tags = Array.from({ length: 8 }, (_, i) => ({
      box: { left: 20 + i * 150, top: 0, width: 140, height: photo.height - 16 },
      width: 140,
      height: 20,
    }));
    const places = placeTags(tags, [], photo);
    expect(places.map(({ scale }) => scale)).toEqual(tags.map(() => 0.7));
  });

  test('a name wider than the photo begins at its edge', () => {
    const box = { left: 600, top: 500, width: 50, height: 60 };
    expect(placeTags([{ box, width: 1240, height: 20 }], [], photo)[0]).toMatchObject({ left: 0, top: 480 });
  });
});

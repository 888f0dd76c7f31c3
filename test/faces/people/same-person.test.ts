import { describe, expect, test } from 'vitest';
import { loadBackground } from '../../../src/faces/people/background-file.ts';
import { likelySamePeople } from '../../../src/faces/people/same-person.ts';
import type { EnrolledFace } from '../../../src/learn/odds/two-covariance.ts';
import { faceApiPack } from '../../../src/models/face-api.ts';
import { onOneCore } from '../../one-core.ts';
import { drawPerson, drawPhoto, seededNormal, withoutCrowd } from '../../synthetic-people.ts';

const background = withoutCrowd(await loadBackground(faceApiPack));

/** Folders of as many photos; those of one number are of one person. */
function folders(numbers: readonly number[], photos: number): EnrolledFace[][] {
  const normal = seededNormal(5);
  const places = new Map(numbers.map((number) => [number, drawPerson(background, normal)]));
  return numbers.map((number) =>
    Array.from({ length: photos }, () => ({ z: drawPhoto(places.get(number)!, normal), quality: 1 })),
  );
}

describe('folders that hold one person', () => {
  test.each([1, 2, 5])('are found among thirty others, with %d photos each', async (photos) => {
    const numbers = [...Array(30).keys(), 7, 12];
    const names = numbers.map((number, i) => `${i < 30 ? 'first' : 'second'} ${number}`);
    const found = await likelySamePeople(background, names, folders(numbers, photos), onOneCore);
    expect(new Set(found.map(({ people }) => people.join(' = ')))).toEqual(
      new Set(['first 7 = second 7', 'first 12 = second 12']),
    );
    for (const { probability } of found) expect(probability).toBeGreaterThan(0.5);
  });

  test('two hundred people are two hundred', async () => {
    const numbers = [...Array(200).keys()];
    expect(await likelySamePeople(background, numbers.map(String), folders(numbers, 3), onOneCore)).toEqual(
      [],
    );
  });

  test('unclear faces tell nothing', async () => {
    const [one, other] = folders([1, 1], 3).map((own) => own.map((face) => ({ ...face, quality: 0.01 })));
    expect(await likelySamePeople(background, ['a', 'b'], [one!, other!], onOneCore)).toEqual([]);
  });

  test('one person alone has no double', async () => {
    expect(await likelySamePeople(background, ['a'], folders([1], 3), onOneCore)).toEqual([]);
  });
});

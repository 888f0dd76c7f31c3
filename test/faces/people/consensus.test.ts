import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../src/core/random.ts';
import { loadBackground } from '../../../src/faces/people/background-file.ts';
import {
  type Choice,
  chooseFaces,
  type LabelledFace,
  type LabelledFaces,
} from '../../../src/faces/people/consensus.ts';
import { enrolPlace, logLikelihoodRatio } from '../../../src/learn/odds/two-covariance.ts';
import { faceApiPack } from '../../../src/models/face-api.ts';
import { onOneCore } from '../../one-core.ts';
import { drawPerson, drawPhoto, seededNormal, withoutCrowd } from '../../synthetic-people.ts';

const background = withoutCrowd(await loadBackground(faceApiPack));

/** A world of people whose faces differ as much as real ones do in the default pack's space. */
function world(seed: number): {
  readonly person: () => Float32Array;
  readonly photoOf: (person: Float32Array, quality?: number) => LabelledFace;
  readonly stranger: (quality?: number) => LabelledFace;
} {
  const normal = seededNormal(seed);
  const person = (): Float32Array => drawPerson(background, normal);
  const photoOf = (place: Float32Array, quality = 1): LabelledFace => ({
    z: drawPhoto(place, normal),
    quality,
    prominence: 1,
  });
  return { person, photoOf, stranger: (quality = 1) => photoOf(person(), quality) };
}

function choose(photos: readonly LabelledFaces[]): Promise<Choice[]> {
  return chooseFaces(background, photos, onOneCore);
}

describe('photos with several faces', () => {
  test.each([1, 2, 3])('the face that the folder has in common is taken (world %i)', async (seed) => {
    const { person, photoOf, stranger } = world(seed);
    const random = seededRandom(seed);
    const wanted: number[] = [];
    const photos = ['ann', 'ben', 'cleo', 'dora', 'eve'].flatMap((name) => {
      const own = person();
      return Array.from({ length: 8 }, (): LabelledFaces => {
        const faces = Array.from({ length: Math.floor(random() * 4) }, () => stranger());
        const place = Math.floor(random() * (faces.length + 1));
        wanted.push(place);
        return { person: name, faces: faces.toSpliced(place, 0, photoOf(own)) };
      });
    });
    const choices = await choose(photos);
    expect(choices.map(({ face }) => face)).toEqual(wanted);
    expect(choices.every(({ verdict }) => verdict === 'agrees')).toBe(true);
  });

  test('friends who are in many of the photos do not take the place of the person', async () => {
    const { person, photoOf } = world(4);
    const [ann, friend] = [person(), person()];
    const photos = Array.from({ length: 10 }, (_, i) => ({
      person: 'ann',
      faces: i < 6 ? [photoOf(friend), photoOf(ann)] : [photoOf(ann)],
    }));
    expect((await choose(photos)).map(({ face }) => face)).toEqual([1, 1, 1, 1, 1, 1, 0, 0, 0, 0]);
  });

  test('a couple: together in both folders, told apart by the photos of one alone', async () => {
    const { person, photoOf } = world(5);
    const [ann, ben] = [person(), person()];
    const together = (name: string, annFirst: boolean): LabelledFaces => ({
      person: name,
      faces: annFirst ? [photoOf(ann), photoOf(ben)] : [photoOf(ben), photoOf(ann)],
    });
    const photos = [
      ...Array.from({ length: 6 }, (_, i) => together('ann', i % 2 === 0)),
      ...Array.from({ length: 2 }, () => ({ person: 'ann', faces: [photoOf(ann)] })),
      ...Array.from({ length: 6 }, (_, i) => together('ben', i % 2 === 0)),
      ...Array.from({ length: 2 }, () => ({ person: 'ben', faces: [photoOf(ben)] })),
    ];
    expect((await choose(photos)).map(({ face }) => face)).toEqual([
      0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 0,
    ]);
  });

  test('a single photo: its most prominent face, unless that is somebody else of the folders', async () => {
    const { person, photoOf, stranger } = world(6);
    expect(await choose([{ person: 'ann', faces: [stranger(), stranger(), stranger()] }])).toEqual([
      { face: 0, odds: expect.any(Number), verdict: 'agrees' },
    ]);
    const ben = person();
    const photos = [
      { person: 'ann', faces: [photoOf(ben), stranger()] },
      ...Array.from({ length: 4 }, () => ({ person: 'ben', faces: [photoOf(ben)] })),
    ];
    expect((await choose(photos))[0]).toMatchObject({ face: 1, verdict: 'agrees' });
  });
});

test('among hundreds of people, a face that resembles one of them by chance stays the person of its folder', async () => {
  const { person, photoOf, stranger } = world(7);
  const others = Array.from({ length: 150 }, () => person());
  const photos = others.map((own, i) => ({ person: `p${i}`, faces: [photoOf(own)] }));
  const [like] = photos[0]!.faces;
  const own = stranger();
  const template = enrolPlace(background, [like!]);
  /** Its odds of being the other person are 4 : 1 to 100 : 1, less than there are people. */
  const resembling = Array.from({ length: 100 }, (_, i) =>
    own.z.map((v, j) => v + (i / 99) * (like!.z[j]! - v)),
  ).filter((z) => {
    const odds = logLikelihoodRatio(template, z);
    return odds > Math.log(4) && odds < Math.log(100);
  });
  expect(resembling.length).toBeGreaterThan(0);
  for (const z of resembling) {
    const faces = [
      { ...own, z },
      { ...stranger(), prominence: 0.3 },
    ];
    const choices = await choose([{ person: 'ann', faces }, ...photos]);
    expect(choices[0]).toMatchObject({ face: 0, verdict: 'agrees' });
  }
});

describe('photos in the wrong folder', () => {
  test.each([1, 2, 3])('are doubted, and the person they show is named (world %i)', async (seed) => {
    const { person, photoOf } = world(10 + seed);
    const [ann, ben] = [person(), person()];
    const photos = [
      ...Array.from({ length: 7 }, () => ({ person: 'ann', faces: [photoOf(ann)] })),
      ...Array.from({ length: 7 }, () => ({ person: 'ben', faces: [photoOf(ben)] })),
    ].toSpliced(3, 0, { person: 'ann', faces: [photoOf(ben)] });
    const choices = await choose(photos);
    expect(choices[3]).toMatchObject({ verdict: 'doubtful', looksLike: 'ben' });
    expect(choices.filter(({ verdict }) => verdict !== 'agrees')).toHaveLength(1);
  });

  test('that show nobody known are doubted without a name', async () => {
    const { person, photoOf, stranger } = world(20);
    const [ann, ben] = [person(), person()];
    const photos = [
      ...Array.from({ length: 7 }, () => ({ person: 'ann', faces: [photoOf(ann)] })),
      { person: 'ann', faces: [stranger()] },
      ...Array.from({ length: 7 }, () => ({ person: 'ben', faces: [photoOf(ben)] })),
    ];
    const choices = await choose(photos);
    expect(choices[7]).toMatchObject({ verdict: 'doubtful' });
    expect(choices[7]).not.toHaveProperty('looksLike');
    expect(choices.filter(({ verdict }) => verdict !== 'agrees')).toHaveLength(1);
  });

  test('a photo that shows the person beside others is not doubted for the others', async () => {
    const { person, photoOf } = world(21);
    const [ann, ben] = [person(), person()];
    const photos = [
      ...Array.from({ length: 5 }, () => ({ person: 'ann', faces: [photoOf(ann)] })),
      { person: 'ann', faces: [photoOf(ben), photoOf(ann)] },
      ...Array.from({ length: 5 }, () => ({ person: 'ben', faces: [photoOf(ben)] })),
    ];
    expect((await choose(photos))[5]).toMatchObject({ face: 1, verdict: 'agrees' });
  });
});

describe('unclear faces', () => {
  test('that do not agree are left out as unclear, not blamed on a wrong label', async () => {
    const { person, photoOf, stranger } = world(25);
    const ann = person();
    const photos = [
      ...Array.from({ length: 7 }, () => ({ person: 'ann', faces: [photoOf(ann)] })),
      { person: 'ann', faces: [stranger(0.1)] },
    ];
    const choices = await choose(photos);
    expect(choices[7]!.verdict).toBe('unclear');
    expect(choices[7]).not.toHaveProperty('looksLike');
    expect(choices.slice(0, 7).every(({ verdict }) => verdict === 'agrees')).toBe(true);
  });

  test('that agree all the same are taken', async () => {
    const { person, photoOf } = world(26);
    const ann = person();
    const photos = Array.from({ length: 8 }, (_, i) => ({
      person: 'ann',
      faces: [photoOf(ann, i === 3 ? 0.2 : 1)],
    }));
    expect((await choose(photos))[3]!.verdict).toBe('agrees');
  });

  test('are better than none where a person has no others', async () => {
    const { stranger } = world(27);
    for (const count of [1, 2, 3]) {
      const photos = Array.from({ length: count }, () => ({ person: 'ann', faces: [stranger(0.05)] }));
      expect((await choose(photos)).map(({ verdict }) => verdict)).toEqual(Array(count).fill('agrees'));
    }
  });
});

describe('folders too small to tell', () => {
  test('two photos that do not agree are both kept: nobody can say which is wrong', async () => {
    const { person, photoOf, stranger } = world(30);
    const ben = person();
    const photos = [
      { person: 'ann', faces: [stranger()] },
      { person: 'ann', faces: [stranger()] },
      ...Array.from({ length: 5 }, () => ({ person: 'ben', faces: [photoOf(ben)] })),
    ];
    for (const choice of await choose(photos)) expect(choice.verdict).toBe('agrees');
  });

  test('three photos of three people are all kept', async () => {
    const { stranger } = world(31);
    const photos = Array.from({ length: 3 }, () => ({ person: 'ann', faces: [stranger()] }));
    for (const choice of await choose(photos)) expect(choice.verdict).toBe('agrees');
  });

  test('no photos are no choices', async () => {
    expect(await choose([])).toEqual([]);
  });
});

test('the same photos in another order get the same choices', async () => {
  const { person, photoOf, stranger } = world(40);
  const [ann, ben] = [person(), person()];
  const photos: LabelledFaces[] = [ann, ben].flatMap((own, i) =>
    Array.from({ length: 6 }, () => ({ person: `p${i}`, faces: [stranger(), photoOf(own), stranger()] })),
  );
  const backwards = (await choose(photos.toReversed())).toReversed();
  expect(backwards.map(({ face, verdict }) => [face, verdict])).toEqual(
    (await choose(photos)).map(({ face, verdict }) => [face, verdict]),
  );
});

describe('where agreement cannot decide, the face in front is meant', () => {
  test('two people side by side in both photos of a folder', async () => {
    const { person, photoOf } = world(9);
    const [meant, companion] = [person(), person()];
    const photo = (): LabelledFaces => ({
      person: 'ann',
      faces: [{ ...photoOf(companion), prominence: 0.3 }, photoOf(meant)],
    });
    expect((await choose([photo(), photo()])).map(({ face }) => face)).toEqual([1, 1]);
  });

  test('one photo with several faces', async () => {
    const { stranger } = world(10);
    const faces = [{ ...stranger(), prominence: 0.2 }, stranger(), { ...stranger(), prominence: 0.9 }];
    expect((await choose([{ person: 'ann', faces }]))[0]!.face).toBe(1);
  });
});

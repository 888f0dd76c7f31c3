import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { similarity } from '../../../src/core/embedding.ts';
import { type Faces, openFaces } from '../../../src/faces/open-faces.ts';
import { sameOdds, verifyPhotos } from '../../../src/faces/people/verify.ts';
import { portrait, writePhoto } from '../../demo-people.ts';
import { demoPhoto, encode, fourColours } from '../../photo-fixtures.ts';
import { describeWithSharedData, sharedData } from '../../shared-data.ts';
import { sharedFolder } from '../../shared-folder.ts';
import { drawPerson, drawPhoto, seededNormal, toyBackground } from '../../synthetic-people.ts';
import { warmHome } from '../../warm-home.ts';

const files = sharedFolder();
let faces: Faces;
beforeAll(async () => {
  await warmHome(join(files.path, 'home'));
  faces = await openFaces({ config: { home: join(files.path, 'home'), threads: 1 } });
});
afterAll(() => faces.close());

async function file(name: string, ...args: Parameters<typeof portrait>): Promise<string> {
  const path = join(files.path, name);
  await writePhoto(path, portrait(...args));
  return path;
}

describe('two photos', () => {
  test('of one person are told from two of two people, each with odds, similarity and false match rate', async () => {
    const [mona, again, sue] = [
      await file('m1.jpg', 'mona'),
      await file('m2.jpg', 'mona', 2),
      await file('s.jpg', 'sue'),
    ];
    const same = (await verifyPhotos(mona, again, faces)).pairs[0]!;
    expect(same.probability).toBeGreaterThan(0.99);
    expect(same.falseMatchRate!.rate).toBeLessThan(0.001);
    const different = (await verifyPhotos(mona, sue, faces)).pairs[0]!;
    expect(different.probability).toBeLessThan(0.1);
    expect(different.falseMatchRate!.rate).toBeGreaterThan(0.002);
    expect(same.similarity).toBeGreaterThan(different.similarity);
    const [a, b] = same.faces;
    expect(same.similarity).toBe(similarity(a.embedding, b.embedding));
  });

  test('are the same the other way round', async () => {
    const [one, other] = [await file('m1.jpg', 'mona'), await file('n2.jpg', 'nell', 2)];
    const there = (await verifyPhotos(one, other, faces)).pairs[0]!;
    const back = (await verifyPhotos(other, one, faces)).pairs[0]!;
    expect(back).toEqual({ ...there, faces: there.faces.toReversed() });
  });

  test('a prior moves the probability by Bayes’ rule, and nothing else', async () => {
    const [one, other] = [await file('m1.jpg', 'mona'), await file('n1.jpg', 'nell')];
    const even = (await verifyPhotos(one, other, faces)).pairs[0]!;
    expect(even.probability).toBeCloseTo(1 / (1 + Math.exp(-even.logOdds)), 12);
    const rare = (await verifyPhotos(one, other, faces, { prior: 0.01 })).pairs[0]!;
    expect(rare.probability / (1 - rare.probability)).toBeCloseTo(Math.exp(rare.logOdds) / 99, 9);
    expect({ ...rare, probability: 0 }).toEqual({ ...even, probability: 0 });
  });

  test('one and the same photo is never a certainty', async () => {
    const mona = await file('m1.jpg', 'mona');
    const { probability } = (await verifyPhotos(mona, mona, faces, { prior: 0.999999 })).pairs[0]!;
    expect(probability).toBeLessThan(1);
  });
});

describe('several faces in a photo', () => {
  test('the largest is taken, and it is said how many there are', async () => {
    const nell = await file('n1.jpg', 'nell', 2);
    const { faces: counts, pairs } = await verifyPhotos(nell, demoPhoto(3), faces);
    expect(counts).toEqual([1, 3]);
    expect(pairs).toHaveLength(1);
    const all = await verifyPhotos(nell, demoPhoto(3), faces, { all: true });
    const area = ({ width, height }: { readonly width: number; readonly height: number }): number =>
      width * height;
    const largest = all.pairs.map((pair) => area(pair.faces[1].box)).toSorted((a, b) => b - a)[0];
    expect(area(pairs[0]!.faces[1].box)).toBe(largest);
  });

  test('all of them are compared on demand, the likeliest pair first', async () => {
    const mona = await file('m2.jpg', 'mona', 2);
    const { pairs } = await verifyPhotos(demoPhoto(3), mona, faces, { all: true });
    expect(pairs).toHaveLength(3);
    expect(pairs.map(({ probability }) => probability > 0.5)).toEqual([true, false, false]);
  });
});

describe('there is no answer', () => {
  test('where a photo shows no face', async () => {
    const wall = join(files.path, 'wall.png');
    await writePhoto(wall, encode(fourColours()).png());
    await expect(verifyPhotos(await file('m1.jpg', 'mona'), wall, faces)).rejects.toMatchObject({
      code: 'not-found',
      message: `No face was found in ${wall}.`,
    });
  });

  test('where a photo cannot be read', async () => {
    await expect(verifyPhotos(join(files.path, 'none.jpg'), demoPhoto(3), faces)).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});

describe('odds of two faces', () => {
  const background = { ...toyBackground(), scale: 1, offset: 0 };
  const normal = seededNormal(3);

  test('are those of the model: of one person against two, from their joint distribution', () => {
    for (let i = 0; i < 20; i++) {
      const person = drawPerson(background, normal);
      const [a, b] = [
        drawPhoto(person, normal),
        drawPhoto(i % 2 ? person : drawPerson(background, normal), normal),
      ];
      // Each coordinate of a pair is normal, with covariance `between` for one person and 0 for two.
      const expected = background.between.reduce((sum, between, j) => {
        const total = between + 1;
        const joint = (covariance: number): number => {
          const determinant = total * total - covariance * covariance;
          const form = (total * (a[j]! ** 2 + b[j]! ** 2) - 2 * covariance * a[j]! * b[j]!) / determinant;
          return -0.5 * (form + Math.log(determinant));
        };
        return sum + joint(between) - joint(0);
      }, 0);
      expect(sameOdds(background, { z: a, quality: 1 }, { z: b, quality: 1 })).toBeCloseTo(expected, 3);
    }
  });

  test('shrink towards none where either face is unclear', () => {
    const person = drawPerson(background, normal);
    const z = [drawPhoto(person, normal), drawPhoto(person, normal)] as const;
    const odds = (quality: number): number =>
      Math.abs(sameOdds(background, { z: z[0], quality }, { z: z[1], quality: 1 }));
    expect(odds(0.5)).toBeLessThan(odds(1));
    expect(odds(0)).toBe(0);
  });
});

describeWithSharedData('photos of famous people', () => {
  const misc = (name: string): string => sharedData('faces', 'misc', name);

  test.each([
    ['obama.jpg', 'obama2.jpg'],
    ['obama.jpg', 'obama3.jpg'],
    ['obama2.jpg', 'obama-1080p.jpg'],
    ['obama.jpg', 'obama_partial_face.jpg'],
  ])('%s and %s show one person', async (a, b) => {
    const { probability, falseMatchRate } = (await verifyPhotos(misc(a), misc(b), faces)).pairs[0]!;
    expect(probability).toBeGreaterThan(0.95);
    expect(falseMatchRate!.rate).toBeLessThan(0.001);
  });

  test.each([
    ['obama.jpg', 'biden.jpg'],
    ['biden.jpg', 'obama-1080p.jpg'],
    ['biden.jpg', 'obama_partial_face.jpg'],
  ])('%s and %s do not', async (a, b) => {
    const { probability, falseMatchRate } = (await verifyPhotos(misc(a), misc(b), faces)).pairs[0]!;
    expect(probability).toBeLessThan(0.05);
    expect(falseMatchRate!.rate).toBeGreaterThan(0.01);
  });
});

import { describe, expect, test } from 'vitest';
import { loadBackground } from '../../../src/faces/people/background-file.ts';
import { groupFaces, type UnnamedFace } from '../../../src/faces/people/cluster.ts';
import { enrol, logLikelihoodRatio } from '../../../src/learn/odds/two-covariance.ts';
import { faceApiPack } from '../../../src/models/face-api.ts';
import { drawPerson, drawPhoto, seededNormal, withoutCrowd } from '../../synthetic-people.ts';

const background = withoutCrowd(await loadBackground(faceApiPack));

/** So many people in every one of so many photos, in an order that changes from photo to photo. */
function album(people: number, photos: number, seed: number): (UnnamedFace & { readonly who: number })[] {
  const normal = seededNormal(seed);
  const places = Array.from({ length: people }, () => drawPerson(background, normal));
  return Array.from({ length: photos }, (_, photo) =>
    [...places.keys()].map((i) => {
      const who = (i + photo) % people;
      return { who, photo: `photo ${photo}`, z: drawPhoto(places[who]!, normal), quality: 1 };
    }),
  ).flat();
}

/** Families of look-alikes, clear and unclear, some twice over: many pairs are near, and some the same. */
function mixed(seed: number): UnnamedFace[] {
  const normal = seededNormal(seed);
  const family = Array.from({ length: 3 }, () => drawPerson(background, normal));
  const people = Array.from({ length: 12 }, (_, i) =>
    drawPerson(background, normal).map((v, j) => 0.6 * v + 0.8 * family[i % 3]![j]!),
  );
  const faces = Array.from({ length: 70 }, (_, i) => ({
    photo: `photo ${Math.floor(i / 2)}`,
    z: drawPhoto(people[(i * 7) % 12]!, normal),
    quality: i % 4 === 0 ? 0.4 + 0.05 * (i % 9) : 1,
  }));
  return [...faces, ...faces.slice(0, 6).map((face, i) => ({ ...face, photo: `copy ${i}` }))];
}

/** Average linkage as it is defined: in cubic time. */
function groupsByAllPairs(
  faces: readonly UnnamedFace[],
  apart = (a: number, b: number): boolean => faces[a]!.photo === faces[b]!.photo,
): number[][] {
  const odds = faces.map((face) => {
    const template = enrol(background, [face]);
    return faces.map(({ z, quality }) => quality * logLikelihoodRatio(template, z));
  });
  let groups = faces.map((_, i) => [i]);
  for (;;) {
    let best = { a: -1, b: -1, mean: Number.NEGATIVE_INFINITY };
    for (const [a, group] of groups.entries()) {
      for (const [b, other] of groups.entries()) {
        if (b <= a || group.some((i) => other.some((j) => apart(i, j)))) continue;
        const sum = group.reduce((s, i) => s + other.reduce((t, j) => t + odds[i]![j]!, 0), 0);
        const mean = sum / (group.length * other.length);
        if (mean > best.mean) best = { a, b, mean };
      }
    }
    if (best.mean < Math.log(4 * faces.length)) break;
    const joined = [...groups[best.a]!, ...groups[best.b]!];
    groups = [...groups.filter((_, i) => i !== best.a && i !== best.b), joined];
  }
  return groups
    .map((group) => group.toSorted((a, b) => a - b))
    .toSorted((a, b) => b.length - a.length || a[0]! - b[0]!);
}

describe('grouping', () => {
  test.each([1, 2, 3])('brings together the photos of each person, and nobody else’s (world %i)', (seed) => {
    const faces = album(5, 6, seed);
    const groups = groupFaces(background, faces);
    expect(groups).toHaveLength(5);
    for (const group of groups) {
      expect(group).toHaveLength(6);
      expect(new Set(group.map((i) => faces[i]!.who)).size).toBe(1);
    }
  });

  test('never brings together two faces of one photo, however alike they are', () => {
    const normal = seededNormal(4);
    const twin = drawPerson(background, normal);
    const faces = Array.from({ length: 6 }, (_, i) => ({
      photo: `photo ${Math.floor(i / 2)}`,
      z: drawPhoto(twin, normal),
      quality: 1,
    }));
    const identical = faces.map((face) => ({ ...face, z: faces[0]!.z }));
    for (const group of [...groupFaces(background, faces), ...groupFaces(background, identical)]) {
      const photos = group.map((i) => faces[i]!.photo);
      expect(new Set(photos).size).toBe(photos.length);
    }
    expect(groupFaces(background, identical).map((group) => group.length)).toEqual([3, 3]);
  });

  test('keeps every face exactly once, the largest group first, each in the order of the faces', () => {
    const faces = [
      ...album(3, 4, 5),
      ...album(2, 1, 6).map((face) => ({ ...face, photo: `other ${face.who}` })),
    ];
    const groups = groupFaces(background, faces);
    expect(groups.flat().toSorted((a, b) => a - b)).toEqual(faces.map((_, i) => i));
    expect(groups.map((group) => group.length)).toEqual([4, 4, 4, 1, 1]);
    for (const group of groups) expect(group).toEqual(group.toSorted((a, b) => a - b));
  });

  test('leaves unclear faces alone: what they resemble counts for less', () => {
    const clear = album(2, 2, 7);
    expect(groupFaces(background, clear).map((group) => group.length)).toEqual([2, 2]);
    const unclear = clear.map((face) => ({ ...face, quality: 0.01 }));
    expect(groupFaces(background, unclear).map((group) => group.length)).toEqual([1, 1, 1, 1]);
  });

  test.each([8, 9, 10, 11])(
    'joins what looking at all pairs again after each step joins (world %i)',
    (seed) => {
      const faces = mixed(seed);
      expect(groupFaces(background, faces)).toEqual(groupsByAllPairs(faces));
      const apart = (a: number, b: number): boolean => (a + b) % 5 === 0;
      expect(groupFaces(background, faces, apart)).toEqual(groupsByAllPairs(faces, apart));
    },
  );

  test('of no faces is no groups', () => {
    expect(groupFaces(background, [])).toEqual([]);
  });
});

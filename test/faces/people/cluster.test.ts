import { describe, expect, test } from 'vitest';
import { loadBackground } from '../../../src/faces/people/background-file.ts';
import { groupFaces, type UnnamedFace } from '../../../src/faces/people/cluster.ts';
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

  test('takes what is known of two faces in place of their photos', () => {
    const faces = album(2, 3, 12).map((face) => ({ ...face, photo: 'the same' }));
    const apart = (a: number, b: number): boolean => a < 2 !== b < 2;
    expect(groupFaces(background, faces, apart).map((group) => group.length)).toEqual([2, 2, 1, 1]);
  });

  test('of no faces is no groups', () => {
    expect(groupFaces(background, [])).toEqual([]);
  });
});

import { expect, test } from 'vitest';
import { readAnimals, trustAsPerson } from '../../../src/faces/find/animals.ts';
import { faceApiPack } from '../../../src/models/face-api.ts';

const north = { direction: Float32Array.of(0, 10), middle: 1, people: 4, animals: 8 };
const at = (place: number): Float32Array => Float32Array.of(0.5, (place + 1) / 10);

test('a face keeps its presence as far out as people lie, and has none where animals begin', () => {
  for (const place of [-20, 0, 4]) expect(trustAsPerson(north, at(place))).toBeCloseTo(1, 5);
  expect(trustAsPerson(north, at(6))).toBeCloseTo(0.5, 5);
  for (const place of [8, 30]) expect(trustAsPerson(north, at(place))).toBeCloseTo(0, 5);
});

test('the direction that ships fits the embedding: people lie around 0, by what it was fitted on', async () => {
  const { direction, middle, people, animals } = await readAnimals(faceApiPack.animals);
  expect(direction).toHaveLength(128 + 1024);
  expect(direction.every(Number.isFinite)).toBe(true);
  expect([middle, people < animals]).toEqual([expect.any(Number), true]);
});

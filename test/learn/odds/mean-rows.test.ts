/** Groups of faces in one piece of memory are as like a person as each by itself. */

import { expect, test } from 'vitest';
import { openMeanOdds } from '../../../src/learn/odds/mean-odds.ts';
import { eachRowsOdds, faceOfRow, type MeanRows } from '../../../src/learn/odds/mean-rows.ts';
import { enrol } from '../../../src/learn/odds/two-covariance.ts';
import { drawPerson, drawPhoto, seededNormal, toyBackground } from '../../synthetic-people.ts';

const background = toyBackground();
const normal = seededNormal(5);
const person = drawPerson(background, normal);
const [component] = enrol(
  background,
  [1, 2, 3].map(() => ({ z: drawPhoto(person, normal), quality: 0.9 })),
).components;

/** With room for more, as a growing album has. */
function rowsOf(count: number): MeanRows {
  const k = person.length;
  const values = new Float32Array((count + 3) * 2 * k).fill(1e9);
  for (let row = 0; row < count; row++) {
    const z = drawPhoto(drawPerson(background, normal), normal);
    values.set(z, row * 2 * k);
    values.set(
      z.map((v) => v * v + 0.5),
      (row * 2 + 1) * k,
    );
  }
  return { count, k, values };
}

test.each([0, 1, 2, 3, 4, 7, 33])('odds of %i groups are those of each by itself', (count) => {
  const rows = rowsOf(count);
  const odds = openMeanOdds({ components: [component!] });
  const found: [number, number][] = [];
  eachRowsOdds(component!, rows, (row, own) => found.push([row, own]));
  expect(found).toEqual(Array.from({ length: count }, (_, row) => [row, odds(faceOfRow(rows, row))]));
  expect(new Set(found.map(([, own]) => own)).size).toBe(count);
});

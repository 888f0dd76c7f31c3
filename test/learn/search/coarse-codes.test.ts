/** Codes of four bits: what they keep of rows, and what a face makes of them. */

import { expect, test } from 'vitest';
import { codeBook } from '../../../src/learn/search/coarse-codes.ts';
import { seededNormal } from '../../synthetic-people.ts';

/** Some coordinates tell much, most little. */
const deviations = Float64Array.from({ length: 60 }, (_, j) => 4 / (1 + j / 3));
const telling = deviations.map((v) => v * v);

function rows(count: number): Float64Array[] {
  const normal = seededNormal(3);
  return Array.from({ length: count }, () => deviations.map((v) => v * normal()));
}

function lost(codes: number): number {
  const book = codeBook(deviations, telling, codes);
  const kept = new Float64Array(60);
  let [apart, whole] = [0, 0];
  for (const row of rows(2000)) {
    book.encode(row, new Uint8Array(codes), kept);
    apart += row.reduce((sum, v, j) => sum + (v - kept[j]!) ** 2, 0);
    whole += row.reduce((sum, v) => sum + v * v, 0);
  }
  return apart / whole;
}

test('what a face makes of codes is its product with what they keep', () => {
  const book = codeBook(deviations, telling, 12);
  const [row, face] = rows(2) as [Float64Array, Float64Array];
  const [codes, kept, values] = [new Uint8Array(12), new Float64Array(60), new Float64Array(16 * 12)];
  book.encode(row, codes, kept);
  book.worth(face, values);
  const looked = codes.reduce((sum, code, c) => sum + values[16 * c + code]!, 0);
  expect(looked).toBeCloseTo(
    kept.reduce((sum, v, j) => sum + v * face[j]!, 0),
    8,
  );
});

test('the more codes, the less is lost: of twelve bytes a twentieth', () => {
  expect(lost(24)).toBeLessThan(0.05);
  expect(lost(12)).toBeLessThan(0.12);
  expect(lost(12)).toBeGreaterThan(lost(24));
});

test('numbers far out come to the outermost level, not to another one', () => {
  const book = codeBook(deviations, telling, 24);
  const [far, kept] = [deviations.map((v) => 100 * v), new Float64Array(60)];
  book.encode(far, new Uint8Array(24), kept);
  for (const value of kept) expect(value).toBeGreaterThanOrEqual(0);
});

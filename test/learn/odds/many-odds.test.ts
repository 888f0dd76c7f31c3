import { expect, test } from 'vitest';
import { openManyOdds } from '../../../src/learn/odds/many-odds.ts';
import {
  enrol,
  enrolPlace,
  logLikelihoodRatio,
  type Template,
} from '../../../src/learn/odds/two-covariance.ts';
import { onOneCore } from '../../one-core.ts';
import { crowdedBackground, drawPerson, drawPhoto, seededNormal } from '../../synthetic-people.ts';

const background = crowdedBackground(30, 20);

/** Templates of 0 to 7 photos, some of them unclear. */
function drawTemplates(count: number, seed: number): Template[] {
  const normal = seededNormal(seed);
  return Array.from({ length: count }, (_, i) => {
    const place = drawPerson(background, normal);
    const photos = Array.from({ length: i % 8 }, (__, p) => ({
      z: drawPhoto(place, normal),
      quality: p % 3 === 1 ? 0.2 : 1,
    }));
    return i % 2 === 0 ? enrol(background, photos) : enrolPlace(background, photos);
  });
}

async function all(templates: readonly Template[], faces: readonly Float32Array[]): Promise<number[][]> {
  const odds = openManyOdds(templates, onOneCore);
  const rows: number[][] = [];
  for await (const block of odds.blocks(faces)) {
    expect(block.first).toBe(rows.length);
    rows.push(...block.rows.map((row) => [...row]));
  }
  await odds.close();
  return rows;
}

test('the odds of many faces are those of one face after another', async () => {
  const normal = seededNormal(2);
  const templates = drawTemplates(50, 1);
  const faces = Array.from({ length: 30 }, () => drawPhoto(drawPerson(background, normal), normal));
  const rows = await all(templates, faces);
  expect(rows).toHaveLength(30);
  for (const [i, row] of rows.entries()) {
    for (const [t, template] of templates.entries()) {
      expect(row[t]).toBeCloseTo(logLikelihoodRatio(template, faces[i]!), 9);
    }
  }
});

test('more people than one block holds for all faces make several blocks of the same odds', async () => {
  const normal = seededNormal(3);
  const templates = drawTemplates(6000, 4).flatMap((template) => Array.from({ length: 10 }, () => template));
  const faces = Array.from({ length: 25 }, () => drawPhoto(drawPerson(background, normal), normal));
  const rows = await all(templates, faces);
  expect(rows).toHaveLength(25);
  for (const [i, t] of [
    [0, 7],
    [12, 59_999],
    [24, 31],
  ] as const) {
    expect(rows[i]![t]).toBeCloseTo(logLikelihoodRatio(templates[t]!, faces[i]!), 9);
  }
});

test('nobody and nothing are no trouble', async () => {
  const [template] = drawTemplates(1, 5);
  const face = drawPhoto(drawPerson(background, seededNormal(6)), seededNormal(7));
  expect(await all([], [face])).toEqual([[]]);
  expect(await all([template!], [face])).toEqual([[0]]);
  expect(await all([template!], [])).toEqual([]);
});

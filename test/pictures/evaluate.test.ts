import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RgbImage } from '../../src/core/image.ts';
import type { ProbableClassifier } from '../../src/pictures/classifier.ts';
import { evaluatePictures } from '../../src/pictures/evaluate.ts';
import { writeDiscs } from '../coloured-things.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** Tells discs by the channel that stands out of the grey furthest. */
const byColour: Pick<ProbableClassifier, 'labels' | 'probabilities'> = {
  labels: ['red', 'lime', 'blue', 'never seen'],
  async probabilities({ data }: RgbImage) {
    const sums = [0, 0, 0];
    for (const [i, value] of data.entries()) sums[i % 3]! += value;
    const powers = sums.map((sum) => Math.exp((sum * 3) / data.length / 2));
    const total = powers.reduce((a, b) => a + b, 0) + 1;
    return Float32Array.from([...powers, 1], (power) => power / total);
  },
};

describe('evaluating a model of whole pictures', () => {
  test('right labels, mistakes with their paths, and what the folder lacks', async () => {
    const root = await temporaryFolder();
    await writeDiscs(root, { red: 'red', lime: 'lime', blue: 'blue' }, 4);
    // In the wrong folder.
    await cp(join(root, 'blue', '0.png'), join(root, 'red', 'sub', 'astray.png'), { recursive: true });
    await writeDiscs(root, { blue: 'blue' }, 1, 2);
    const report = await evaluatePictures(root, byColour);
    expect(report).toMatchObject({ pictures: 13, missing: ['never seen'], foreign: [], unreadable: 0 });
    const { accuracy, confusion, mistakes, labels } = report.measured!;
    expect([accuracy.hits, accuracy.of]).toEqual([12, 13]);
    expect(confusion[0]).toEqual([4, 0, 1, 0]);
    expect(mistakes).toMatchObject([{ path: 'red/sub/astray.png', label: 'red', answer: 'blue' }]);
    expect(labels[3]).toEqual({ label: 'never seen', examples: 0, recall: null, precision: null });
  });

  test('folders without a label of the model, unknown among them, are named and count for nothing', async () => {
    const root = await temporaryFolder();
    await writeDiscs(root, { red: 'red', lime: 'lime', unknown: 'white', grün: 'lime' }, 2);
    const report = await evaluatePictures(root, byColour);
    expect(report.pictures).toBe(4);
    expect(report.measured!.accuracy).toMatchObject({ hits: 4, of: 4 });
    expect(report.missing).toEqual(['blue', 'never seen']);
    expect(report.foreign.map(({ folder, pictures }) => [folder, pictures])).toEqual([
      ['grün', 2],
      ['unknown', 2],
    ]);
    expect(report.foreign[0]!.answers).toMatchObject([{ answer: 'lime' }, { answer: 'lime' }]);
    expect(report.foreign[0]!.answers[0]!.path).toMatch(/^grün\/\d\.png$/);
  });

  test('unknown is a label like others where the model was taught it', async () => {
    const root = await temporaryFolder();
    await writeDiscs(root, { unknown: 'red', lime: 'lime' }, 2);
    const model = { ...byColour, labels: ['unknown', 'lime', 'blue', 'never seen'] };
    const report = await evaluatePictures(root, model);
    expect([report.pictures, report.foreign, report.measured!.accuracy.hits]).toEqual([4, [], 4]);
  });

  test('a folder of strange labels alone is measured as nothing', async () => {
    const root = await temporaryFolder();
    await writeDiscs(root, { pink: 'pink' }, 2);
    expect(await evaluatePictures(root, byColour)).toMatchObject({ pictures: 0, measured: null });
  });

  test('a picture that cannot be read is listed with its reason, and the rest goes on', async () => {
    const root = await temporaryFolder();
    await writeDiscs(root, { red: 'red', lime: 'lime' }, 2);
    await writeFile(join(root, 'red', 'broken.jpg'), 'no photo');
    await mkdir(join(root, 'blue'));
    const seen: number[] = [];
    const report = await evaluatePictures(root, byColour, { onProgress: (done) => seen.push(done) });
    expect([report.pictures, report.unreadable, seen.at(-1)]).toEqual([4, 1, 5]);
    expect(report.skipped).toEqual([
      { path: 'red/broken.jpg', reason: 'is not a photo: no known picture format' },
    ]);
  });
});

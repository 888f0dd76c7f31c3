import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { demoPhoto } from '../photo-fixtures.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { setUpCalls } from './call-whosin.ts';
import { type JsonPhoto, photosIn } from './json-photo.ts';
import { repository, setUpModel } from './whosin.ts';

const whosin = setUpCalls();
/** Knows two women of sample3.jpg and two of sample6.jpg. */
const model = setUpModel(whosin, {
  'Mona M.': ['mona', 2],
  nell: ['nell', 1],
  李小龍: ['olga', 1],
  pam: ['pam', 2],
});

describe('--json', () => {
  const number = expect.any(Number);
  const face = {
    box: { left: number, top: number, width: number, height: number },
    score: number,
    quality: number,
    person: expect.toSatisfy((name) => name === null || typeof name === 'string'),
    probability: number,
    unknown: number,
    candidates: expect.any(Array),
  };

  test('is one object a line, schema 1, and nothing else on standard output', async () => {
    const args = ['identify', demoPhoto(3), demoPhoto(6), '-m', model.path, '--json'];
    const { status, stdout } = await whosin(args);
    expect(status).toBe(0);
    const photos = photosIn(stdout);
    expect(photos).toStrictEqual([
      { schema: 1, file: demoPhoto(3), width: 1920, height: 1350, faces: [face, face, face] },
      { schema: 1, file: demoPhoto(6), width: 1920, height: 1537, faces: [face, face, face, face] },
    ]);
  });

  test('has exactly the fields that docs/JSON.md shows, in that order, faces from left to right', async () => {
    const text = await readFile(join(repository, 'docs', 'JSON.md'), 'utf8');
    const documented = JSON.parse(/```json\n([\s\S]*?)```/.exec(text)![1]!) as JsonPhoto;
    const { stdout } = await whosin(['identify', demoPhoto(6), '-m', model.path, '--json']);
    const [photo] = photosIn(stdout) as [JsonPhoto];
    expect(Object.keys(photo)).toEqual(Object.keys(documented));
    for (const found of photo.faces) {
      const [example] = documented.faces;
      expect(Object.keys(found)).toEqual(Object.keys(example!));
      expect(Object.keys(found.box)).toEqual(Object.keys(example!.box));
      expect(Object.keys(found.candidates[0]!)).toEqual(Object.keys(example!.candidates[0]!));
    }
    const lefts = photo.faces.map(({ box }) => box.left);
    expect(lefts).toEqual(lefts.toSorted((x, y) => x - y));
  });

  test('has boxes inside the photo, probabilities that add up, null for unknown', async () => {
    const { stdout } = await whosin(['identify', demoPhoto(3), '-m', model.path, '--json']);
    const [{ faces, width, height }] = photosIn(stdout) as [JsonPhoto];
    expect(new Set(faces.map(({ person }) => person))).toEqual(new Set(['Mona M.', 'nell', null]));
    for (const { box, score, person, probability, unknown, candidates } of faces) {
      expect(Math.min(box.left, box.top)).toBeGreaterThanOrEqual(0);
      expect(box.left + box.width).toBeLessThanOrEqual(width + 0.1);
      expect(box.top + box.height).toBeLessThanOrEqual(height + 0.1);
      expect(score).toBeGreaterThan(0.5);
      expect(score).toBeLessThanOrEqual(1);
      expect(candidates.map((candidate) => Object.keys(candidate))).toEqual(
        Array(4).fill(['person', 'probability']),
      );
      expect(candidates.reduce((sum, candidate) => sum + candidate.probability, unknown)).toBeCloseTo(1, 4);
      expect(probability).toBe(person === null ? unknown : candidates[0]!.probability);
    }
  });

  test('keeps a photo that could not be read in its place, with code and message', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'empty.jpg'), '');
    await copyFile(demoPhoto(3), join(folder, 'group.jpg'));
    const args = ['identify', 'none.jpg', 'group.jpg', 'empty.jpg', '-m', model.path, '--json'];
    const { status, stdout } = await whosin(args, { cwd: folder });
    expect(status).toBe(1);
    const photos = photosIn(stdout);
    expect(photos.map(({ file, error }) => [file, error?.code])).toEqual([
      ['none.jpg', 'not-found'],
      ['group.jpg', undefined],
      ['empty.jpg', 'not-a-photo'],
    ]);
    expect(photos[0]).toStrictEqual({
      schema: 1,
      file: 'none.jpg',
      faces: [],
      error: { code: 'not-found', message: expect.stringContaining('none.jpg') },
    });
  });
});

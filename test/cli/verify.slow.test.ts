import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { portrait, writePhoto } from '../demo-people.ts';
import { demoPhoto, encode, fourColours } from '../photo-fixtures.ts';
import { sharedFolder } from '../shared-folder.ts';
import { setUpCalls } from './call-whosin.ts';

const whosin = setUpCalls();
const files = sharedFolder();

beforeAll(async () => {
  await writePhoto(join(files.path, 'mona.jpg'), portrait('mona'));
  await writePhoto(join(files.path, 'mona-2.jpg'), portrait('mona', 2));
  await writePhoto(join(files.path, 'sue.jpg'), portrait('sue'));
  await writePhoto(join(files.path, 'wall.png'), encode(fourColours()).png());
});

const verify = (...args: readonly string[]): ReturnType<typeof whosin> =>
  whosin(['verify', ...args], { cwd: files.path });

describe('the answer', () => {
  test('same: probability, similarity, false match rate, status 0', async () => {
    const { status, stdout, stderr } = await verify('mona.jpg', 'mona-2.jpg');
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^the same person {2}P\(same\) >0\.99, similarity 0\.\d{3}\n {2}false match rate (below )?[\d.]+ %: .*1 in [\d,]+ pairs of different people are as much alike\n$/,
    );
    expect(stderr).toMatch(/^False match rates were measured on [\d,]+ pairs of photos of different people/);
  });

  test('not the same: status 1, as of cmp and diff', async () => {
    const { status, stdout } = await verify('mona.jpg', 'sue.jpg');
    expect(status).toBe(1);
    expect(stdout).toMatch(/^not the same person {2}P\(same\) /);
  });

  test('depends on the prior and on the probability asked for, as said', async () => {
    expect((await verify('mona.jpg', 'mona-2.jpg', '--min-probability', '0.9999999999999')).status).toBe(1);
    const even = JSON.parse((await verify('mona.jpg', 'sue.jpg', '--json')).stdout) as Result;
    const prior = String(1 / (1 + Math.exp(even.pairs[0]!.logOdds) / 2));
    const likely = await verify('mona.jpg', 'sue.jpg', '--prior', prior);
    expect([likely.status, likely.stdout]).toEqual([0, expect.stringContaining('P(same) 0.67')]);
  });
});

describe('several faces', () => {
  test('the largest is compared, and a note says so', async () => {
    const { stdout, stderr } = await verify(demoPhoto(3), 'sue.jpg');
    expect(stdout).toContain(`${demoPhoto(3)}: face `);
    expect(stderr).toContain(
      `${demoPhoto(3)} shows 3 faces: the largest was compared, --all compares every one.`,
    );
  });

  test('--all compares every one; status 0 where any two are the same', async () => {
    const { status, stdout, stderr } = await verify(demoPhoto(3), 'mona-2.jpg', '--all');
    expect(status).toBe(0);
    expect(stdout.match(/^(not )?the same person/gm)).toEqual([
      'the same person',
      'not the same person',
      'not the same person',
    ]);
    expect(stderr).not.toContain('largest');
  });
});

interface Result {
  readonly pairs: readonly { readonly logOdds: number; readonly probability: number }[];
}

test('--json: one object, schema 1, and the same status', async () => {
  const { status, stdout } = await verify('mona.jpg', 'sue.jpg', '--json');
  expect(status).toBe(1);
  const number = expect.any(Number);
  const box = { left: number, top: number, width: number, height: number };
  const face = { box, score: number, quality: number };
  expect(JSON.parse(stdout)).toStrictEqual({
    schema: 1,
    files: ['mona.jpg', 'sue.jpg'],
    same: false,
    prior: 0.5,
    faces: [1, 1],
    pairs: [
      {
        faces: [face, face],
        probability: number,
        logOdds: number,
        similarity: number,
        falseMatchRate: { rate: number, bound: expect.stringMatching(/^(measured|at-most|at-least)$/) },
      },
    ],
    measuredOn: expect.stringContaining('different people'),
  });
});

describe('no answer is status 2, and a sentence says why', () => {
  test.each([
    ['a missing photo', ['mona.jpg', 'none.jpg'], /^error: Cannot read none\.jpg/],
    ['a photo without a face', ['wall.png', 'mona.jpg'], /^error: No face was found in wall\.png\.$/m],
    ['a single photo', ['mona.jpg'], /missing required argument 'other'/],
    ['a prior that is none', ['mona.jpg', 'sue.jpg', '--prior', '1'], /between 0 and 1/],
  ])('%s', async (_, args, said) => {
    const { status, stdout, stderr } = await verify(...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(said);
  });
});

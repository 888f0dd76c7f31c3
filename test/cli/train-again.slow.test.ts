import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { portrait, writePhoto, writePortraits } from '../demo-people.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { warmHome } from '../warm-home.ts';
import { type Run, setUpWhosin } from './whosin.ts';

const whosin = setUpWhosin();

describe('the second time', () => {
  const counts = ({ stdout }: Run): string => /\((\d+ computed, \d+ cached)\)/.exec(stdout)![1]!;

  test('nothing is computed: not where the folder was moved, nor where a photo was renamed', async () => {
    const cwd = await temporaryFolder();
    const home = join(cwd, 'home');
    await warmHome(home);
    await writePortraits(join(cwd, 'photos'), { mona: ['mona', 2], nell: ['nell', 2] });
    const run = (folder: string): Promise<Run> =>
      whosin(['train', folder, '-o', 'people.onnx'], { cwd, home });
    expect(counts(await run('photos'))).toBe('4 computed, 0 cached');
    const first = await readFile(join(cwd, 'people.onnx'));
    expect(counts(await run('photos'))).toBe('0 computed, 4 cached');
    // The report inside counted what was cached.
    expect(Buffer.compare(await readFile(join(cwd, 'people.onnx')), first)).toBe(0);

    await rename(join(cwd, 'photos'), join(cwd, 'moved'));
    await rename(join(cwd, 'moved', 'mona', '1.jpg'), join(cwd, 'moved', 'mona', 'renamed.jpg'));
    expect(counts(await run('moved'))).toBe('0 computed, 4 cached');

    await writePhoto(join(cwd, 'moved', 'nell', '1.jpg'), portrait('nell', 3));
    await writePhoto(join(cwd, 'moved', 'nell', 'new.jpg'), portrait('nell', 4));
    expect(counts(await run('moved'))).toBe('2 computed, 3 cached');
  });

  test('two trainings at once into one WHOSIN_HOME are fine', async () => {
    const cwd = await temporaryFolder();
    const home = join(cwd, 'home');
    await writePortraits(join(cwd, 'photos'), { mona: ['mona', 2], nell: ['nell', 1] });
    const names = ['one.onnx', 'two.onnx', 'three.onnx'];
    const runs = await Promise.all(
      names.map((name) => whosin(['train', 'photos', '-o', name], { cwd, home })),
    );
    expect(runs.map(({ status, stderr }) => [status, stderr])).toEqual(Array(3).fill([0, '']));
    const models = await Promise.all(names.map((name) => readFile(join(cwd, name))));
    for (const model of models) expect(Buffer.compare(model, models[0]!)).toBe(0);
    const left = await readdir(join(home, 'models'));
    expect(left.every((name) => name.endsWith('.onnx'))).toBe(true);
  });

  test('a cache that cannot be written is said once, and stops nothing', async () => {
    const cwd = await temporaryFolder();
    await writePortraits(join(cwd, 'photos'), { mona: ['mona', 2] });
    const home = join(cwd, 'home');
    await mkdir(home);
    await writeFile(join(home, 'bottlenecks'), 'in the way');
    const { status, stdout, stderr } = await whosin(['train', 'photos', '-o', 'people.onnx'], { cwd, home });
    expect(stderr).toMatch(
      /^Compiled networks and results are not stored in this run: [^\n]+WHOSIN_HOME[^\n]+\n$/,
    );
    expect(stdout).toContain('Wrote people.onnx');
    expect(status).toBe(0);
  });

  test('a home that cannot be made is told of, and people are learned without it', async () => {
    const cwd = await temporaryFolder();
    await writePortraits(join(cwd, 'photos'), { mona: ['mona', 2] });
    await writeFile(join(cwd, 'file'), 'in the way');
    const home = join(cwd, 'file', 'home');
    const { status, stdout, stderr } = await whosin(['train', 'photos', '-o', 'people.onnx'], { cwd, home });
    expect(stderr).toMatch(
      /^Compiled networks and results are not stored in this run: Cannot write [^\n]*home/,
    );
    expect(stderr.match(/not stored/g)).toHaveLength(1);
    expect(stdout).toContain('Wrote people.onnx');
    expect(status).toBe(0);
  });
});

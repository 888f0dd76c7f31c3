import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { PictureEvaluation } from '../../src/pictures/evaluate.ts';
import { trainOn, writeDiscs } from '../coloured-things.ts';
import { sharedFolder } from '../shared-folder.ts';
import { setUpCalls } from './call-whosin.ts';

const whosin = setUpCalls();
const files = sharedFolder();
const at = (...names: readonly string[]): string => join(files.path, ...names);

beforeAll(async () => {
  await writeDiscs(at('lessons'), { 'red <&>': 'red', lime: 'lime', blue: 'blue' }, 10);
  await trainOn(at('lessons'), at('discs.onnx'), files.path);
  await writeDiscs(at('asked'), { 'red <&>': 'red', lime: 'lime', unknown: 'white', pink: 'pink' }, 4, 2);
  await cp(at('asked', 'lime', '0.png'), at('asked', 'red <&>', 'astray.png'));
  await writeDiscs(at('asked'), { lime: 'lime' }, 4, 3);
  await writeFile(at('asked', 'lime', 'notes.txt'), 'notes');
});

const evaluate = (...args: readonly string[]): ReturnType<typeof whosin> =>
  whosin(['evaluate', ...args], { cwd: files.path, home: files.path });

describe('whosin evaluate with a model of whole pictures', () => {
  test('says how right it is, and what it could not be measured on', async () => {
    const { status, stdout, stderr } = await evaluate('asked', '-m', 'discs.onnx');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^asked: 9 pictures of 2 labels, asked of discs\.onnx$/m);
    expect(stdout).toContain(
      'Labels of the model without a picture here, so nothing is known of them: blue.',
    );
    expect(stdout).toContain('they count for nothing: pink (4 pictures), unknown (4 pictures).');
    expect(stdout).toMatch(/^ {2}right label \(accuracy\) +\d+\.\d % {2}\(\d+\.\d to \d+\.\d %\) +8 of 9$/m);
    expect(stdout).toMatch(/^ {2}red <&> +5 +80\.0 % +100 %$/m);
    expect(stdout).toMatch(/red <&>\/astray\.png: is red <&>, called lime \([>\d.]+\), next/);
    expect(stdout).toContain('Left out: 1\n  lime/notes.txt is a .txt file, not a photo');
  });

  test('writes a page with the mistakes that fetches nothing, and JSON with everything', async () => {
    const { status, stdout, stderr } = await evaluate(
      'asked',
      '-m',
      'discs.onnx',
      '--json',
      '-o',
      'page.html',
    );
    expect([status, stderr]).toEqual([0, 'Wrote page.html\n']);
    const said = JSON.parse(stdout) as PictureEvaluation & { readonly schema: number };
    expect(said).toMatchObject({
      schema: 1,
      folder: 'asked',
      model: 'discs.onnx',
      pictures: 9,
      missing: ['blue'],
    });
    expect(said.measured!.mistakes).toHaveLength(1);
    expect(said.foreign.map(({ folder }) => folder)).toEqual(['pink', 'unknown']);
    const page = await readFile(at('page.html'), 'utf8');
    expect(page).toContain('Called wrongly: 1');
    expect(page).toContain('red &lt;&amp;&gt;');
    expect(page).not.toContain('red <&>');
    expect(page.match(/data:image\/jpeg/g)).toHaveLength(1);
    expect(page).not.toMatch(/<script|https?:/);
  });

  test('refuses what is for people alone', async () => {
    const { status, stderr } = await evaluate('asked', '-m', 'discs.onnx', '--strangers', 'asked');
    expect(status).toBe(2);
    expect(stderr).toContain('--strangers is for models of people');
  });
});

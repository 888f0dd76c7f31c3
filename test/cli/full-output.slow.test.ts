import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { trainOn, writeDiscs } from '../coloured-things.ts';
import { writePortraits } from '../demo-people.ts';
import { sharedFolder } from '../shared-folder.ts';
import { setUpModel, setUpWhosin } from './whosin.ts';

const full = '/dev/full';
const whosin = setUpWhosin();
const model = setUpModel(whosin, { mona: ['mona', 1], nell: ['nell', 1] });
const files = sharedFolder();
const at = (...names: readonly string[]): string => join(files.path, ...names);

beforeAll(async () => {
  await writePortraits(at('people'), { mona: ['mona', 2], nell: ['nell', 1] });
  await writeDiscs(at('things'), { red: 'red', lime: 'lime' }, 3);
  await trainOn(at('things'), at('things.onnx'), files.path);
});

const sentence = /^error: Cannot write the results: .*no space left on device.*$/gm;

// Each ended with status 0, and a script took an empty file for the result.
describe.skipIf(!existsSync(full))(
  'results that could not be written are a failure (skipped where there is no /dev/full)',
  () => {
    test.each<readonly string[]>([
      ['identify', 'people/mona/1.jpg'],
      ['classify', 'people/mona/1.jpg', '-m', 'things.onnx'],
      ['train', 'people', '-o', 'new.onnx'],
      ['train', 'things', '--on', 'picture', '-o', 'new-things.onnx'],
      ['evaluate', 'people'],
      ['evaluate', 'things', '-m', 'things.onnx'],
      ['explain', 'things/red/0.png', '-m', 'things.onnx'],
      ['models', 'list'],
      ['cache', 'info'],
    ])('%s %s, in words and as JSON: status 1 and one sentence', async (...words) => {
      const asks = words[0] === 'identify' || (words[0] === 'evaluate' && words[1] === 'people');
      const args = [...words, ...(asks ? ['-m', model.path] : [])];
      for (const form of [[], ['--json']]) {
        const { status, stderr } = await whosin([...args, ...form], { cwd: files.path, stdout: full });
        expect([status, stderr.match(sentence)?.length]).toEqual([1, 1]);
        expect(stderr).not.toMatch(/^\s+at |should not have/m);
      }
    });

    test('a model that was trained is there all the same', () => {
      expect([existsSync(at('new.onnx')), existsSync(at('new-things.onnx'))]).toEqual([true, true]);
    });

    test('help and version too', async () => {
      for (const flag of ['--help', '--version']) {
        const { status, stderr } = await whosin([flag], { stdout: full });
        expect([status, stderr.match(sentence)?.length]).toEqual([1, 1]);
      }
    });

    test('verify has no answer: 1 would mean that it is somebody else', async () => {
      const photos = [at('people', 'mona', '1.jpg'), at('people', 'mona', '2.jpg')];
      const { status, stderr } = await whosin(['verify', ...photos], { stdout: full });
      expect([status, stderr.match(sentence)?.length]).toEqual([2, 1]);
    });

    test('notes that cannot be written take nothing from the results', async () => {
      const args = ['identify', 'none.jpg', at('people', 'nell', '1.jpg'), '-m', model.path];
      const { status, stdout } = await whosin(args, { stderr: full });
      expect([status, stdout]).toEqual([1, expect.stringContaining('1 face: nell')]);
    });
  },
);

import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { writePortraits } from '../demo-people.ts';
import { sharedFolder } from '../shared-folder.ts';
import { setUpCalls } from './call-whosin.ts';
import { setUpModel } from './whosin.ts';

const whosin = setUpCalls();
const model = setUpModel(whosin, { mona: ['mona', 1], nell: ['nell', 1] });
const files = sharedFolder();
const photo = join('people', 'mona', '1.jpg');

beforeAll(async () => {
  await writePortraits(join(files.path, 'people'), { mona: ['mona', 1], nell: ['nell', 1] });
  await writeFile(join(files.path, 'names.txt'), 'mona\n');
});

const nowhere = '/proc/x';

// Each of these never ended.
describe.skipIf(!existsSync('/proc/version'))(
  'where no folder can be made (skipped where there is no /proc)',
  () => {
    test.each([
      ['identify', photo, '--draw', nowhere],
      ['train', 'people', '-o', `${nowhere}/y.onnx`],
      ['classify', photo, '--draw', nowhere],
      ['explain', photo, '-o', `${nowhere}/y.jpg`],
      ['evaluate', 'people', '-o', `${nowhere}/y.html`],
      ['collect', 'names.txt', '-o', nowhere, '--source', 'folder', '--folder', 'people', '--things'],
      ['demo', '-o', nowhere],
    ])('%s %s %s %s: status 1 and a sentence', async (...words) => {
      const asks = ['identify', 'explain', 'evaluate'].includes(words[0]);
      const args = [...words, ...(asks ? ['-m', model.path] : [])];
      const { status, stderr } = await whosin(args, { cwd: files.path });
      expect([status, stderr]).toEqual([
        1,
        expect.stringMatching(/^error: Cannot [^\n]*\/proc\/x[^\n]*: no folder can be made in \/proc\.$/m),
      ]);
      expect(stderr).not.toMatch(/^\s+at |should not have/m);
    });

    test('what is computed is not kept there, and commands end', async () => {
      const asked = await whosin(['identify', photo, '-m', model.path], { cwd: files.path, home: nowhere });
      const removed = await whosin(['models', 'remove', 'net'], { home: nowhere });
      const cleared = await whosin(['cache', 'clear'], { home: nowhere });
      for (const { stderr } of [asked, removed, cleared]) expect(stderr).not.toMatch(/^\s+at |should not/m);
      expect(asked.stderr).toContain('no folder can be made in /proc');
      expect([removed.status, cleared.status]).toEqual([1, 0]);
    });
  },
);

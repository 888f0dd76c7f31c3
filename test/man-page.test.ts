import { execFile, spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { manFile, manPage } from '../scripts/man-page.ts';
import { commandNames } from '../src/cli/run.ts';

test('the manual page is that of the commands: `npm run man` writes it', async () => {
  expect(await readFile(manFile, 'utf8')).toBe(await manPage());
});

describe.skipIf(spawnSync('man', ['--version']).status !== 0)(
  'as a manual page (skipped where there is no man)',
  () => {
    test('it can be read, and holds every command with its options', async () => {
      const { stdout, stderr } = await promisify(execFile)('man', ['--warnings', '-l', manFile], {
        env: { ...process.env, MANWIDTH: '100', LC_ALL: 'C.UTF-8' },
      });
      expect(stderr).toBe('');
      for (const name of commandNames) expect(stdout).toMatch(new RegExp(`^ +whosin ${name} `, 'm'));
      for (const flag of [
        '--max-wrong <share>',
        '--cross-validate [parts]',
        '--as <kind>',
        '--sheet <file>',
      ]) {
        expect(stdout).toContain(flag);
      }
      expect(stdout).toContain('Exit status: 0 done');
    });
  },
);

/** The files by which somebody runs a server, as far as they can be judged without an engine (bench/image.ts goes further). */

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DockerfileParser } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { expect, test } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');
const deploy = join(root, 'deploy');

test('the Dockerfile is free of faults, ends as another user, and runs no install script', async () => {
  const text = await readFile(join(root, 'Dockerfile'), 'utf8');
  expect(validate(text).map(({ message }) => message)).toEqual([]);
  const file = DockerfileParser.parse(text);
  const last = (keyword: string): string | null | undefined =>
    file
      .getInstructions()
      .findLast((instruction) => instruction.getKeyword() === keyword)
      ?.getArgumentsContent();
  expect(last('USER')).toBe('1000:1000');
  expect(last('VOLUME')).toBe('/data');
  expect(file.getFROMs().map((from) => from.getImage())).toEqual(Array(2).fill('node:20-bookworm-slim'));
  for (const [, options] of text.matchAll(/npm (?:ci|prune|install)(.*)/g)) {
    expect(options).toContain('--ignore-scripts');
  }
});

const analyze = '/usr/bin/systemd-analyze';
const isThere = existsSync(analyze);
test.skipIf(!isThere)(
  `each unit is one that systemd understands, and leaves the service little${isThere ? '' : ' (skipped: no systemd-analyze)'}`,
  async () => {
    const units = (await readdir(deploy)).filter((name) => name.endsWith('.service'));
    expect(units.length).toBeGreaterThan(0);
    const folder = await temporaryFolder();
    for (const name of units) {
      const text = await readFile(join(deploy, name), 'utf8');
      const copy = join(folder, name);
      // It wants the program to be there, and manual pages to be installed.
      await writeFile(
        copy,
        text.replace('/usr/local/bin/whosin', process.execPath).replace(/^Documentation=.*$/m, ''),
      );
      const { stdout, stderr } = await run(analyze, ['verify', copy]);
      expect([name, stdout, stderr]).toEqual([name, '', '']);
      const { stdout: exposure } = await run(analyze, ['security', '--offline=yes', copy]);
      const [, level] = /Overall exposure level for \S+: ([\d.]+)/.exec(exposure)!;
      expect(Number(level)).toBeLessThan(2.5);
    }
  },
);

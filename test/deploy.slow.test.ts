/** The files by which somebody runs a server, as far as they can be judged without an engine (bench/image.ts goes further). */

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DCLinter } from 'dclint';
import { DockerfileParser } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
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

// The check of the server's health had a colon that made a mapping of it: Compose would have refused the file.
test('compose.yaml is as the schema of the Compose specification wants it', () => {
  // Rules of one kind: the order of the keys is for people.
  const linter = new DCLinter({ rules: {}, quiet: true, debug: false, exclude: [] });
  const [result] = linter.lintFiles([join(root, 'compose.yaml')], false);
  expect(result?.messages.filter(({ type }: { readonly type: string }) => type === 'error')).toEqual([]);
});

test('compose.yaml: each whosin is closed off, nobody reaches the database, and secrets come from outside', async () => {
  const { services, volumes } = parse(await readFile(join(root, 'compose.yaml'), 'utf8'), {
    merge: true,
  }) as Compose;
  expect(Object.keys(services)).toEqual(['database', 'server', 'worker']);
  expect(Object.keys(volumes)).toEqual(['database', 'data']);
  expect(services['worker']!.deploy?.replicas).toBe(2);
  for (const name of ['server', 'worker']) {
    const { read_only, cap_drop, security_opt, environment, volumes: own, command } = services[name]!;
    expect([name, read_only, cap_drop, security_opt]).toEqual([
      name,
      true,
      ['ALL'],
      ['no-new-privileges:true'],
    ]);
    expect(own).toContain('data:/data');
    expect(own.filter((volume) => volume !== 'data:/data').every((volume) => volume.endsWith(':ro'))).toBe(
      true,
    );
    expect(Object.values(environment!).every((value) => value.startsWith('${'))).toBe(true);
    // As the command itself understands it.
    const { stdout } = await run(process.execPath, [join(root, 'dist/cli/main.js'), command[0]!, '--help']);
    for (const flag of command.filter((word) => word.startsWith('--'))) expect(stdout).toContain(flag);
  }
  expect(services['database']!.ports).toBeUndefined();
  expect(services['server']!.ports).toEqual(['127.0.0.1:4180:4180']);
});

interface Compose {
  readonly services: Readonly<
    Record<
      string,
      {
        readonly read_only?: boolean;
        readonly cap_drop?: readonly string[];
        readonly security_opt?: readonly string[];
        readonly environment?: Readonly<Record<string, string>>;
        readonly volumes: readonly string[];
        readonly command: readonly string[];
        readonly ports?: readonly string[];
        readonly deploy?: { readonly replicas: number };
      }
    >
  >;
  readonly volumes: Readonly<Record<string, unknown>>;
}

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

/** A release is held to these checks: `npm run release`. */

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  addressFaults,
  changelogFaults,
  contentFaults,
  type Manifest,
  manifestFaults,
} from '../scripts/release-checks.ts';
import { temporaryFolder } from './temporary-folder.ts';

const manifest: Manifest = {
  name: 'whosin',
  version: '1.2.0',
  bin: { whosin: 'dist/cli/main.js' },
  dependencies: { sharp: '0.35.5' },
  homepage: 'https://whosin.dev',
  bugs: { url: 'https://whosin.dev/issues' },
  repository: { url: 'git+https://whosin.dev/whosin.git' },
};

describe('the changelog', () => {
  const rest = '## 1.1.0 (2026-01-01)\n\n- The first.\n';

  test('begins with the version, its day and what is new', () => {
    expect(changelogFaults(`# Changelog\n\n## 1.2.0 (2026-12-01)\n\n- New.\n\n${rest}`, '1.2.0')).toEqual([]);
  });

  test.each([
    ['is not released yet', '## 1.2.0 (unreleased)\n\n- New.\n', /begins with "1.2.0 \(unreleased\)"/],
    ['is about another version', '', /begins with "1.1.0 \(2026-01-01\)"/],
    ['says nothing', '## 1.2.0 (2026-12-01)\n\n', /says nothing/],
    ['has a day that there is not', '## 1.2.0 (2026-13-41)\n\n- New.\n', /there is no 2026-13-41/],
  ])('that %s is refused', (_, section, fault) => {
    expect(changelogFaults(`# Changelog\n\n${section}\n${rest}`, '1.2.0')).toEqual([
      expect.stringMatching(fault),
    ]);
  });
});

describe('package.json', () => {
  test('of a release has addresses, pinned dependencies, and nothing that runs when it is installed', () => {
    expect([...addressFaults(manifest), ...manifestFaults(manifest)]).toEqual([]);
  });

  test('with a placeholder, or without an address, is refused', () => {
    const { homepage: _, ...without } = manifest;
    expect(addressFaults({ ...without, bugs: { url: 'https://example.org/issues' } })).toEqual([
      'package.json has no homepage.',
      'package.json: bugs is the placeholder https://example.org/issues.',
    ]);
  });

  test('with a script that runs at the person’s, or a dependency that may change, is refused', () => {
    const loose = { ...manifest, scripts: { postinstall: 'node x.js' }, dependencies: { tar: '^7.0.0' } };
    expect(manifestFaults(loose)).toEqual([
      'package.json: the script postinstall would run where it is installed.',
      'package.json: tar is not pinned (^7.0.0).',
    ]);
  });

  test('of this repository is fit for a release but for what a release changes', async () => {
    const own = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as Manifest;
    expect(manifestFaults(own)).toEqual([]);
  });
});

describe('the tarball', () => {
  const whole = {
    'package.json': JSON.stringify(manifest),
    'CHANGELOG.md': '',
    LICENSE: '',
    'README.md': 'See [the docs](docs/a.md#here), [elsewhere](https://example.org) and `[x](nowhere)`.',
    'docs/a.md': '[code](../src/index.ts)\n\n```\n[no link](nothing.md)\n```\n',
    'src/index.ts': '',
    'dist/index.js': '',
    'dist/web/index.html': '<title>whosin</title>',
    'dist/index.js.map': JSON.stringify({ sources: ['../src/index.ts'] }),
    'dist/index.d.ts': '',
    'dist/cli/main.js': '#!/usr/bin/env node\n',
    'dist/cli/main.js.map': JSON.stringify({ sources: [] }),
    'weights/dlib-128-faceres-1024.onnx': '',
  };

  async function faultsOf(files: Readonly<Record<string, string>>): Promise<string[]> {
    const folder = await temporaryFolder();
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    return contentFaults(folder);
  }

  test('that is whole has no faults', async () => {
    expect(await faultsOf(whole)).toEqual([]);
  });

  test.each([
    ['lacks a file', { LICENSE: undefined }, 'LICENSE is missing.'],
    ['holds tests', { 'test/a.test.ts': '' }, 'test/a.test.ts does not belong in the package.'],
    ['holds another tarball', { 'dist/whosin-1.1.0.tgz': '' }, 'dist/whosin-1.1.0.tgz does not belong'],
    [
      'has a map that leads nowhere',
      { 'src/index.ts': undefined, 'docs/a.md': '' },
      'dist/index.js.map leads to ../src/index.ts, which is not in the package.',
    ],
    ['has code without a map', { 'dist/b.js': '' }, 'dist/b.js has no source map.'],
    ['links to what it lacks', { 'docs/b.md': '[c](c.md)' }, 'docs/b.md links to c.md, which is not'],
    ['has a command that does not run', { 'dist/cli/main.js': 'x' }, 'bin whosin: dist/cli/main.js does not'],
  ])('that %s is refused', async (_, changes, fault) => {
    const files = Object.entries({ ...whole, ...changes }).flatMap(([path, content]) =>
      content === undefined ? [] : [[path, content] as const],
    );
    expect(await faultsOf(Object.fromEntries(files))).toEqual([expect.stringContaining(fault)]);
  });
});

/** Checks before a version goes out: each returns a sentence for everything that is not right. */

import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly homepage?: string;
  readonly bugs?: { readonly url: string };
  readonly repository?: { readonly url: string };
}

/** The section of this version is the first, has the day of its release, and says something. */
export function changelogFaults(changelog: string, version: string): string[] {
  const [, heading = '', text = ''] = /^## (.+)\n([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(changelog) ?? [];
  const [, named, date] = /^(\S+) \((\d{4}-\d{2}-\d{2})\)$/.exec(heading) ?? [];
  return [
    ...(named === version
      ? []
      : [
          `CHANGELOG.md begins with "${heading}": write "${version} (year-month-day)" for version ${version}.`,
        ]),
    ...(date === undefined || !Number.isNaN(Date.parse(date)) ? [] : [`CHANGELOG.md: there is no ${date}.`]),
    ...(/^- \S/m.test(text) ? [] : ['CHANGELOG.md says nothing about this version.']),
  ];
}

/** The addresses in package.json lead to the project; example.org is a placeholder that leads to nobody (RFC 2606). */
export function addressFaults({ homepage, bugs, repository }: Manifest): string[] {
  return Object.entries({ homepage, bugs: bugs?.url, repository: repository?.url }).flatMap(
    ([field, address]) => {
      if (address === undefined) return [`package.json has no ${field}.`];
      return address.includes('example.org') ? [`package.json: ${field} is the placeholder ${address}.`] : [];
    },
  );
}

/** Nothing runs when somebody installs it, and what it needs is pinned. */
export function manifestFaults({ scripts = {}, dependencies }: Manifest): string[] {
  const run = ['preinstall', 'install', 'postinstall', 'prepare'].filter((name) => name in scripts);
  const loose = Object.entries(dependencies).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version));
  return [
    ...run.map((name) => `package.json: the script ${name} would run where it is installed.`),
    ...loose.map(([name, version]) => `package.json: ${name} is not pinned (${version}).`),
  ];
}

const needed = [
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'dist/cli/main.js',
  'dist/index.d.ts',
  'dist/index.js',
  'dist/web/index.html',
  'package.json',
  'weights/dlib-128-faceres-1024.onnx',
];

/** Folders of the package, and files beside them. */
const places = /^(?:(?:dist|docs|man|src|weights)\/|(?:[A-Z]+\.md|LICENSE|package\.json)$)/;

/** @param folder where the tarball was unpacked */
export async function contentFaults(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'));
  const read = (path: string): Promise<string> => readFile(join(folder, path), 'utf8');
  const missing = needed.filter((path) => !files.includes(path));
  const astray = files.filter((path) => !places.test(path) || /\.tgz$|(?:^|\/)[_.]|\.test\./.test(path));
  const leads = async (from: string, to: string): Promise<boolean> =>
    stat(join(folder, dirname(from), to)).then(
      () => true,
      () => false,
    );
  const faults: string[] = [];
  for (const path of files) {
    if (path.endsWith('.map')) {
      const { sources } = JSON.parse(await read(path)) as { readonly sources: readonly string[] };
      for (const source of sources) {
        if (!(await leads(path, source)))
          faults.push(`${path} leads to ${source}, which is not in the package.`);
      }
      // The page is bundled: its sources are no part of the package.
    } else if (path.endsWith('.js') && !path.startsWith('dist/web/') && !files.includes(`${path}.map`))
      faults.push(`${path} has no source map.`);
    else if (path.endsWith('.md')) {
      for (const link of linksIn(await read(path))) {
        if (!(await leads(path, link))) faults.push(`${path} links to ${link}, which is not in the package.`);
      }
    }
  }
  const manifest = JSON.parse(await read('package.json')) as Manifest;
  for (const [name, path] of Object.entries(manifest.bin)) {
    const begin = (await read(path).catch(() => '')).slice(0, 20);
    if (!begin.startsWith('#!/usr/bin/env node\n'))
      faults.push(`bin ${name}: ${path} does not begin with #!.`);
  }
  return [
    ...missing.map((path) => `${path} is missing.`),
    ...astray.map((path) => `${path} does not belong in the package.`),
    ...faults,
  ];
}

/** Links of a page to files beside it, without what is behind #. */
function linksIn(markdown: string): string[] {
  const prose = markdown.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, to = '']) => {
    const path = to.split('#')[0]!;
    return path === '' || /^[a-z]+:/.test(path) ? [] : [path];
  });
}

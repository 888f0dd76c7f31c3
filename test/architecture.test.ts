/** The walls of docs/ARCHITECTURE.md, read off the imports and the text of every source file. */

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { albumFloors, floorsTable, rooms, roomsTable } from './walls.ts';

/** Native addons and codecs have one door. */
const onlyInRuntime = ['onnxruntime-node', 'sharp', 'libheif-js'];

/** Chance and the clock make results differ from run to run: chance lives here, the clock with the terminal. */
const mayUseChanceOrClock = [
  'core/random.ts',
  'cli/',
  // Whether a file is so old that its times tell whether it changes: what is found in it does not depend on that.
  'photos/content-hashes.ts',
  // Whether a temporary file is so old that nobody writes to it any more.
  'runtime/left-behind.ts',
  // Whether the time of a lock lies ahead.
  'runtime/lock.ts',
  // When something was said, where the caller has no clock of their own.
  'album/open-album.ts',
  // When jobs began, how long links and cookies are good, and how many wrong tokens a minute has seen.
  'server/',
];

/** Written by buf from the .proto files beside them, and by `npm run client`. */
const generated = new Set([
  'client/openapi-types.ts',
  'models/graph/onnx_pb.ts',
  'models/graph/tensorflow_pb.ts',
  'pictures/tensorboard/event_pb.ts',
]);

const src = fileURLToPath(new URL('../src', import.meta.url));

interface SourceFile {
  /** Relative to src, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const files: readonly SourceFile[] = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => {
    const text = withoutComments(readFileSync(join(src, path), 'utf8'));
    return { path: path.replaceAll(sep, '/'), text, imports: importsOf(text) };
  });

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

function importsOf(text: string): string[] {
  return [...text.matchAll(/\b(?:from|import|require)\s*\(?\s*(['"`])([^'"`\n]+)\1/g)].map(
    (match) => match[2]!,
  );
}

/** The imported file relative to src, or nothing for a package. */
function target(file: SourceFile, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  return relative(src, resolve(src, dirname(file.path), specifier)).replaceAll(sep, '/');
}

function isIn(path: string, place: string): boolean {
  return path === place || path.startsWith(place.endsWith('/') ? place : `${place}/`);
}

/** Files that can be reached from themselves, types included: oxlint's rule leaves those out. */
function circles(): string[] {
  const importedBy = new Map(
    files.map((file) => [file.path, file.imports.map((specifier) => target(file, specifier))]),
  );
  const reaches = (from: string): boolean => {
    const seen = new Set<string>();
    const left = [from];
    for (let path = left.pop(); path !== undefined; path = left.pop()) {
      for (const next of importedBy.get(path) ?? []) {
        if (next === from) return true;
        if (next === undefined || seen.has(next)) continue;
        seen.add(next);
        left.push(next);
      }
    }
    return false;
  };
  return files.map(({ path }) => path).filter(reaches);
}

function offenders(pattern: RegExp, allowed: readonly string[] = []): string[] {
  return files
    .filter(({ path, text }) => !allowed.some((place) => isIn(path, place)) && pattern.test(text))
    .map(({ path }) => path);
}

test('the reader of imports sees every way to import, and no comment', () => {
  const code = `
    import { a } from './a.ts';
    import type { B } from "../b.ts";
    import './side-effect.ts';
    export * from './c.ts';
    export {
      d,
    } from './d.ts';
    const e = await import('./e.ts');
    const f = require('./f.cjs');
    // import { g } from './g.ts';
    /** as in import { h } from './h.ts' */
    const url = 'https://example.org'; import i from './i.ts';`;
  const seen = ['./a.ts', '../b.ts', './side-effect.ts', './c.ts', './d.ts', './e.ts', './f.cjs', './i.ts'];
  expect(importsOf(withoutComments(code))).toEqual(seen);
});

describe('walls', () => {
  test('there are source files to look at', () => {
    expect(files.map(({ path }) => path)).toContain('errors.ts');
  });

  test('every folder of src is a room', () => {
    const folders = new Set(
      files.filter(({ path }) => path.includes('/')).map(({ path }) => path.split('/')[0]!),
    );
    expect([...folders].toSorted()).toEqual(Object.keys(rooms).toSorted());
  });

  test.each(Object.entries(rooms))('%s imports only what its row allows', (name, { imports, outside }) => {
    const places = [name, 'errors.ts', ...imports];
    const allowed = (file: SourceFile, specifier: string): boolean => {
      const path = target(file, specifier);
      if (path === undefined) return outside?.some((pattern) => pattern.test(specifier)) ?? true;
      return imports.includes('.') || places.some((place) => isIn(path, place));
    };
    const crossings = files
      .filter(({ path }) => isIn(path, name))
      .flatMap((file) =>
        file.imports.filter((s) => !allowed(file, s)).map((specifier) => `${file.path} imports ${specifier}`),
      );
    expect(crossings).toEqual([]);
  });

  test('a floor of the album imports from those below it', () => {
    const order = Object.keys(albumFloors);
    const floorOf = (path: string): string | undefined => /^album\/([^/]+)\//.exec(path)?.[1];
    const upstairs = files.flatMap((file) => {
      const floor = floorOf(file.path);
      if (floor === undefined) return [];
      const above = file.imports.filter((specifier) => {
        const other = floorOf(target(file, specifier) ?? '');
        return other !== undefined && order.indexOf(other) > order.indexOf(floor);
      });
      return above.map((specifier) => `${file.path} imports ${specifier}`);
    });
    expect(upstairs).toEqual([]);
    const floors = new Set(files.flatMap(({ path }) => floorOf(path) ?? []));
    expect([...floors].toSorted()).toEqual(order.toSorted());
  });

  test('docs/ARCHITECTURE.md shows these rooms and floors: `npm run rooms` writes them there', () => {
    const page = readFileSync(join(src, '../docs/ARCHITECTURE.md'), 'utf8');
    expect(page).toContain(roomsTable());
    expect(page).toContain(floorsTable());
  });

  test('no two files import each other, directly or in a circle', () => {
    expect(circles()).toEqual([]);
  });

  test.each(onlyInRuntime)('%s is imported in runtime alone', (name) => {
    const users = files.filter(({ imports }) => imports.some((i) => i === name || i.startsWith(`${name}/`)));
    expect(users.map(({ path }) => path).filter((path) => !isIn(path, 'runtime'))).toEqual([]);
  });

  test.each(['kysely', 'libsql'])('%s is imported in catalog alone', (name) => {
    const users = files.filter(({ imports }) => imports.some((i) => i === name || i.startsWith(`${name}/`)));
    expect(users.map(({ path }) => path).filter((path) => !isIn(path, 'catalog'))).toEqual([]);
  });

  test('sessions are opened in one file, so that all of them have the settings of the processor', () => {
    expect(offenders(/InferenceSession\.create\b/)).toEqual(['runtime/create-session.ts']);
  });

  test('ONNX Runtime is loaded through the file that switches its usage reports off first', () => {
    const users = files.filter(({ imports }) => imports.includes('onnxruntime-node'));
    expect(users.map(({ path }) => path)).toEqual(['runtime/onnx-runtime.ts']);
    const text = users[0]!.text;
    const [off, load] = [
      text.indexOf("ORT_DISABLE_TELEMETRY'] = '1'"),
      text.lastIndexOf("('onnxruntime-node')"),
    ];
    expect([off > 0, load > off]).toEqual([true, true]);
  });

  test('the internet has three doors: one for models, one for photos, one for a server of workers', () => {
    const pattern = /\bfetch\s*\(|['"](?:undici|node:https?|node:tls|node:http2)['"]/;
    const doors = [
      'collect/web/http.ts',
      'packs/download.ts',
      'packs/http-answer.ts',
      'album/work/photo-server.ts',
    ];
    expect(offenders(pattern, doors)).toEqual([]);
  });

  test('nothing but cli imports cli', () => {
    const crossings = files
      .filter(({ path }) => !isIn(path, 'cli'))
      .filter((file) => file.imports.some((specifier) => isIn(target(file, specifier) ?? '', 'cli')));
    expect(crossings.map(({ path }) => path)).toEqual([]);
  });
});

describe('habits', () => {
  test('only cli talks to the terminal or ends the process', () => {
    const pattern = /\bconsole\s*\.|\bprocess\s*\.\s*(?:exit|exitCode|stdout|stderr)\b/;
    // libheif logs to standard output; decode-heic.ts keeps it quiet.
    // The engine is a program of its own.
    expect(offenders(pattern, ['cli/', 'engine/engine-process.ts', 'runtime/decode-heic.ts'])).toEqual([]);
  });

  test('settings are read where a command or a program begins, and handed on', () => {
    const openers = [
      'config.ts',
      'cli/run.ts',
      'faces/open-faces.ts',
      'open-whosin.ts',
      'pictures/open-model.ts',
      'pictures/train-on-folder.ts',
      'album/open-album.ts',
    ];
    expect(offenders(/\breadConfig\b/, openers)).toEqual([]);
  });

  test('folders are made by one function: the recursive mkdir of Node hangs in /proc', () => {
    expect(offenders(/\bmkdir(?:Sync)?\b/, ['runtime/make-folder.ts'])).toEqual([]);
  });

  test('pictures of pages are written by one function, which takes an alternative text', () => {
    expect(offenders(/<img\b/, ['report/html.ts'])).toEqual([]);
    expect(offenders(/\bimage\([^;]*, (?:''|``|"")\)/)).toEqual([]);
  });

  test('chance and the clock stay in their places', () => {
    const pattern = /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b|\bMath\.random\b/;
    expect(offenders(pattern, mayUseChanceOrClock)).toEqual([]);
  });

  test('there are no default exports', () => {
    expect(offenders(/\bexport\s+default\b|\bas\s+default\b/)).toEqual([]);
  });

  test('helpers live with the noun they serve: no utils, no helpers, no types.ts', () => {
    const drawers = files.filter(({ path }) => /(^|\/)(utils?|helpers?|common|types)(\/|\.ts$)/.test(path));
    expect(drawers.map(({ path }) => path)).toEqual([]);
  });

  test('a test that starts the built command is called slow', () => {
    const tests = fileURLToPath(new URL('.', import.meta.url));
    const fast = readdirSync(tests, { recursive: true, encoding: 'utf8' }).filter(
      (path) => path.endsWith('.test.ts') && !path.endsWith('.slow.test.ts'),
    );
    const starts = fast.filter((path) =>
      /\b(?:setUpWhosin|mainFile|build)\b.*from '.*\bwhosin\.ts'/.test(
        readFileSync(join(tests, path), 'utf8'),
      ),
    );
    expect(starts).toEqual([]);
  });

  test('no file that people write has more than 400 lines', () => {
    const long = files.filter(({ path }) => {
      const lines = readFileSync(join(src, path), 'utf8').trimEnd().split('\n').length;
      return !generated.has(path) && lines > 400;
    });
    expect(long.map(({ path }) => path)).toEqual([]);
  });
});

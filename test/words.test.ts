/**
 * Plain English, as far as a test can keep it. A sentence begins with its subject, never with Of, What or Where: in
 * comments, help, messages, documentation and headings. A question may begin so, in a heading too: it ends with a
 * question mark. Conditions of errors read "if".
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** A sentence from its opening word to its end; what comes before it is the end of another one, or of markup. */
const opening = /(?:^|[.!?…:][)"'`*]* |["'`>] ?|[|>*#-] )(?:Of|What|Where) (?=[a-z`"'])[^.?!|]*[.?!|]?/g;

const condition = /@throws[^@]* where [^@]*/g;

/** Sentences of a paragraph that begin so and are no questions, and errors that are thrown "where" something is wrong. */
function offences(text: string): string[] {
  const openings = [...text.matchAll(opening)].map(([found]) => found);
  return [
    ...openings.filter((sentence) => !sentence.endsWith('?')),
    ...[...text.matchAll(condition)].map(([found]) => found),
  ];
}

/** The paragraphs of a page: lines that belong together, tables and lists a line each. */
function paragraphs(page: string): string[] {
  return page
    .replace(/^```[\s\S]*?^```/gm, '')
    .replace(/\n(?=[^\S\n]*[^\s|*#>-])[^\S\n]*/g, ' ')
    .split('\n')
    .map((line) => line.trim());
}

/** The comments of a program, lines that follow each other in one piece, then its other lines: they hold the messages. */
function passages(program: string): string[] {
  const comments: string[] = [];
  const code: string[] = [];
  let continued = false;
  for (const line of program.split('\n')) {
    const comment = /^\s*(?:\/\/|\/\*\*?|\*)(.*)$/.exec(line)?.[1];
    if (comment === undefined) {
      const [, before, behind] = /^(.*?\S)\s+\/\/ (.*)$/.exec(line) ?? [undefined, line, ''];
      code.push(before);
      if (behind) comments.push(behind);
      continued = false;
      continue;
    }
    const words = comment
      .replace('*/', '')
      .replace(/^\s*@(?!throws)\w+\s*/, '')
      .trim();
    const begins = !continued || words === '' || comment.trimStart().startsWith('@');
    if (begins) comments.push(words);
    else comments.push(`${comments.pop()} ${words}`);
    continued = !comment.includes('*/');
  }
  return [...comments, ...code];
}

function files(folder: string, kind: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(kind))
    .map((path) => join(folder, path));
}

const programs = ['src', 'test', 'bench', 'fit', 'scripts'].flatMap((folder) => files(folder, '.ts'));
const pages = [
  ...readdirSync(root).filter((path) => path.endsWith('.md')),
  ...files('docs', '.md'),
  ...files('man', '.1'),
];

/** The title of a paper. */
const quoted = '"What teachers should know about the bootstrap"';

describe('no sentence opens with Of, What or Where', () => {
  test.each([
    "say('Of three faces two are known.');",
    '/** Whose it is. What is left is a stranger. */',
    '/** @throws WhosinError `usage` where it is no number */',
    '- Where to go',
    '## What it does',
  ])('is seen in: %s', (text) => expect(passages(text).flatMap(offences)).toHaveLength(1));

  test.each([
    'Ann, of all people.',
    "if (node.op === 'Where') return;",
    '/** What is a face? Nobody knows. */',
  ])('is not seen in: %s', (text) => expect(passages(text).flatMap(offences)).toEqual([]));

  test.each([
    ['programs', programs, passages],
    ['pages', pages, paragraphs],
  ] as const)('in %s', (_kind, paths, split) => {
    expect(paths.length).toBeGreaterThan(2);
    const found = paths
      .filter((path) => !path.endsWith('words.test.ts'))
      .flatMap((path) =>
        split(readFileSync(join(root, path), 'utf8').replace(quoted, ''))
          .flatMap(offences)
          .map((sentence) => `${path}: ${sentence}`),
      );
    expect(found.join('\n')).toBe('');
  });
});

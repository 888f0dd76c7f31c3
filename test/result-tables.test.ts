/** A number in the tables of the documentation is one that a script has measured and stored. */

import { describe, expect, test } from 'vitest';
import { type Run, withResultTables } from '../bench/support/result-tables.ts';
import { pages } from './result-pages.ts';

describe('docs', () => {
  test.each(pages())(
    '$name shows the newest results: `npm run tables` writes them there',
    ({ text, made }) => {
      expect(text).toContain('<!-- results ');
      expect(made()).toBe(text);
    },
  );
});

describe('a table', () => {
  const run = (changes: Partial<Run>): Run => ({
    title: 'Photos, of both',
    date: '2026-11-29T23:30:00.000Z',
    commit: 'abc1234',
    machine: { processor: 'AMD EPYC', instructions: 'avx2', cores: 2, node: 'v20.20.2' },
    rows: [
      { who: 'Ann', right: '98 %', wrong: 1 },
      { who: 'Bea', right: '7 %' },
    ],
    ...changes,
  });
  const page = (attributes: string): string =>
    `Before.\n\n<!-- results ${attributes} -->\n\nwhat stood here\n\n<!-- end of results -->\n\nAfter.\n`;
  const made = (attributes: string, ...runs: readonly Run[]): string =>
    withResultTables(page(attributes), () => runs);

  test('is put between its marks, with notes, day and machine, and stays when it is made again', () => {
    const text = made('file="a"', run({ notes: ['Medians.'] }));
    expect(text).toBe(`Before.

<!-- results file="a" -->

| who | right | wrong |
| --- | ----- | ----- |
| Ann | 98 %  | 1     |
| Bea | 7 %   |       |

- Medians.

*Photos, of both. 29 November 2026, commit abc1234, AMD EPYC (avx2), 2 cores, Node 20.20.2.*

<!-- end of results -->

After.
`);
    expect(withResultTables(text, () => [run({ notes: ['Medians.'] })])).toBe(text);
  });

  test('is of the newest run of that title on that processor, with the columns asked for', () => {
    const intel = { processor: 'Intel(R) Xeon(R)', cores: 2, node: 'v20.20.2' };
    const text = made(
      'file="a" title="Photos" processor="Intel" columns="who, wrong"',
      run({ commit: 'first', machine: intel }),
      run({ commit: 'second', machine: intel }),
      run({ commit: 'other title', title: 'Videos', machine: intel }),
      run({ commit: 'other machine' }),
    );
    expect(text).toContain('commit second, Intel(R) Xeon(R), 2 cores');
    expect(text).toContain('| who | wrong |\n');
    expect(text).not.toContain('98 %');
  });

  test.each(['file="a" title="Nothing"', 'file="a" processor="ARM"', 'file="a" columns="who, length"'])(
    'that no run has is an error: %s',
    (attributes) => {
      expect(() => made(attributes, run({}))).toThrow(/no (?:run|column)/);
    },
  );
});

import { describe, expect, test } from 'vitest';
import { readQueryList } from '../../src/collect/query-list.ts';

const read = (text: string): string[] =>
  readQueryList(Buffer.from(text), 'names.txt').map(({ name }) => name);

describe('a list of names', () => {
  test('keeps names exactly, whatever the line ends, marks, comments and empty lines', () => {
    expect(read('\uFEFFAnn\r\n\r\n# a comment\r\n  José María  \n\nO’Neil, Jr\r李娜\nAnn\n')).toEqual([
      'Ann',
      'José María',
      'O’Neil, Jr',
      '李娜',
    ]);
  });

  test('takes what stands behind a bar for the search, or for an item of Wikidata', () => {
    const list = 'Jordan | Michael Jordan basketball\nMJ|Q41421\nAnn |';
    expect(readQueryList(Buffer.from(list), 'names.txt')).toEqual([
      { name: 'Jordan', words: 'Michael Jordan basketball' },
      { name: 'MJ', words: 'MJ', item: 'Q41421' },
      { name: 'Ann', words: 'Ann' },
    ]);
  });

  test.each([
    ['../etc', 'would leave the folder'],
    ['..', 'would leave the folder'],
    ['a/b', 'would leave the folder'],
    ['a\\b', 'would leave the folder'],
    ['/tmp/x', 'would leave the folder'],
    ['C:x', 'cannot be in the name of a folder on Windows'],
    ['who?', 'cannot be in the name of a folder on Windows'],
    ['NUL', 'is the name of a device'],
    ['com1.txt', 'is the name of a device'],
    ['Ann.', 'ends with a dot'],
    ['.ssh', 'hidden or a system folder'],
    ['@eaDir', 'hidden or a system folder'],
    ['Rejected', 'is where photos that were set aside lie'],
    ['a\u0007b', 'cannot be seen'],
    ['a\u202Eb', 'cannot be seen'],
    ['é'.repeat(61), 'is longer than 120 bytes'],
    ['| words', 'has no name'],
  ])('refuses %j, which is not safe as a folder, and names the line', (name, reason) => {
    expect(() => read(`Ann\n${name}\n`)).toThrow(reason);
    expect(() => read(`Ann\n${name}\n`)).toThrow('names.txt: line 2');
  });

  test('refuses two names that are one folder on some systems', () => {
    expect(() => read('Ann\nANN')).toThrow('line 2 ("ANN") and "Ann" would be one folder on some systems');
    expect(() => read('Jose\u0301\nJosé')).toThrow('one folder');
  });

  test('names the first bad lines and counts the others', () => {
    expect(() => read('../1\n../2\n../3\n../4\n../5\n../6\n../7')).toThrow(/line 5 .*; and 2 more\.$/);
  });

  test('refuses what is no UTF-8 text and what names nobody', () => {
    const utf16 = Buffer.from('\uFEFFAnn\n', 'utf16le');
    expect(() => readQueryList(utf16, 'names.txt')).toThrow(
      'names.txt is not a UTF-8 text: save it as UTF-8.',
    );
    expect(() => read('# nobody\n')).toThrow('names.txt names nobody');
  });
});

import { describe, expect, test } from 'vitest';
import { cleanName, peopleFrom } from '../../src/album/facts/people-names.ts';
import type { PersonEntry } from '../../src/catalog/people-table.ts';

function entry(
  kind: string,
  uid: string,
  name = '',
  other: string | null = null,
  date: string | null = null,
): PersonEntry {
  return { kind, uid, name, other, date };
}

const shown = (...entries: readonly PersonEntry[]): unknown =>
  peopleFrom(entries).map((person) => [person.uid, person.shown, person.merged]);

describe('people', () => {
  test('have the name that they got first, or the last one that they were renamed to', () => {
    expect(shown(entry('is', 'a', 'Ann'))).toEqual([['a', 'Ann', null]]);
    expect(
      shown(entry('is', 'a', 'Ann'), entry('rename', 'a', 'Anna'), entry('rename', 'a', 'Anne')),
    ).toEqual([['a', 'Anne', null]]);
  });

  test('have the last dates that were given for them, also for one whom they are merged with', () => {
    const lives = (...entries: readonly PersonEntry[]): unknown =>
      peopleFrom(entries).map(({ uid, born, died }) => [uid, born, died]);
    const [a, b] = [entry('is', 'a', 'Ann'), entry('is', 'b', 'Annie')];
    const born = (uid: string, date: string) => entry('born', uid, '', null, date);
    expect(lives(a, born('a', '2015'), born('a', '2015-03-02'))).toEqual([['a', '2015-03-02', null]]);
    expect(lives(a, born('a', '2015'), born('a', ''), entry('died', 'a', '', null, '2020'))).toEqual([
      ['a', null, '2020'],
    ]);
    expect(lives(a, b, born('b', '2014'), born('a', '2015'), entry('merge', 'a', 'Annie', 'b'))).toEqual([
      ['a', null, null],
      ['b', '2015', null],
    ]);
  });

  test('two of one name are told apart by a number, even where somebody is called like that', () => {
    const people = shown(
      entry('is', 'a', 'John'),
      entry('is', 'b', 'John (2)'),
      entry('is', 'c', 'John'),
      entry('is', 'd', 'John'),
    );
    expect(people).toEqual([
      ['a', 'John', null],
      ['b', 'John (2)', null],
      ['c', 'John (3)', null],
      ['d', 'John (4)', null],
    ]);
  });

  test('are hidden and shown again', () => {
    const hidden = (...entries: readonly PersonEntry[]): unknown =>
      peopleFrom([entry('is', 'a', 'Ann'), ...entries])[0]!.hidden;
    expect([hidden(), hidden(entry('hide', 'a')), hidden(entry('hide', 'a'), entry('show', 'a'))]).toEqual([
      false,
      true,
      false,
    ]);
  });

  test('merged into somebody who is merged too are the last one; who is merged takes no name', () => {
    const people = shown(
      entry('is', 'a', 'Ann'),
      entry('is', 'b', 'Ann'),
      entry('is', 'c', 'Annie'),
      entry('merge', 'a', 'Ann', 'b'),
      entry('merge', 'b', 'Ann', 'c'),
    );
    expect(people).toEqual([
      ['a', 'Ann', 'c'],
      ['b', 'Ann', 'c'],
      ['c', 'Annie', null],
    ]);
  });

  test('merged in a circle are one, and have the name of the first word', () => {
    const people = shown(
      entry('is', 'a', 'A'),
      entry('is', 'b', 'B'),
      entry('merge', 'a', 'A', 'b'),
      entry('merge', 'b', 'B', 'a'),
      entry('merge', 'a', 'A', 'a'),
    );
    expect(people).toEqual([
      ['a', 'A', 'b'],
      ['b', 'B', null],
    ]);
  });
});

test('somebody who is two others, as two answers have it, makes one of all three', () => {
  const people = [entry('is', 'a', 'A'), entry('is', 'b', 'B'), entry('is', 'c', 'C')];
  expect(shown(...people, entry('merge', 'a', 'A', 'b'), entry('merge', 'a', 'A', 'c'))).toEqual([
    ['a', 'A', 'c'],
    ['b', 'B', 'c'],
    ['c', 'C', null],
  ]);
});

test('a name has one form of each letter and no blanks around it', () => {
  expect(cleanName('  Zoe\u0308 \t  Müller ')).toBe('Zoë Müller');
  expect(cleanName('\u3000祖母\n')).toBe('祖母');
});

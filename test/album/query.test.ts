import { describe, expect, test } from 'vitest';
import { parseQuery } from '../../src/album/query/parse-query.ts';
import { queryInWords } from '../../src/album/query/query-words.ts';
import { WhosinError } from '../../src/errors.ts';

const vocabulary = {
  names: ['Grandma', 'Ann', 'Bob', 'Mary and Joseph', 'Anne Marie', '2019', 'Zoë', '祖母', 'O’Neil'],
  isFolder: (name: string) => ['italy', 'summer in rome', '2020'].includes(name.toLowerCase()),
};

const parse = (text: string) => parseQuery(text, vocabulary);
const person = (name: string, confirmed = false) => ({ kind: 'person', name, confirmed });
const taken = (from: string | null, until: string | null) => ({ kind: 'taken', from, until });

describe('a query', () => {
  test('says who is in it, who is not, and when', () => {
    expect(parse('Grandma and Ann, not Bob, 2020-07')).toEqual({
      kind: 'all',
      of: [
        { kind: 'all', of: [person('Grandma'), person('Ann')] },
        { kind: 'not', of: person('Bob') },
        taken('2020-07', '2020-08'),
      ],
    });
  });

  test('joins: a comma binds least, then "or", then "and", then what stands side by side', () => {
    expect(parse('Ann or Bob, 2018')).toEqual({
      kind: 'all',
      of: [{ kind: 'any', of: [person('Ann'), person('Bob')] }, taken('2018', '2019')],
    });
    expect(parse('Ann and Bob or Grandma')).toEqual({
      kind: 'any',
      of: [{ kind: 'all', of: [person('Ann'), person('Bob')] }, person('Grandma')],
    });
    expect(parse('Ann (Bob or Grandma) 2018')).toEqual({
      kind: 'all',
      of: [person('Ann'), { kind: 'any', of: [person('Bob'), person('Grandma')] }, taken('2018', '2019')],
    });
    expect(parse('not (Ann or Bob)')).toEqual({
      kind: 'not',
      of: { kind: 'any', of: [person('Ann'), person('Bob')] },
    });
    expect(parse('Ann, and Bob')).toEqual({ kind: 'all', of: [person('Ann'), person('Bob')] });
  });

  test('knows names of several words, of words of the language, and of digits', () => {
    expect(parse('mary AND joseph and ann')).toEqual({
      kind: 'all',
      of: [person('Mary and Joseph'), person('Ann')],
    });
    expect(parse('Anne Marie Ann')).toEqual({ kind: 'all', of: [person('Anne Marie'), person('Ann')] });
    expect(parse('2019')).toEqual(person('2019'));
    expect(parse('“O’Neil”')).toEqual(person('O’Neil'));
    expect(parse('zoe\u0308')).toEqual(person('Zoë'));
    expect(parse('祖母')).toEqual(person('祖母'));
  });

  test('says that only some are in it', () => {
    expect(parse('only Grandma and Ann, since 2021')).toEqual({
      kind: 'all',
      of: [{ kind: 'only', names: ['Grandma', 'Ann'] }, taken('2021', null)],
    });
  });

  test('counts faces', () => {
    const faces = (least: number, most: number | null) => ({ kind: 'faces', least, most });
    expect(parse('at least 3 faces')).toEqual(faces(3, null));
    expect(parse('at most 2 faces')).toEqual(faces(0, 2));
    expect(parse('2 faces')).toEqual(faces(2, 2));
    expect(parse('no faces')).toEqual(faces(0, 0));
    expect(parse('nobody')).toEqual(faces(0, 0));
    expect(parse('1 face')).toEqual(faces(1, 1));
  });

  test.each([
    ['2018', '2018', '2019'],
    ['2018-12', '2018-12', '2019-01'],
    ['2020-02-29', '2020-02-29', '2020-03-01'],
    ['2018..2020', '2018', '2021'],
    ['2018-2020', '2018', '2021'],
    ['2018-06..2018-08', '2018-06', '2018-09'],
    ['..2018', null, '2019'],
    ['2018..', '2018', null],
    ['since 2018-05', '2018-05', null],
    ['before 2018-05', null, '2018-05'],
    ['until 2018-05', null, '2018-06'],
    ['in 2018', '2018', '2019'],
  ])('"%s" is a time', (text, from, until) => {
    expect(parse(text)).toEqual(taken(from, until));
  });

  test('names folders, with "in" or without', () => {
    const folder = (name: string) => ({ kind: 'folder', name });
    expect(parse('in Italy')).toEqual(folder('Italy'));
    expect(parse('Italy, Ann')).toEqual({ kind: 'all', of: [folder('Italy'), person('Ann')] });
    expect(parse('"Summer in Rome"')).toEqual(folder('Summer in Rome'));
  });

  test('asks for the unknown, for videos, for names that somebody gave', () => {
    expect(parse('unknown, videos, confirmed Ann')).toEqual({
      kind: 'all',
      of: [{ kind: 'unknown' }, { kind: 'media', media: 'video' }, person('Ann', true)],
    });
  });

  test.each([
    ['Anm', 'not-found', 'There is nobody called "Anm", and no folder. Did you mean "Ann"'],
    ['in Atlantis', 'not-found', 'There is no folder called "Atlantis".'],
    ['2018-13', 'not-found', 'There is nobody called "2018-13"'],
    ['since yesterday', 'usage', '"yesterday" is no date'],
    ['(Ann', 'usage', 'A parenthesis is never closed.'],
    ['Ann )', 'usage', '")" makes no sense there.'],
    ['"Ann', 'usage', 'The quotation mark at "Ann is never closed.'],
    ['   ', 'usage', 'Ask for something'],
    ['Ann and', 'not-found', 'There is nobody called ""'],
    ['only', 'not-found', 'There is nobody called ""'],
  ])('"%s" is refused with a sentence', (text, code, message) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) as string }),
    );
  });

  test('of any words at all gives a tree or a sentence, never another failure', () => {
    const pieces = [
      'Ann',
      'and',
      'or',
      'not',
      ',',
      '(',
      ')',
      '"',
      'only',
      'in',
      'at',
      'least',
      '3',
      'faces',
      '2019-02',
    ];
    let seed = 7;
    for (let n = 0; n < 3000; n++) {
      const words: string[] = [];
      for (let i = 0; i < 1 + (n % 7); i++) {
        seed = (seed * 1103515245 + 12345) % 2147483648;
        words.push(pieces[seed % pieces.length]!);
      }
      const query = words.join(' ');
      expect([query, outcomeOf(() => parse(query))]).toEqual([query, 'parsed or refused']);
    }
  });
});

describe('what was understood', () => {
  const certainty = { confirmed: false, automaticFrom: 0.95 };
  const words = (text: string, confirmed = false) => queryInWords(parse(text), { ...certainty, confirmed });

  test('is told in sentences, above all what "not" counts', () => {
    expect(words('Ann, not Bob, since 2021')).toEqual([
      'Ann is in it (confirmed, or named with a probability of at least 0.95)',
      'Bob is not in it: no face is confirmed, named or suggested to be Bob',
      'it was taken from 2021 on',
    ]);
    expect(words('not Bob', true)).toEqual(['Bob is not in it: no face is confirmed to be Bob']);
    expect(words('confirmed Ann')).toEqual(['Ann is in it (confirmed)']);
    expect(words('only Ann and Bob')).toEqual([
      'Ann and Bob (confirmed, or named with a probability of at least 0.95) and no other face',
    ]);
    expect(words('at least 2 faces, unknown, in Italy, 2018..2019, videos')).toEqual([
      'at least 2 faces are in it',
      'somebody is in it who has no name',
      'it lies in a folder called Italy',
      'it was taken from 2018 on and before 2020',
      'it is a video',
    ]);
    expect(words('not (Ann or nobody)')).toEqual([
      'not: (Ann is in it (confirmed, or named with a probability of at least 0.95) or no face is in it)',
    ]);
  });
});

test.each(['(', 'not '])('thousands of "%s" are refused, not followed to the end of the stack', (sign) => {
  // Found by fuzzing.
  expect(() => parse(`${sign.repeat(20_000)}Ann`)).toThrow(expect.objectContaining({ code: 'usage' }));
  expect(outcomeOf(() => parse(`${sign.repeat(499)}Ann`))).toBe('parsed or refused');
});

/** A condition, or an error of whosin's own. */
function outcomeOf(parsed: () => { readonly kind: string }): unknown {
  try {
    return typeof parsed().kind === 'string' ? 'parsed or refused' : 'no condition';
  } catch (error) {
    return error instanceof WhosinError ? 'parsed or refused' : error;
  }
}

import { InvalidArgumentError } from '@commander-js/extra-typings';
import { describe, expect, test } from 'vitest';
import { percentage, positive, share, wholeNumber } from '../../src/cli/terminal/numbers.ts';

describe('numbers from the command line', () => {
  test.each([
    ['wholeNumber(1)', wholeNumber(1), '1', 1],
    ['wholeNumber(0)', wholeNumber(0), '0', 0],
    ['wholeNumber(-1)', wholeNumber(-1), '-1', -1],
    ['wholeNumber(2, 100)', wholeNumber(2, 100), '100', 100],
    ['percentage()', percentage(), '12.5', 12.5],
    ['percentage()', percentage(), '0', 0],
    ['positive', positive, '1e-6', 1e-6],
    ['share', share, '0.01', 0.01],
  ])('%s takes %4$s', (_, read, text, value) => {
    expect(read(text)).toBe(value);
  });

  test.each([
    [
      'wholeNumber(1)',
      wholeNumber(1),
      ['0', '-1', '1.5', 'many', '', ' ', '1e300', 'Infinity'],
      'a whole number from 1 up',
    ],
    ['wholeNumber(2, 100)', wholeNumber(2, 100), ['1', '101', ''], 'a whole number from 2 to 100'],
    ['percentage()', percentage(), ['-1', '91', '', 'some'], 'a percentage from 0 to 90'],
    ['positive', positive, ['0', '-1', 'Infinity', '', 'NaN'], 'a number above 0'],
    ['share', share, ['0', '1', '1.5', '', 'high'], 'a number between 0 and 1'],
  ])('%s refuses the rest with a sentence', (_, read, texts, request) => {
    for (const text of texts) {
      expect(() => read(text)).toThrow(InvalidArgumentError);
      expect(() => read(text)).toThrow(`Give ${request}.`);
    }
  });
});

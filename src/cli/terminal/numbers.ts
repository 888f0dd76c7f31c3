/** Numbers from the command line: one out of range is refused with a sentence, an empty text too. */

import { InvalidArgumentError } from '@commander-js/extra-typings';

type NumberReader = (text: string) => number;

/**
 * Whole numbers from one up, or between two, both included.
 *
 * @param hint reads on from the sentence that refuses a number
 */
export function wholeNumber(from: number, to = Number.MAX_SAFE_INTEGER, hint = ''): NumberReader {
  const range = to === Number.MAX_SAFE_INTEGER ? `from ${from} up` : `from ${from} to ${to}`;
  return numberWhere(
    (value) => Number.isSafeInteger(value) && value >= from && value <= to,
    `Give a whole number ${range}${hint}.`,
  );
}

/** At most 90 unless more is said: a tenth of the photos is the least to learn from. */
export function percentage(most = 90): NumberReader {
  return numberWhere((value) => value >= 0 && value <= most, `Give a percentage from 0 to ${most}.`);
}

/** Above 0, and below infinity. */
export const positive = numberWhere((value) => value > 0 && Number.isFinite(value), 'Give a number above 0.');

/** A share or a probability: above 0 and below 1. */
export const share = numberWhere((value) => value > 0 && value < 1, 'Give a number between 0 and 1.');

function numberWhere(isFine: (value: number) => boolean, request: string): NumberReader {
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (isFine(value)) return value;
    throw new InvalidArgumentError(request);
  };
}

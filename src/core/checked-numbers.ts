/** Numbers that a person or a program gave, checked before anything is done with them. */

import { WhosinError } from '../errors.ts';

/** @throws WhosinError `usage` if it is no whole number from `least` up */
export function checkWhole(name: string, value: number, least = 0): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new WhosinError('usage', `${name} has to be a whole number from ${least} up; it is ${value}.`);
}

/** @throws WhosinError `usage` if it is no number above 0 */
export function checkPositive(name: string, value: number): void {
  if (value > 0 && Number.isFinite(value)) return;
  throw new WhosinError('usage', `${name} has to be a number above 0; it is ${value}.`);
}

/** @throws WhosinError `usage` if it is no number from 0 up to, not including, 1 */
export function checkShare(name: string, value: number): void {
  if (value >= 0 && value < 1) return;
  throw new WhosinError(
    'usage',
    `${name} has to be a share, a number from 0 up to, but not including, 1; it is ${value}.`,
  );
}

/** @throws WhosinError `usage` if it is no number from 0 to 1 */
export function checkProbability(name: string, value: number): void {
  if (value >= 0 && value <= 1) return;
  throw new WhosinError('usage', `${name} has to be a probability, from 0 to 1; it is ${value}.`);
}

/**
 * The values of a network, before something is fitted to them.
 *
 * @param what the vectors are, for the message
 * @throws WhosinError `bad-weights` if one holds a value that is no finite number
 */
export function checkFinite(what: string, vectors: readonly ArrayLike<number>[]): void {
  for (const vector of vectors) {
    for (let i = 0; i < vector.length; i++) {
      if (Number.isFinite(vector[i])) continue;
      throw new WhosinError(
        'bad-weights',
        `${what} holds ${vector[i]}, which is no finite number: nothing can be fitted to it. Use another network, or check what prepares its input.`,
      );
    }
  }
}

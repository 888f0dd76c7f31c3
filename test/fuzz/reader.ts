/** Fuzzed code: it reads bytes which others may have written. */

import { WhosinError } from '../../src/errors.ts';
import type { Mutate } from './chance.ts';

export interface Reader {
  readonly name: string;
  /** Files as they should be, small ones: the corpus that inputs are made from. */
  readonly seeds: readonly Uint8Array[];
  readonly mutate: readonly Mutate[];
  /** It ends in code that is not JavaScript, which may end the process. */
  readonly isNative?: true;
  /** Reads an input as whosin does. It may throw what is a WhosinError with a sentence, and nothing else. */
  readonly read: (bytes: Uint8Array) => unknown;
}

export interface Fault {
  readonly message: string;
}

/** The words of JavaScript's own errors, which nobody wrote for a person. */
const engine =
  /Cannot (read prop|set prop|convert|mix|access|destructure)|is not (a function|iterable|a constructor|defined|an object)|Invalid (array|typed|string|DataView|count)|Maximum call stack|out of (memory|bounds)|BigInt|must be of type|ERR_/;

/** Undefined where the reader did what it should: it read the input, or refused it with a sentence of its own. */
export async function faultIn(reader: Reader, bytes: Uint8Array): Promise<Fault | undefined> {
  try {
    await reader.read(bytes);
    return undefined;
  } catch (error) {
    if (!(error instanceof WhosinError)) {
      return {
        message: error instanceof Error ? (error.stack ?? error.message) : `thrown: ${String(error)}`,
      };
    }
    if (!engine.test(error.message)) return undefined;
    const cause = error.cause instanceof Error ? error.cause.stack : '';
    return { message: `the engine's words in a message: ${error.message}\n${cause}` };
  }
}

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Two files as one input: the length of the first as text, a line end, both. */
export function together(first: Uint8Array, second: Uint8Array): Uint8Array {
  return new Uint8Array(Buffer.concat([utf8(`${first.length}\n`), first, second]));
}

/** All is the first where there is no length. */
export function parted(bytes: Uint8Array): [first: Uint8Array, second: Uint8Array] {
  const end = bytes.indexOf(0x0a);
  const length = Number(textOf(bytes.subarray(0, Math.max(0, end))));
  if (end < 0 || !Number.isInteger(length) || length < 0) return [bytes, new Uint8Array()];
  return [bytes.subarray(end + 1, end + 1 + length), bytes.subarray(end + 1 + length)];
}

/** Changes one of both, with the other one as it was. */
export function inParts(first: Mutate, second: Mutate): Mutate {
  return (bytes, chance, other) => {
    const [a, b] = parted(bytes);
    return chance.once(3)
      ? together(
          a,
          second(b, chance, () => parted(other())[1]),
        )
      : together(
          first(a, chance, () => parted(other())[0]),
          b,
        );
  };
}

/** Gives a reader one changed input after another. */

import { type Chance, openChance } from './chance.ts';
import type { Coverage } from './coverage.ts';
import { type Fault, faultIn, type Reader } from './reader.ts';

export interface Finding extends Fault {
  readonly bytes: Uint8Array;
}

export interface FuzzOptions {
  readonly seed: number;
  /** Whether to go on, asked before every input. */
  readonly goOn: (done: number) => boolean;
  /** Inputs that run code which none has run before are changed further. */
  readonly coverage?: Coverage;
  /** Told of each input before it is read: what hangs or ends the process is known by it. */
  readonly before?: (bytes: Uint8Array) => void;
}

export interface Fuzzed {
  readonly inputs: number;
  /** Seeds, and the inputs that were added to them. */
  readonly corpus: readonly Uint8Array[];
  readonly findings: readonly Finding[];
}

/** Inputs between two looks at the coverage. */
const between = 500;

/** Looks, and the inputs that are read again to find what is new, take no more of the time than this. */
const lookingShare = 0.2;

/** The first fault of a kind tells as much as all of them. */
const mostFindings = 20;

export async function fuzzReader(reader: Reader, options: FuzzOptions): Promise<Fuzzed> {
  const { seed, goOn, coverage, before } = options;
  const chance = openChance(seed);
  const corpus = [...reader.seeds];
  const findings: Finding[] = [];
  const read = async (bytes: Uint8Array): Promise<void> => {
    before?.(bytes);
    const fault = await faultIn(reader, bytes);
    const isNew = fault && !findings.some(({ message }) => placeOf(message) === placeOf(fault.message));
    if (isNew && findings.length < mostFindings) findings.push({ ...fault, bytes });
  };
  for (const whole of reader.seeds) await read(whole);
  coverage?.hasGrown();
  let inputs = reader.seeds.length;
  let batch: Uint8Array[] = [];
  const began = performance.now();
  let looking = 0;
  while (goOn(inputs)) {
    const bytes = changed(reader, corpus, chance);
    await read(bytes);
    inputs++;
    if (coverage === undefined) continue;
    batch.push(bytes);
    const now = performance.now();
    if (batch.length < between || looking > lookingShare * (now - began)) continue;
    const recent = batch.slice(-between);
    batch = [];
    if (coverage.hasGrown()) corpus.push(...(await firstThatGrows(recent, read, coverage)));
    looking += performance.now() - now;
  }
  return { inputs, corpus, findings };
}

function changed({ mutate }: Reader, corpus: readonly Uint8Array[], chance: Chance): Uint8Array {
  return chance.pick(mutate)(Uint8Array.from(chance.pick(corpus)), chance, () => chance.pick(corpus));
}

/** The first input that runs what had not been run before the batch; none where an earlier one did. */
async function firstThatGrows(
  batch: readonly Uint8Array[],
  read: (bytes: Uint8Array) => Promise<void>,
  coverage: Coverage,
): Promise<readonly Uint8Array[]> {
  coverage.forgetLast();
  const middle = Math.ceil(batch.length / 2);
  for (const half of [batch.slice(0, middle), batch.slice(middle)]) {
    for (const bytes of half) await read(bytes);
    if (!coverage.hasGrown()) continue;
    return half.length === 1 ? half : firstThatGrows(half, read, coverage);
  }
  return [];
}

/** The line of the code that a fault comes from. */
function placeOf(message: string): string {
  return /^\s+at .*$/m.exec(message)?.[0] ?? message.slice(0, 60);
}

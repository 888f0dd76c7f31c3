/** Changes to JSON that leave it JSON: what is wrong then is not its form. */

import * as fc from 'fast-check';
import { type Chance, type Mutate, oddNumbers } from './chance.ts';
import { mutateBytes } from './mutate-bytes.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Keys and words that JavaScript, file systems or lists take for something else. */
const oddTexts = [
  '',
  '__proto__',
  'constructor',
  'toString',
  '..',
  '../x',
  '/etc/x',
  '\0',
  '\n',
  '\ud800',
  '0',
  '-1',
  'NaN',
  '\u202e',
  'C:\\x',
  'x'.repeat(5000),
];

const made = fc.sample(fc.jsonValue({ maxDepth: 3 }), { numRuns: 300, seed: 1 }) as Json[];

/** Nests deeper than a stack. */
const deep = 'deep-5b1f';

/** Changes bytes if it is no JSON. */
export const mutateJson: Mutate = (bytes, chance, other) => {
  const value = parsed(bytes);
  if (value === undefined) return mutateBytes(bytes, chance, other);
  let changed = value;
  for (let i = 1 + chance.below(3); i > 0; i--)
    changed = mutated(changed, chance, () => parsed(other()) ?? null);
  const depth = 10 ** (1 + chance.below(5));
  const text = JSON.stringify(changed).replace(`"${deep}"`, () => '['.repeat(depth) + ']'.repeat(depth));
  return new TextEncoder().encode(text);
};

/** The same for files of a JSON object a line. */
export const mutateJsonLines: Mutate = (bytes, chance, other) => {
  const lines = new TextDecoder().decode(bytes).split('\n');
  const at = chance.below(lines.length);
  const lineOf = (text: string): Uint8Array => new TextEncoder().encode(text);
  const theirs = (): Uint8Array => lineOf(chance.pick(new TextDecoder().decode(other()).split('\n')));
  const action = chance.below(5);
  if (action === 0) lines.splice(at, 0, chance.pick(lines));
  else if (action === 1) lines.splice(at, 1);
  else lines[at] = new TextDecoder().decode(mutateJson(lineOf(lines[at]!), chance, theirs));
  return lineOf(lines.join('\n'));
};

function parsed(bytes: Uint8Array): Json | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Json;
  } catch {
    return undefined;
  }
}

function mutated(value: Json, chance: Chance, other: () => Json): Json {
  if (typeof value !== 'object' || value === null || chance.once(6)) return replaced(value, chance, other);
  if (Array.isArray(value)) {
    if (value.length === 0 || chance.once(5))
      return [...value, chance.once(2) ? replaced(null, chance, other) : (value[0] ?? null)];
    const at = chance.below(value.length);
    if (chance.once(8)) return value.filter((_, i) => i !== at);
    return value.map((item, i) => (i === at ? mutated(item, chance, other) : item));
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return { [chance.pick(oddTexts)]: replaced(null, chance, other) };
  const at = chance.below(entries.length);
  const [key, own] = entries[at]!;
  if (chance.once(8)) entries.splice(at, 1);
  else if (chance.once(12)) entries.push([chance.pick(oddTexts), own]);
  else entries[at] = [key, mutated(own, chance, other)];
  return Object.fromEntries(entries);
}

function replaced(value: Json, chance: Chance, other: () => Json): Json {
  const choices: readonly (() => Json)[] = [
    () => chance.pick(oddNumbers),
    () => chance.pick(oddTexts),
    () => chance.pick(made),
    () => null,
    () => [value],
    () => (typeof value === 'number' ? -value : JSON.stringify(value)),
    other,
    () => (chance.once(20) ? deep : chance.once(2)),
  ];
  return chance.pick(choices)();
}

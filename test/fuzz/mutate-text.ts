/** Changes to lines of text: numbers, marks of the byte order, ends of lines, quotation marks, lines of other files. */

import { type Chance, type Mutate, oddNumbers } from './chance.ts';
import { mutateBytes } from './mutate-bytes.ts';

const oddPieces = [
  '\0',
  '\ufeff',
  '\r',
  '\r\n',
  '\n',
  '"',
  '""',
  ',',
  '|',
  '\t',
  '\u2028',
  '\u202e',
  '\ud83d',
  '#',
  '..',
  '/',
  '\\',
  '%',
  '://',
  '*',
  '[',
  '{',
  '}',
  '?',
  '(',
  'é',
  'e\u0301',
];

export const mutateText: Mutate = (bytes, chance, other) => {
  let text = new TextDecoder().decode(bytes);
  for (let i = 1 + chance.below(4); i > 0; i--)
    text = chance.pick(changes)(text, chance, () => new TextDecoder().decode(other()));
  const written = new TextEncoder().encode(text);
  return chance.once(6) ? mutateBytes(written, chance, other) : written;
};

const changes: readonly ((text: string, chance: Chance, other: () => string) => string)[] = [
  (text, chance) => inserted(text, chance, chance.pick(oddPieces)),
  (text, chance) =>
    inserted(text, chance, chance.pick(oddPieces).repeat(1 + chance.below(chance.once(50) ? 20_000 : 50))),
  (text, chance) => {
    const numbers = [...text.matchAll(/\d+/g)];
    if (numbers.length === 0) return text;
    const { 0: digits, index } = chance.pick(numbers);
    return text.slice(0, index) + String(chance.pick(oddNumbers)) + text.slice(index + digits.length);
  },
  (text, chance) => {
    const lines = text.split('\n');
    lines.splice(chance.below(lines.length), chance.below(3), chance.pick(lines));
    return lines.join('\n');
  },
  (text, chance, other) => inserted(text, chance, chance.pick(other().split('\n'))),
  (text, chance) => text.slice(0, chance.below(text.length + 1)),
  (text, chance) => {
    const from = chance.below(text.length + 1);
    return text.slice(0, from) + text.slice(from + 1 + chance.below(20));
  },
];

function inserted(text: string, chance: Chance, piece: string): string {
  const at = chance.below(text.length + 1);
  return text.slice(0, at) + piece + text.slice(at);
}

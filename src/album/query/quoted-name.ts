/** A name as a query takes it back: in quotation marks, unless it is a plain word that means nothing else. */

import { queryWords } from './parse-query.ts';
import { quotes } from './tokens.ts';

/** Words that begin or end a condition, besides those of the language. */
const others = new Set('at least most no photo photos video videos'.split(' '));

export function quotedName(name: string): string {
  const lower = name.toLowerCase();
  if (/^\p{L}+$/u.test(name) && !queryWords.has(lower) && !others.has(lower)) return name;
  const [open = '"', close = '"'] =
    Object.entries(quotes).find(([from, to]) => !name.includes(from) && !name.includes(to)) ?? [];
  return `${open}${name}${close}`;
}

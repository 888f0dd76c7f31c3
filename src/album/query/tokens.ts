/** The words, quoted names and signs of a query. */

import { WhosinError } from '../../errors.ts';

export interface Token {
  /** `quoted`: a name as it is, whatever the words in it mean elsewhere. */
  readonly kind: 'word' | 'quoted' | ',' | '(' | ')';
  readonly text: string;
}

/** Quotation marks in pairs, as keyboards and phones write them. */
export const quotes: Readonly<Record<string, string>> = { '"': '"', '“': '”', '„': '“', '«': '»' };

export function tokensOf(query: string): Token[] {
  const tokens: Token[] = [];
  const text = query.normalize('NFC');
  for (let at = 0; at < text.length; ) {
    const c = text[at]!;
    const closing = quotes[c];
    if (/\s/u.test(c)) at++;
    else if (closing !== undefined) {
      const end = text.indexOf(closing, at + 1);
      if (end < 0) throw new WhosinError('usage', `The quotation mark at ${text.slice(at)} is never closed.`);
      tokens.push({ kind: 'quoted', text: text.slice(at + 1, end) });
      at = end + 1;
    } else if (c === ',' || c === '(' || c === ')') {
      tokens.push({ kind: c, text: c });
      at++;
    } else {
      const word = /^[^\s,()"“”„«»]+/u.exec(text.slice(at))?.[0] ?? c;
      tokens.push({ kind: 'word', text: word });
      at += word.length;
    }
  }
  return tokens;
}

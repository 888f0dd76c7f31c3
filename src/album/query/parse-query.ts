/**
 * Queries as people type them: `Grandma and Ann, not Bob, 2019`. A comma joins as "and" does, and binds least; then
 * "or", then "and"; "not" binds to what follows it. Names are known: `Mary and Joseph` is one where somebody is called so.
 */

import { nearNames } from '../../core/near-names.ts';
import { WhosinError } from '../../errors.ts';
import { spanOf } from './dates.ts';
import type { Ages, Query } from './query.ts';
import { type Token, tokensOf } from './tokens.ts';

/** Meanings of words besides those of the language. */
export interface Vocabulary {
  /** Names of people, as they are shown. */
  readonly names: readonly string[];
  /** Whether a folder is called so. */
  readonly isFolder: (name: string) => boolean;
}

/** The words of the language. */
export const queryWords = new Set(
  'and or not only with without in confirmed since before until unknown faces face nobody aged'.split(' '),
);

/** Brackets in brackets, each of which takes its part of the stack. */
const mostTokens = 500;

/** Throws `usage` where it makes no sense, `not-found` where a name is nobody's. */
export function parseQuery(text: string, vocabulary: Vocabulary): Query {
  const tokens = tokensOf(text);
  if (tokens.length > mostTokens) throw new WhosinError('usage', `Ask with at most ${mostTokens} words.`);
  const parser = openParser(tokens, vocabulary);
  if (parser.isDone())
    throw new WhosinError('usage', 'Ask for something, as in: Grandma and Ann, not Bob, 2019');
  const query = parser.list();
  if (!parser.isDone()) throw new WhosinError('usage', `"${parser.rest()}" makes no sense there.`);
  return query;
}

interface Parser {
  list(): Query;
  isDone(): boolean;
  rest(): string;
}

function openParser(tokens: readonly Token[], { names, isFolder }: Vocabulary): Parser {
  let at = 0;
  const known = new Map(names.map((name) => [folded(name), name]));
  const peek = (ahead = 0): Token | undefined => tokens[at + ahead];
  const isWord = (word: string, ahead = 0): boolean => {
    const token = peek(ahead);
    return token?.kind === 'word' && token.text.toLowerCase() === word;
  };
  const skip = (...wanted: readonly string[]): boolean => {
    if (!wanted.every((word, i) => isWord(word, i))) return false;
    at += wanted.length;
    return true;
  };
  const rest = (): string =>
    tokens
      .slice(at)
      .map((token) => token.text)
      .join(' ');

  /** The longest name that begins here. */
  const knownName = (): string | undefined => {
    if (peek()?.kind === 'quoted')
      return known.get(folded(peek()!.text)) && known.get(folded(tokens[at++]!.text));
    let length = 0;
    while (peek(length)?.kind === 'word') length++;
    for (; length > 0; length--) {
      const name = known.get(
        folded(
          tokens
            .slice(at, at + length)
            .map((token) => token.text)
            .join(' '),
        ),
      );
      if (name === undefined) continue;
      at += length;
      return name;
    }
    return undefined;
  };
  /** Words that are neither a name nor of the language. */
  const strangeWords = (): string => {
    if (peek()?.kind === 'quoted') return tokens[at++]!.text;
    const begin = at;
    while (
      peek()?.kind === 'word' &&
      !queryWords.has(peek()!.text.toLowerCase()) &&
      spanOf(peek()!.text) === undefined
    )
      at++;
    return tokens
      .slice(begin, at)
      .map((token) => token.text)
      .join(' ');
  };
  const name = (): string => {
    const found = knownName();
    if (found !== undefined) return found;
    const strange = strangeWords() || rest();
    const near = nearNames(strange, names, 3).map((one) => `"${one}"`);
    const meant = near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : '';
    throw new WhosinError('not-found', `There is nobody called "${strange}", and no folder.${meant}`);
  };
  const folder = (): Query => {
    const wanted = strangeWords() || (peek()?.kind === 'word' ? tokens[at++]!.text : '');
    if (isFolder(wanted)) return { kind: 'folder', name: wanted };
    throw new WhosinError('not-found', `There is no folder called "${wanted}".`);
  };
  const date = (): { readonly from: string | null; readonly until: string | null } => {
    const span = peek()?.kind === 'word' ? spanOf(peek()!.text) : undefined;
    if (span === undefined)
      throw new WhosinError('usage', `"${rest()}" is no date: write 2019, 2019-07 or 2019-07-04.`);
    at++;
    return span;
  };

  /** `aged 4`, `aged 2..5`, `aged 2-5` */
  const ages = (): { readonly ages?: Ages } => {
    if (!isWord('aged')) return {};
    const [, least, most = least] = /^(\d{1,3})(?:(?:\.\.|–|-)(\d{1,3}))?$/.exec(peek(1)?.text ?? '') ?? [];
    if (least === undefined || Number(most) < Number(least))
      throw new WhosinError('usage', `"${rest()}" is no age: write aged 4 or aged 2..5.`);
    at += 2;
    return { ages: { least: Number(least), most: Number(most) } };
  };
  const person = (called: string, confirmed: boolean): Query => ({
    kind: 'person',
    name: called,
    confirmed,
    ...ages(),
  });

  /** `at least 3 faces`, `3 faces`, `no faces`, `nobody` */
  const faces = (): Query | undefined => {
    const begin = at;
    const bound = skip('at', 'least') ? 'least' : skip('at', 'most') ? 'most' : 'both';
    const n = skip('no') ? 0 : /^\d{1,4}$/.test(peek()?.text ?? '') ? Number(tokens[at++]!.text) : undefined;
    if (n !== undefined && (skip('faces') || skip('face'))) {
      return { kind: 'faces', least: bound === 'most' ? 0 : n, most: bound === 'least' ? null : n };
    }
    at = begin;
    return skip('nobody') ? { kind: 'faces', least: 0, most: 0 } : undefined;
  };
  const atom = (): Query => {
    if (peek()?.kind === '(') {
      at++;
      const inner = list();
      if (peek()?.kind !== ')') throw new WhosinError('usage', 'A parenthesis is never closed.');
      at++;
      return inner;
    }
    const found = knownName();
    if (found !== undefined) return person(found, false);
    if (skip('not') || skip('without')) return { kind: 'not', of: atom() };
    if (skip('with')) return atom();
    if (skip('confirmed')) return person(name(), true);
    if (skip('only')) {
      const all = [name()];
      while (skip('and')) all.push(name());
      return { kind: 'only', names: all };
    }
    if (skip('unknown')) return { kind: 'unknown' };
    if (skip('videos') || skip('video')) return { kind: 'media', media: 'video' };
    if (skip('photos') || skip('photo')) return { kind: 'media', media: 'photo' };
    if (skip('since')) return { kind: 'taken', from: date().from, until: null };
    if (skip('before')) return { kind: 'taken', from: null, until: date().from };
    if (skip('until')) return { kind: 'taken', from: null, until: date().until };
    if (skip('in'))
      return peek()?.kind === 'word' && spanOf(peek()!.text) ? { kind: 'taken', ...date() } : folder();
    const counted = faces();
    if (counted) return counted;
    if (peek()?.kind === 'word' && spanOf(peek()!.text)) return { kind: 'taken', ...date() };
    const begin = at;
    const strange = strangeWords();
    if (strange !== '' && isFolder(strange)) return { kind: 'folder', name: strange };
    at = begin;
    return person(name(), false);
  };
  const joint = (): Query => {
    const of = [atom()];
    // Two things side by side are both meant: `Ann 2019`.
    while (
      skip('and') ||
      !(at >= tokens.length || isWord('or') || peek()?.kind === ',' || peek()?.kind === ')')
    ) {
      of.push(atom());
    }
    return of.length === 1 ? of[0]! : { kind: 'all', of };
  };
  const choice = (): Query => {
    const of = [joint()];
    while (skip('or')) of.push(joint());
    return of.length === 1 ? of[0]! : { kind: 'any', of };
  };
  function list(): Query {
    const of = [choice()];
    while (peek()?.kind === ',') {
      at++;
      skip('and');
      of.push(choice());
    }
    return of.length === 1 ? of[0]! : { kind: 'all', of };
  }
  return { list, rest, isDone: () => at >= tokens.length };
}

function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

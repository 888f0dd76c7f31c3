/** The contract of a source of photos, and what is believed of what it says. */

import type { Query } from './query-list.ts';

/** A photo that may be fetched, as its source describes it. Everything in it was written by strangers. */
export interface Candidate {
  /** http or https; or, from the person's own disk alone, a path. */
  readonly from: { readonly address: string } | { readonly path: string };
  /** The page that shows it to people and states its licence. */
  readonly page?: string;
  readonly title?: string;
  readonly author?: string;
  /** Short name, such as "CC BY-SA 4.0". */
  readonly licence?: string;
  readonly licenceAddress?: string;
}

/** Places where photos can be searched for. One file each in sources/, and a row in open-sources.ts. */
export interface Source {
  readonly name: string;
  /**
   * Yields what the source has for a query, the likeliest first, asking for the next page only when it is wanted.
   * Ends where the source has no more. The same photo may come twice.
   *
   * @throws WhosinError `cannot-fetch` or `refused` if the source does not answer; what it gave is still good
   */
  search(query: Query): AsyncGenerator<Candidate>;
}

/** Asks an API: the answer is whatever JSON came back. */
export type AskJson = (address: string) => Promise<unknown>;

/** An address with its parameters. */
export function addressOf(base: string, parameters: Readonly<Record<string, string>>): string {
  const url = new URL(base);
  for (const [key, value] of Object.entries(parameters)) url.searchParams.set(key, value);
  return url.href;
}

/** The member of an object from outside, whatever the object may be. */
export function member(value: unknown, ...keys: readonly (string | number)[]): unknown {
  let at = value;
  for (const key of keys) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Readonly<Record<string | number, unknown>>)[key];
  }
  return at;
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Longer texts from outside are cut: a title is no place for a book. */
const longestText = 500;

/** Text from outside on one line; undefined if there is none. */
export function text(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const line = value.replaceAll(/\s+/g, ' ').trim();
  return line === '' ? undefined : line.slice(0, longestText);
}

/** An http or https address from outside, in its canonical form. */
export function webAddress(value: unknown): string | undefined {
  const given = typeof value === 'string' && value.startsWith('//') ? `https:${value}` : value;
  if (typeof given !== 'string' || given.length > 4000 || !URL.canParse(given)) return undefined;
  const url = new URL(given);
  url.hash = '';
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : undefined;
}

/** Drops what is undefined: a candidate has a member or has it not. */
export function described(
  from: Candidate['from'],
  details: { readonly [K in Exclude<keyof Candidate, 'from'>]: string | undefined },
): Candidate {
  const known = Object.entries(details).filter(([, value]) => value !== undefined);
  return { from, ...(Object.fromEntries(known) as Omit<Candidate, 'from'>) };
}

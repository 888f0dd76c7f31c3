/** The meaning of a query as understood, in sentences: above all what "not" and "only" count. */

import type { Ages, Query } from './query.ts';

/** The sureness with which a face counts as somebody. */
export interface Certainty {
  /** Names that somebody gave count, and no others. */
  readonly confirmed: boolean;
  /** Names that were given without asking have at least this probability. */
  readonly automaticFrom: number;
}

/** One line for each part that has to be fulfilled. */
export function queryInWords(query: Query, certainty: Certainty): string[] {
  return query.kind === 'all'
    ? query.of.map((part) => inWords(part, certainty))
    : [inWords(query, certainty)];
}

function inWords(query: Query, certainty: Certainty): string {
  const by = (confirmed: boolean): string =>
    confirmed || certainty.confirmed
      ? 'confirmed'
      : `confirmed, or named with a probability of at least ${certainty.automaticFrom}`;
  switch (query.kind) {
    case 'all':
    case 'any':
      return `(${query.of.map((part) => inWords(part, certainty)).join(query.kind === 'all' ? ' and ' : ' or ')})`;
    case 'not':
      return query.of.kind === 'person' && query.of.ages === undefined
        ? `${query.of.name} is not in it: no face is ${query.of.confirmed || certainty.confirmed ? 'confirmed' : 'confirmed, named or suggested'} to be ${query.of.name}`
        : `not: ${inWords(query.of, certainty)}`;
    case 'person':
      return `${query.name} is in it${agesInWords(query.ages)} (${by(query.confirmed)})`;
    case 'only':
      return `${query.names.join(' and ')} (${by(false)}) and no other face`;
    case 'faces':
      return facesInWords(query.least, query.most);
    case 'unknown':
      return 'somebody is in it who has no name';
    case 'taken':
      return takenInWords(query.from, query.until);
    case 'folder':
      return `it lies in a folder called ${query.name}`;
    case 'media':
    default:
      return `it is a ${query.media}`;
  }
}

function agesInWords(ages: Ages | undefined): string {
  if (ages === undefined) return '';
  const { least, most } = ages;
  const years = least === most ? String(least) : `${least} to ${most}`;
  return `, ${years} ${most === 1 ? 'year' : 'years'} old by the time of the camera`;
}

function facesInWords(least: number, most: number | null): string {
  if (most === null) return `at least ${least} faces are in it`;
  if (most === 0) return 'no face is in it';
  return least === most ? `exactly ${least} faces are in it` : `at most ${most} faces are in it`;
}

function takenInWords(from: string | null, until: string | null): string {
  const parts = [
    ...(from === null ? [] : [`from ${from} on`]),
    ...(until === null ? [] : [`before ${until}`]),
  ];
  return `it was taken ${parts.join(' and ')}`;
}

/** From which probability names are given, and how many strangers that names: one sentence for every command. */

import type { PeopleModel } from '../faces/people/model-file.ts';
import { strangerRateOf } from '../faces/people/model-stranger-rate.ts';
import { level } from './evaluate-numbers.ts';
import { count } from './words.ts';

/** `Names are given from 0.62 up: a stranger is named in at most about 1 % of cases` */
export function settingSentence(model: PeopleModel): string {
  const from = `Names are given from ${Number(model.minProbability.toPrecision(3))} up`;
  const found = strangerRateOf(model);
  if (found === undefined) return `${from}; how often strangers are named is not known`;
  const about = { measured: 'at most about', 'at-most': 'less than', 'at-least': 'more than' }[found.bound];
  return `${from}: a stranger is named in ${about} ${level(Number(found.rate.toPrecision(2)))} of cases`;
}

/** The faces and pairs that the rates were measured on. */
export function settingSources({
  people,
  faces,
  reference,
}: NonNullable<PeopleModel['strangerRates']>): string {
  const own = `${count(faces, 'face')} of ${count(people, 'person', 'people')} left out in turn`;
  return [...(people > 0 ? [own] : []), ...(reference === null ? [] : [reference])].join(', and ');
}

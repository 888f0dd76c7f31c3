/** Warnings of things that look as if they were not meant so: on standard error, whatever form the results have. */

import type { SamePerson } from '../../faces/people/same-person.ts';
import { probability, shown } from '../../report/words.ts';
import { err, note } from '../terminal/output.ts';

/** Pairs of folders that seem to hold one person. */
export function noteSamePerson(pairs: readonly SamePerson[]): void {
  for (const { people, probability: p } of pairs) {
    const [one, other] = people.map((person) => `"${person}"`);
    noteDoubts([
      `${one} and ${other} seem to be one person (${probability(p)}), and answers are shared between the two: put their photos into one folder.`,
    ]);
  }
}

export function noteDoubts(doubts: readonly string[]): void {
  for (const doubt of doubts) note(err.yellow(`warning: ${shown(doubt)}`));
}

/** The candidates of one name, source after source; a source that does not answer ends its turn, not the run. */

import { WhosinError } from '../errors.ts';
import type { Query } from './query-list.ts';
import type { Candidate, Source } from './source.ts';

export interface Offer {
  readonly source: string;
  readonly candidate: Candidate;
}

export interface SourceFailure {
  readonly name: string;
  readonly source: string;
  readonly message: string;
}

export interface Supply {
  /** The next candidate; undefined if there is none any more. */
  next(): Promise<Offer | undefined>;
  /** Sources that stopped answering. */
  readonly failures: readonly SourceFailure[];
}

export function openSupply(query: Query, sources: readonly Source[]): Supply {
  const failures: SourceFailure[] = [];
  async function* offers(): AsyncGenerator<Offer> {
    for (const source of sources) {
      try {
        for await (const candidate of source.search(query)) yield { source: source.name, candidate };
      } catch (error) {
        if (!(error instanceof WhosinError)) throw error;
        failures.push({ name: query.name, source: source.name, message: error.message });
      }
    }
  }
  const all = offers();
  return {
    failures,
    async next() {
      const { value, done } = await all.next();
      return done ? undefined : value;
    },
  };
}

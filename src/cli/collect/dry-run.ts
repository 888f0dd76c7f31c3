/** `whosin collect --dry-run`: what would be fetched. */

import { addressOfCandidate } from '../../collect/intake.ts';
import type { Query } from '../../collect/query-list.ts';
import type { Source } from '../../collect/source.ts';
import { openSupply } from '../../collect/supply.ts';
import { shown } from '../../report/words.ts';
import { err, note, print } from '../terminal/output.ts';

/** Asks the sources and fetches no photo; nothing is written. @returns the exit status */
export async function dryRun(
  queries: readonly Query[],
  sources: readonly Source[],
  count: number,
  json: boolean,
): Promise<number> {
  let status = 0;
  for (const query of queries) {
    const supply = openSupply(query, sources);
    const seen = new Set<string>();
    while (seen.size < count) {
      const offer = await supply.next();
      if (offer === undefined) break;
      const { from, ...details } = offer.candidate;
      const address = addressOfCandidate(from);
      if (seen.has(address)) continue;
      seen.add(address);
      const line = { name: query.name, source: offer.source, address, ...details };
      print(
        json
          ? JSON.stringify({ schema: 1, ...line })
          : [query.name, offer.source, address, details.licence ?? 'licence unknown'].map(shown).join('\t'),
      );
    }
    note(`${shown(query.name)}: ${seen.size} addresses, ${count} wanted`);
    for (const { source, message } of supply.failures) {
      note(err.yellow(`${source}: ${shown(message)}`));
      status = 1;
    }
  }
  return status;
}

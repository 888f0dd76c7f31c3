/** The words in which `whosin collect` reports on a set. */

import type { Collected } from '../../collect/collect.ts';
import { type Reason, reasons } from '../../collect/journal.ts';
import type { SetState } from '../../collect/set-state.ts';
import { count, reasonText, shown } from '../../report/words.ts';
import { out, print } from '../terminal/output.ts';

export interface SetTotals {
  readonly good: number;
  /** How many photos were set aside, by reason. */
  readonly rejected: Readonly<Record<Reason, number>>;
  /** Addresses that gave no photo. */
  readonly failed: number;
}

export function setTotals({
  photos,
  failed,
}: Pick<SetState, 'failed'> & {
  readonly photos: ReadonlyMap<string, { readonly path: string | null; readonly reason: Reason | null }>;
}): SetTotals {
  const lying = [...photos.values()].filter(({ path }) => path !== null);
  const number = (wanted: Reason | null): number => lying.filter(({ reason }) => reason === wanted).length;
  const rejected = Object.fromEntries(reasons.map((reason) => [reason, number(reason)]));
  return { good: number(null), rejected: rejected as Record<Reason, number>, failed: failed.size };
}

const outcomeText: Readonly<Record<Collected['outcome'], string>> = {
  reached: 'enough',
  exhausted: 'the sources have no more',
  stopped: 'a source did not answer: run it again later',
};

export function sayCollected(
  folder: string,
  wanted: number,
  people: readonly Collected[],
  { rejected, failed }: SetTotals,
): void {
  for (const { name, good, outcome } of people) {
    const text = outcome === 'reached' ? outcomeText[outcome] : out.yellow(outcomeText[outcome]);
    print(`  ${shown(name).padEnd(28)} ${String(good).padStart(5)} of ${wanted}  ${text}`);
  }
  for (const { name, source, message } of people.flatMap(({ failures }) => failures)) {
    print(out.yellow(`  ${shown(name)}, ${source}: ${shown(message)}`));
  }
  sayRejected(rejected);
  if (failed > 0)
    print(`\n${count(failed, 'address', 'addresses')} gave no photo: the reasons are in provenance.jsonl.`);
  print(`\nLook at them: whosin collect review ${shown(folder)}`);
}

export function sayRejected(rejected: SetTotals['rejected']): void {
  const found = reasons.filter((reason) => rejected[reason] > 0);
  if (found.length > 0) print('\nSet aside:');
  for (const reason of found) {
    print(
      `  ${`rejected/${reason}/`.padEnd(24)} ${String(rejected[reason]).padStart(5)}  ${reasonText[reason]}`,
    );
  }
}

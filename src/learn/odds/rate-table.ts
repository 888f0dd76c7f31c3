/** How often something reaches log odds, as a table: between two entries the logarithm of the rate goes straight. */

/** The log odds rise, the rates fall; all rates lie between 0 and 1. */
export type RateTable = readonly (readonly [logOdds: number, rate: number])[];

export interface BoundedRate {
  readonly rate: number;
  /** `at-most`: beyond the table, where rates are lower by an unknown amount. `at-least`: before it, where they are higher. */
  readonly bound: 'measured' | 'at-most' | 'at-least';
}

/** Pairs of different people of a reference set. */
export interface ReferencePairs {
  /** Which pairs were measured, for people to read. */
  readonly measuredOn: string;
  /** Log odds of being one person, and the share of pairs that reach them. */
  readonly rates: RateTable;
}

/** How often these log odds are reached; undefined for an empty table. */
export function rateAt(table: RateTable, logOdds: number): BoundedRate | undefined {
  const [first, last] = [table[0], table.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  if (logOdds < first[0]) return { rate: first[1], bound: 'at-least' };
  if (logOdds >= last[0]) return { rate: last[1], bound: logOdds > last[0] ? 'at-most' : 'measured' };
  const next = table.findIndex(([odds]) => odds > logOdds);
  const [below, rateBelow] = table[next - 1]!;
  const [above, rateAbove] = table[next]!;
  const part = (logOdds - below) / (above - below);
  return { rate: rateBelow * (rateAbove / rateBelow) ** part, bound: 'measured' };
}

/**
 * The log odds that are reached at most this often: those of the first entry where that is rarer already; undefined
 * where the whole table is more frequent.
 */
export function logOddsAt(table: RateTable, most: number): number | undefined {
  const at = table.findIndex(([, rate]) => rate <= most);
  const found = table[at];
  if (found === undefined) return undefined;
  const [logOdds, rate] = found;
  const before = table[at - 1];
  if (before === undefined) return logOdds;
  const part = Math.log(before[1] / most) / Math.log(before[1] / rate);
  return before[0] + part * (logOdds - before[0]);
}

/** Whether something that was read from a file is such a table. */
export function isRateTable(value: unknown): value is RateTable {
  return Array.isArray(value) && value.every(isEntry);
}

function isEntry(entry: unknown, i: number, all: readonly unknown[]): boolean {
  if (!Array.isArray(entry) || !entry.every(Number.isFinite)) return false;
  const before = all[i - 1] as RateTable[number] | undefined;
  return entry[1] > 0 && entry[1] < 1 && (!before || (entry[0] >= before[0] && entry[1] < before[1]));
}

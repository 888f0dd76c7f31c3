/** Which photos are held out to measure with: by what they contain, so that it stays the same run after run. */

import { hashToUnit } from '../core/random.ts';

export interface SplitItem {
  readonly sha256: string;
  readonly label: string;
  /** Near-duplicates share it; without one an item stands alone. */
  readonly group?: number;
}

export interface Split<T> {
  readonly training: readonly T[];
  readonly validation: readonly T[];
}

interface Group {
  readonly labels: Set<string>;
  /** The smallest sha256 of its members. */
  name: string;
}

/** Fewer photos than this that are not copies of each other are too few to learn from and to measure with. */
const fewestGroups = 3;

/**
 * Holds out about this share of the items. A photo's place follows from its content, so renamed or moved files
 * and folders change nothing, and photos that are added leave the others where they are, except where
 *
 * - their label reaches three independent photos: below that nothing of it is held out;
 * - all photos of their label were held out but one, brought back to train on, which is then free to go;
 * - one of them is a near-duplicate with a smaller sha256 than the rest of its group. A group stays on one
 *   side, and one member must speak for it. A new one takes over with probability 1 / (size of the group) and
 *   then lands on the other side in a third of the cases (at a share of 20 %). A place that every member has
 *   a say in would move more often; "training if any member is" less often, but would never hold out a burst
 *   of photos, and what is measured would be the odd ones out.
 *
 * @param validation from 0 up to, not including, 1
 */
export function splitByHash<T extends SplitItem>(
  items: readonly T[],
  { validation }: { readonly validation: number },
): Split<T> {
  if (!(validation >= 0 && validation < 1)) throw new RangeError(`cannot hold out a share of ${validation}`);
  const groups = new Map<number | string, Group>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) {
      groups.set(keyOf(item), { labels: new Set([item.label]), name: item.sha256 });
    } else {
      group.labels.add(item.label);
      if (item.sha256 < group.name) group.name = item.sha256;
    }
  }
  const training = new Set<Group>();
  for (const group of groups.values()) if (placeOf(group) >= validation) training.add(group);
  for (const group of broughtBack([...groups.values()], training)) training.add(group);
  const trains = (item: T): boolean => training.has(groups.get(keyOf(item))!);
  return { training: items.filter(trains), validation: items.filter((item) => !trains(item)) };
}

function keyOf({ group, sha256 }: SplitItem): number | string {
  return group ?? sha256;
}

/**
 * Below the share: held out. The last digits, because the first are small for having been chosen as the
 * smallest: by them a group of five would be held out with probability 1 − 0.8⁵, not 0.2.
 */
function placeOf({ name }: Group): number {
  return hashToUnit(name.slice(-12));
}

/** The groups that a label cannot spare. Each label is looked at alone, so their order makes no difference. */
function broughtBack(groups: readonly Group[], training: ReadonlySet<Group>): Group[] {
  const ofLabel = new Map<string, Group[]>();
  for (const group of groups) {
    for (const label of group.labels) ofLabel.set(label, [...(ofLabel.get(label) ?? []), group]);
  }
  return [...ofLabel.values()].flatMap((own) => {
    if (own.length < fewestGroups) return own;
    if (own.some((group) => training.has(group))) return [];
    return [own.reduce((a, b) => (placeOf(b) > placeOf(a) ? b : a))];
  });
}

export interface ThreeWaySplit<T> {
  /** To learn from. */
  readonly training: readonly T[];
  /** To choose by. */
  readonly validation: readonly T[];
  /** To measure the choice with. */
  readonly testing: readonly T[];
}

/**
 * The same twice: first the testing share is held out, then the validation share of all from what is left.
 *
 * @param shares together below 1
 */
export function splitInThree<T extends SplitItem>(
  items: readonly T[],
  shares: { readonly validation: number; readonly testing: number },
): ThreeWaySplit<T> {
  const { training: rest, validation: testing } = splitByHash(items, { validation: shares.testing });
  // A hash below the testing share that is still here was brought back to train on, and stays.
  const { training, validation } = splitByHash(rest, { validation: shares.testing + shares.validation });
  return { training, validation, testing };
}

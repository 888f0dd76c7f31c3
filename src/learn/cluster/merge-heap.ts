/** Pairs of groups that may be joined, the likeliest first: a binary heap in arrays of numbers. */

export interface MergeHeap {
  push(odds: number, a: number, b: number): void;
  /** The likeliest pair; of equals, the one with the lowest numbers. */
  first(): { readonly odds: number; readonly a: number; readonly b: number } | undefined;
  drop(): void;
}

export function openMergeHeap(): MergeHeap {
  let odds = new Float64Array(1024);
  let groups = new Int32Array(2048);
  let size = 0;
  const isBefore = (i: number, j: number): boolean => {
    if (odds[i] !== odds[j]) return odds[i]! > odds[j]!;
    if (groups[2 * i] !== groups[2 * j]) return groups[2 * i]! < groups[2 * j]!;
    return groups[2 * i + 1]! < groups[2 * j + 1]!;
  };
  const swap = (i: number, j: number): void => {
    [odds[i], odds[j]] = [odds[j]!, odds[i]!];
    [groups[2 * i], groups[2 * j]] = [groups[2 * j]!, groups[2 * i]!];
    [groups[2 * i + 1], groups[2 * j + 1]] = [groups[2 * j + 1]!, groups[2 * i + 1]!];
  };
  return {
    push(value, a, b) {
      if (size === odds.length) {
        const [wider, more] = [new Float64Array(2 * size), new Int32Array(4 * size)];
        wider.set(odds);
        more.set(groups);
        [odds, groups] = [wider, more];
      }
      let at = size++;
      odds[at] = value;
      groups[2 * at] = Math.min(a, b);
      groups[2 * at + 1] = Math.max(a, b);
      while (at > 0 && isBefore(at, (at - 1) >> 1)) {
        swap(at, (at - 1) >> 1);
        at = (at - 1) >> 1;
      }
    },
    first: () => (size === 0 ? undefined : { odds: odds[0]!, a: groups[0]!, b: groups[1]! }),
    drop() {
      swap(0, --size);
      for (let at = 0; ; ) {
        let next = at;
        for (const child of [2 * at + 1, 2 * at + 2]) if (child < size && isBefore(child, next)) next = child;
        if (next === at) return;
        swap(at, next);
        at = next;
      }
    },
  };
}

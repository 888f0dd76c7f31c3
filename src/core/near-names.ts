/** Names that come near a mistyped one. */

/** @returns the nearest names, the nearest first */
export function nearNames(wanted: string, names: readonly string[], most = 5): readonly string[] {
  const distances = new Map(names.map((name) => [name, distance(wanted.toLowerCase(), name.toLowerCase())]));
  return names.toSorted((a, b) => distances.get(a)! - distances.get(b)!).slice(0, most);
}

/** How many characters have to be changed, added or left out (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = row[j - 1]! + Number(a[i - 1] !== b[j - 1]);
      next.push(Math.min(changed, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}

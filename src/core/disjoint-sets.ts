/** Things that are joined two by two: which of them belong together (union–find; Tarjan 1975). */

export interface DisjointSets {
  /** The first one of those that belong together with it. */
  first(i: number): number;
  join(a: number, b: number): void;
}

/** @param count things, numbered from 0, each of them alone */
export function disjointSets(count: number): DisjointSets {
  const parent = Int32Array.from({ length: count }, (_, i) => i);
  const first = (i: number): number => {
    let root = i;
    while (parent[root] !== root) root = parent[root] = parent[parent[root]!]!;
    return root;
  };
  return {
    first,
    join(a, b) {
      const [one, other] = [first(a), first(b)];
      parent[Math.max(one, other)] = Math.min(one, other);
    },
  };
}

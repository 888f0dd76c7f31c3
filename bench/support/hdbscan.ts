/** HDBSCAN (Campello, Moulavi & Sander, 2013), groups of two faces or more; what is in none is a group of its own. */

import type { Similarities } from './cluster-rivals.ts';

/** A cluster of the condensed tree. */
interface Cluster {
  readonly members: readonly number[];
  /** 1 / distance at which it came to be. */
  readonly born: number;
  children: Cluster[];
  stability: number;
}

/** @param neighbours the distance to the so-many-th is the least that counts */
export function hdbscan({ faces, of }: Similarities, neighbours: number): number[][] {
  if (faces < 2) return Array.from({ length: faces }, (_, i) => [i]);
  const distance = (a: number, b: number): number => Math.max(1e-6, 1 - of[a * faces + b]!);
  const core = Float64Array.from({ length: faces }, (_, a) => {
    const others = Float64Array.from({ length: faces }, (_unused, b) => (a === b ? 2 : distance(a, b)));
    return others.toSorted()[neighbours - 1]!;
  });
  const edges = spanningTree(faces, (a, b) => Math.max(core[a]!, core[b]!, distance(a, b)));
  const root: Cluster = { members: [...core.keys()], born: 0, children: [], stability: 0 };
  grow(root, treeOf(faces, edges));
  const chosen = best(root.children).map(({ members }) => members);
  const taken = new Set(chosen.flat());
  return [
    ...chosen.map((group) => [...group]),
    ...[...core.keys()].filter((i) => !taken.has(i)).map((i) => [i]),
  ];
}

interface Edge {
  readonly a: number;
  readonly b: number;
  readonly length: number;
}

/** Prim's. */
function spanningTree(count: number, length: (a: number, b: number) => number): Edge[] {
  const nearest = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  const from = new Int32Array(count);
  const isIn = new Uint8Array(count);
  const edges: Edge[] = [];
  for (let at = 0; edges.length < count - 1; ) {
    isIn[at] = 1;
    let next = -1;
    for (let b = 0; b < count; b++) {
      if (isIn[b]) continue;
      const own = length(at, b);
      if (own < nearest[b]!) [nearest[b], from[b]] = [own, at];
      if (next < 0 || nearest[b]! < nearest[next]!) next = b;
    }
    edges.push({ a: from[next]!, b: next, length: nearest[next]! });
    at = next;
  }
  return edges.toSorted((a, b) => a.length - b.length);
}

/** A single face, or two parts that are joined at a distance. */
interface Part {
  readonly members: readonly number[];
  readonly length: number;
  readonly halves: readonly Part[];
}

function treeOf(count: number, edges: readonly Edge[]): Part {
  const parts = Array.from({ length: count }, (_, i): Part => ({ members: [i], length: 0, halves: [] }));
  const at = parts.map((_, i) => i);
  let last = parts[0]!;
  for (const { a, b, length } of edges) {
    const halves = [parts[at[a]!]!, parts[at[b]!]!];
    last = { members: halves.flatMap(({ members }) => members), length, halves };
    parts.push(last);
    for (const member of last.members) at[member] = parts.length - 1;
  }
  return last;
}

/** Follows a cluster down the tree until it falls into two of at least two faces. */
function grow(cluster: Cluster, whole: Part): void {
  for (let part = whole; ; ) {
    const density = 1 / part.length;
    const large = part.halves.filter(({ members }) => members.length >= 2);
    const leaving = large.length === 1 ? part.members.length - large[0]!.members.length : part.members.length;
    cluster.stability += leaving * (density - cluster.born);
    if (large.length === 1) {
      part = large[0]!;
      continue;
    }
    cluster.children = large.map(({ members }) => ({ members, born: density, children: [], stability: 0 }));
    for (const [i, child] of cluster.children.entries()) grow(child, large[i]!);
    return;
  }
}

/** Excess of mass: a cluster, or those that it falls into, whichever are more stable. */
function best(clusters: readonly Cluster[]): Cluster[] {
  return clusters.flatMap((cluster) => {
    const below = best(cluster.children);
    const sum = below.reduce((total, { stability }) => total + stability, 0);
    return cluster.stability >= sum ? [cluster] : below;
  });
}

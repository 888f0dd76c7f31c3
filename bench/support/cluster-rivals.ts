/** Other ways to group faces, each with one threshold on a similarity of two faces. */

import { UndirectedGraph } from 'graphology';
import louvainModule from 'graphology-communities-louvain';
import { disjointSets } from '../../src/core/disjoint-sets.ts';
import { groupedBy } from '../../src/core/grouped.ts';
import { seededRandom, shuffled } from '../../src/core/random.ts';
import { hdbscan } from './hdbscan.ts';

export interface Similarities {
  readonly faces: number;
  /** [faces × faces], symmetric */
  readonly of: Float32Array;
}

type Groups = number[][];

/** Its types promise a default export inside the module; there is the function itself. */
const communities = louvainModule as unknown as typeof louvainModule.default;

/** @param threshold in units of the similarity, but for rank-order */
export type Rival = (similarities: Similarities, threshold: number) => Groups;

export interface RivalOf {
  readonly name: string;
  readonly group: Rival;
  /** Thresholds to choose from, if they are no similarities. */
  readonly thresholds?: readonly number[];
}

export const rivals: readonly RivalOf[] = [
  { name: 'connected components', group: connected },
  { name: 'Chinese whispers', group: chineseWhispers },
  { name: 'Louvain', group: louvain },
  { name: 'rank-order', group: rankOrder, thresholds: [0.1, 0.2, 0.3, 0.4, 0.6, 0.8] },
  { name: 'greedy, as ente does', group: greedy },
  { name: 'average linkage, its best threshold', group: averageLinkage },
  // No threshold: what it takes for a group is two faces.
  { name: 'HDBSCAN', group: hdbscan, thresholds: [1, 2, 3, 4] },
];

function connected(similarities: Similarities, threshold: number): Groups {
  const sets = disjointSets(similarities.faces);
  for (const [a, b] of pairsFrom(similarities, threshold)) sets.join(a, b);
  return byLabel(Array.from({ length: similarities.faces }, (_, i) => sets.first(i)));
}

/** Biemann, "Chinese whispers", 2006; as dlib groups faces. */
function chineseWhispers(similarities: Similarities, threshold: number): Groups {
  const { faces } = similarities;
  const random = seededRandom(1);
  const near = Array.from({ length: faces }, (): number[] => []);
  for (const [a, b] of pairsFrom(similarities, threshold)) {
    near[a]!.push(b);
    near[b]!.push(a);
  }
  const labels = Int32Array.from({ length: faces }, (_, i) => i);
  for (let round = 0; round < 50; round++) {
    for (const a of shuffled([...near.keys()], random)) {
      const votes = new Map<number, number>();
      for (const b of near[a]!) votes.set(labels[b]!, (votes.get(labels[b]!) ?? 0) + 1);
      const best = [...votes].toSorted((c, d) => d[1] - c[1] || c[0] - d[0])[0];
      if (best) labels[a] = best[0];
    }
  }
  return byLabel([...labels]);
}

/** Blondel et al., "Fast unfolding of communities in large networks", 2008; by graphology. */
function louvain(similarities: Similarities, threshold: number): Groups {
  const graph = new UndirectedGraph();
  for (let i = 0; i < similarities.faces; i++) graph.addNode(i);
  for (const [a, b] of pairsFrom(similarities, threshold)) graph.addEdge(a, b);
  const labels = communities(graph, { rng: seededRandom(1) });
  return byLabel(Array.from({ length: similarities.faces }, (_, i) => labels[i]!));
}

/** Otto, Wang & Jain, "Clustering millions of faces by identity", 2017: whether two faces have the same neighbours. */
function rankOrder(similarities: Similarities, threshold: number): Groups {
  const { faces } = similarities;
  const near = nearest.get(similarities) ?? nearestOf(similarities);
  nearest.set(similarities, near);
  const ranks = near.map((list) => new Map(list.map((face, rank) => [face, rank])));
  const oneWay = (a: number, b: number): number => {
    const end = Math.min(ranks[a]!.get(b) ?? most, most - 1);
    return near[a]!.slice(0, end + 1).filter((face) => !ranks[b]!.has(face)).length;
  };
  const sets = disjointSets(faces);
  for (let a = 0; a < faces; a++) {
    for (const b of near[a]!) {
      if (b >= a || !ranks[b]!.has(a)) continue;
      const rank = Math.max(1, Math.min(ranks[a]!.get(b)!, ranks[b]!.get(a)!));
      if ((oneWay(a, b) + oneWay(b, a)) / rank < threshold) sets.join(a, b);
    }
  }
  return byLabel(Array.from({ length: faces }, (_, i) => sets.first(i)));
}

const most = 60;

/** It takes longer than all the rest, and is the same for each threshold. */
const nearest = new WeakMap<Similarities, number[][]>();

function nearestOf({ faces, of }: Similarities): number[][] {
  return Array.from({ length: faces }, (_, a) => {
    const own = of.subarray(a * faces, (a + 1) * faces);
    const least = own.toSorted()[Math.max(0, faces - most)]!;
    return Array.from(own.keys())
      .filter((b) => own[b]! >= least)
      .toSorted((b, c) => own[c]! - own[b]!)
      .slice(0, most);
  });
}

/** One face after the other joins the group of the nearest one before it, if that is near enough; photos come as they may. */
function greedy({ faces, of }: Similarities, threshold: number): Groups {
  const labels: number[] = [];
  const order = shuffled(
    Array.from({ length: faces }, (_, i) => i),
    seededRandom(1),
  );
  for (const [at, a] of order.entries()) {
    let best = a;
    for (const b of order.slice(0, at))
      if (best === a || of[a * faces + b]! > of[a * faces + best]!) best = b;
    labels[a] = best !== a && of[a * faces + best]! >= threshold ? labels[best]! : a;
  }
  return byLabel(labels);
}

/** By the mean similarity of all pairs: what whosin did before, with a lower threshold. */
export function averageLinkage({ faces, of }: Similarities, threshold: number): Groups {
  const sums = Float64Array.from(of);
  const members: (number[] | undefined)[] = Array.from({ length: faces }, (_, i) => [i]);
  const best = new Int32Array(faces).fill(-1);
  const mean = (a: number, b: number): number =>
    sums[a * faces + b]! / (members[a]!.length * members[b]!.length);
  const look = (a: number): void => {
    best[a] = -1;
    for (let b = 0; b < faces; b++) {
      if (b !== a && members[b] && (best[a] < 0 || mean(a, b) > mean(a, best[a]))) best[a] = b;
    }
  };
  for (let a = 0; a < faces; a++) look(a);
  for (;;) {
    let at = -1;
    for (let a = 0; a < faces; a++) {
      if (members[a] && best[a]! >= 0 && (at < 0 || mean(a, best[a]!) > mean(at, best[at]!))) at = a;
    }
    if (at < 0 || mean(at, best[at]!) < threshold) return members.filter((group) => group !== undefined);
    const gone = best[at]!;
    members[at]!.push(...members[gone]!);
    members[gone] = undefined;
    for (let c = 0; c < faces; c++) {
      sums[at * faces + c]! += sums[gone * faces + c]!;
      if (c !== at) sums[c * faces + at]! += sums[c * faces + gone]!;
    }
    for (let c = 0; c < faces; c++) {
      if (!members[c]) continue;
      if (c === at || best[c] === at || best[c] === gone) look(c);
      else if (mean(c, at) > mean(c, best[c]!)) best[c] = at;
    }
  }
}

function* pairsFrom({ faces, of }: Similarities, threshold: number): Generator<[number, number]> {
  for (let a = 0; a < faces; a++) {
    for (let b = 0; b < a; b++) if (of[a * faces + b]! >= threshold) yield [a, b];
  }
}

function byLabel(labels: readonly number[]): Groups {
  return [...groupedBy(labels.keys(), (i) => labels[i]!).values()];
}

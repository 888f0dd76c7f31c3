/**
 * Neighbours among very many faces: every face is compared with all before it by a few of its numbers, rounded
 * (src/learn/search), and exactly only if that leaves hope.
 */

import { type Component, type EnrolledFace, enrol, type TwoCovariance } from '../odds/two-covariance.ts';
import { type CoarseRows, coarseRows } from '../search/coarse-rows.ts';
import { openRowTable, type RowTable } from '../search/row-table.ts';
import type { Evidence, GroupOdds } from './evidence.ts';
import type { Neighbours } from './near.ts';

const columns = { codes: 24, bytes: 64 };

/** Faces by which numbers are chosen, and how far rounding leads astray is seen. */
const sampled = 2048;
const queried = 128;

/** For a face, among those before it. */
const mostNeighbours = 64;

/** Those with the highest scores, if somebody is in thousands of photos. */
const mostCompared = 160;

/** So many of a thousand neighbours may be lost by rounding. */
const lost = 5;

/** @returns nothing if the processor cannot */
export function scanForNeighbours(
  background: TwoCovariance,
  odds: GroupOdds,
  faces: readonly EnrolledFace[],
  singles: readonly Evidence[],
  floor: number,
): Neighbours | undefined {
  const table = openRowTable(faces.length, columns);
  if (table === undefined) return undefined;
  const sample = every(faces.length, sampled);
  // As if all were clear: how clear they are is a factor of the odds.
  const component = (i: number): Component =>
    enrol(background, [{ z: faces[i]!.z, quality: 1 }]).components[0]!;
  const coarse = coarseRows(sample.map(component), background.between, columns);
  const margins = marginsOf(coarse, component, odds, faces, singles, sample, floor);
  const pairs: number[] = [];
  const hits = openHits(faces.length);
  for (const [i, face] of faces.entries()) {
    table.set(i, coarse.encode(component(i)));
    scanBefore(table, coarse, face, i, floor, margins, hits);
    const found: { readonly row: number; readonly looks: number }[] = [];
    for (const row of hits.best(mostCompared)) {
      const looks = odds.looks(singles[i]!, singles[row]!);
      if (looks >= floor) found.push({ row, looks });
    }
    const kept =
      found.length <= mostNeighbours
        ? found
        : found.toSorted((a, b) => b.looks - a.looks || a.row - b.row).slice(0, mostNeighbours);
    for (const { row } of kept) pairs.push(i, row);
  }
  return { pairs: Int32Array.from(pairs) };
}

/** Rows that a scan found, without an object for each. */
interface Hits {
  clear(): void;
  add(row: number, score: number): void;
  /** About so many with the highest scores. */
  best(count: number): Int32Array;
}

function openHits(most: number): Hits {
  const rows = new Int32Array(most);
  const scores = new Int32Array(most);
  let count = 0;
  return {
    clear() {
      count = 0;
    },
    add(row, score) {
      rows[count] = row;
      scores[count++] = score;
    },
    best(wanted) {
      if (count > wanted) {
        const least = scores.subarray(0, count).toSorted()[count - wanted]!;
        let kept = 0;
        for (let hit = 0; hit < count; hit++) if (scores[hit]! >= least) rows[kept++] = rows[hit]!;
        count = kept;
      }
      return rows.subarray(0, count);
    },
  };
}

/** Log odds that a score may fall short of the exact one. */
interface Margins {
  readonly rough: number;
  readonly close: number;
}

function scanBefore(
  table: RowTable,
  coarse: CoarseRows,
  { z, quality }: EnrolledFace,
  rows: number,
  floor: number,
  margins: Margins,
  hits: Hits,
): void {
  // Odds count as far as both faces are clear.
  const least = floor > 0 ? floor / quality : floor;
  const { common, rough, query } = coarse.query(z);
  table.ask(query);
  hits.clear();
  table.scan(
    rows,
    Math.floor((least - margins.rough - rough.common) / rough.unit),
    Math.floor((least - margins.close - common) / coarse.unit),
    (row, _, score) => hits.add(row, score),
  );
}

function marginsOf(
  coarse: CoarseRows,
  component: (i: number) => Component,
  odds: GroupOdds,
  faces: readonly EnrolledFace[],
  singles: readonly Evidence[],
  sample: readonly number[],
  floor: number,
): Margins {
  const table = openRowTable(sample.length, columns)!;
  for (const [row, i] of sample.entries()) table.set(row, coarse.encode(component(i)));
  const short: { readonly rough: number; readonly close: number }[] = [];
  for (const own of every(sample.length, queried)) {
    const i = sample[own]!;
    const { common, rough, query } = coarse.query(faces[i]!.z);
    table.ask(query);
    table.scan(sample.length, -(2 ** 15), -(2 ** 31), (row, roughScore, score) => {
      if (row === own) return;
      const exact =
        odds.looks(singles[i]!, singles[sample[row]!]!) / (singles[i]!.trust * singles[sample[row]!]!.trust);
      // Those a little below are many more, and are led astray as much.
      if (exact < floor - 3) return;
      short.push({
        rough: exact - rough.common - rough.unit * roughScore,
        close: exact - common - coarse.unit * score,
      });
    });
  }
  const margin = (of: keyof Margins): number => {
    const sorted = Float64Array.from(short, (each) => each[of]).toSorted();
    return Math.max(0.5, sorted[Math.floor(sorted.length * (1 - lost / 1000))] ?? 3);
  };
  return { rough: margin('rough'), close: margin('close') };
}

/** So many indices, evenly spread. */
function every(length: number, count: number): number[] {
  const step = Math.max(1, length / count);
  return Array.from({ length: Math.min(length, count) }, (_, i) => Math.floor(i * step));
}

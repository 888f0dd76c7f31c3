/** Rows of bytes, each with a constant, that are scored against a query all at once. */

import { blockBytes, type Columns, hitBytes, openScan, queryBytes, rowsPerBlock } from './scan-kernel.ts';

export interface RowTable {
  /** @param bytes [columns] */
  set(row: number, constant: number, bytes: Int8Array): void;
  /** @param query [columns], what the bytes are multiplied with; holds until the next call */
  ask(query: Int16Array): void;
  /**
   * Calls `found` for each of the first `rows` rows that scores above `least`; rows that score no more than
   * `leastFirst` by the first columns alone may be left out.
   */
  scan(
    rows: number,
    leastFirst: number,
    least: number,
    found: (row: number, firstScore: number, score: number) => void,
  ): void;
}

/** Addresses are numbers of 31 bits. */
const mostBytes = 2 ** 31 - 2 ** 16;

/** @returns nothing where the processor lacks the instructions, or the rows are too many: more than 29 million */
export function openRowTable(count: number, columns: Columns): RowTable | undefined {
  const bytes = blockBytes(columns);
  const blocks = Math.ceil(count / rowsPerBlock);
  const firstAt = queryBytes(columns);
  const restAt = firstAt + blocks * bytes.first;
  const hitsAt = restAt + blocks * bytes.rest;
  const size = hitsAt + blocks * hitBytes;
  const opened = size > mostBytes ? undefined : openScan(columns, size);
  if (opened === undefined) return undefined;
  const { memory, scan } = opened;
  const [int8, int16, int32] = [Int8Array, Int16Array, Int32Array].map((view) => new view(memory.buffer)) as [
    Int8Array,
    Int16Array,
    Int32Array,
  ];
  return {
    set(row, constant, own) {
      const [block, lane] = [Math.floor(row / rowsPerBlock), row % rowsPerBlock];
      const first = firstAt + block * bytes.first;
      int32[first / 4 + lane] = constant;
      const [firstPairs, restPairs] = [first + 4 * rowsPerBlock, restAt + block * bytes.rest];
      for (let c = 0; c < columns.first; c++) int8[firstPairs + inBlock(c, lane)] = own[c]!;
      for (let c = 0; c < columns.rest; c++) int8[restPairs + inBlock(c, lane)] = own[columns.first + c]!;
    },
    ask(query) {
      for (const [c, value] of query.entries()) {
        for (let lane = 0; lane < 4; lane++) int16[8 * (c >> 1) + 2 * lane + (c & 1)] = value;
      }
    },
    scan(rows, leastFirst, least, found) {
      const end = firstAt + Math.ceil(rows / rowsPerBlock) * bytes.first;
      const hitsEnd = scan(0, firstAt, end, restAt, leastFirst, least, hitsAt) / 4;
      for (let hit = hitsAt / 4; hit < hitsEnd; hit += hitBytes / 4) {
        const row = int32[hit]! * rowsPerBlock;
        for (let lane = 0; lane < rowsPerBlock && row + lane < rows; lane++) {
          const score = int32[hit + 1 + rowsPerBlock + lane]!;
          if (score > least) found(row + lane, int32[hit + 1 + lane]!, score);
        }
      }
    },
  };
}

/** Where a byte of a row lies in the columns of its block: two columns side by side, row after row. */
function inBlock(column: number, lane: number): number {
  return 2 * rowsPerBlock * (column >> 1) + 2 * lane + (column & 1);
}

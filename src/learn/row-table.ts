/** Rows of bytes, each with its constants, that are scored against a query all at once. */

import { blockBytes, type Columns, hitBytes, openScan, queryBytes, rowsPerBlock } from './scan-kernel.ts';

/** What is added to a row's products: of the first columns, and of the rest. */
export interface Constants {
  readonly first: number;
  readonly rest: number;
}

export interface RowTable {
  /** @param bytes [columns] */
  set(row: number, constants: Constants, bytes: Int8Array): void;
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
    set(row, constants, own) {
      const [block, lane] = [Math.floor(row / rowsPerBlock), row % rowsPerBlock];
      const put = (at: number, constant: number, from: number, to: number): void => {
        int32[at / 4 + lane] = constant;
        // Two columns side by side, row after row.
        const pairs = at + 4 * rowsPerBlock + 2 * lane;
        for (let c = from; c < to; c++) int8[pairs + rowsPerBlock * ((c - from) & ~1) + (c & 1)] = own[c]!;
      };
      put(firstAt + block * bytes.first, constants.first, 0, columns.first);
      put(restAt + block * bytes.rest, constants.rest, columns.first, own.length);
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

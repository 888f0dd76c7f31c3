/** Rows of codes and of bytes, each with its constants, that are scored against a query all at once. */

import {
  blockBytes,
  type Columns,
  hitBytes,
  mostCodes,
  openScan,
  queryPlaces,
  rowsPerBlock,
} from './scan-kernel.ts';

export interface Row {
  /** [codes], 0 to 15 */
  readonly codes: Uint8Array;
  /** Factor of the codes' sum, 0 to 32,767 for 0 to 1. */
  readonly scale: number;
  /** int16 */
  readonly roughConstant: number;
  /** [bytes] */
  readonly bytes: Int8Array;
  /** int32 */
  readonly constant: number;
}

export interface Query {
  /** [codes × 16] what each code's meanings are worth, 0 to 127 */
  readonly values: Uint8Array;
  /** Added to their sum, int16: together with it no further from 0 than 127 a code. */
  readonly offset: number;
  /** Factor of rough constants, 0 to 32,767 for 0 to 1. */
  readonly factor: number;
  /** [bytes] what the bytes are multiplied with */
  readonly words: Int16Array;
}

export interface RowTable {
  set(row: number, own: Row): void;
  /** Holds until the next call. */
  ask(query: Query): void;
  /**
   * Calls `found` for each of the first `rows` rows that scores above `least` by its bytes; rows that score no more
   * than `leastRough` by their codes may be left out.
   */
  scan(
    rows: number,
    leastRough: number,
    least: number,
    found: (row: number, roughScore: number, score: number) => void,
  ): void;
}

/** A rough score is above it. */
const lowest = -(2 ** 15);

/** Addresses are numbers of 31 bits. */
const mostBytes = 2 ** 31 - 2 ** 16;

/** @returns nothing if the processor lacks the instructions, or the rows are too many: more than some 20 million */
export function openRowTable(count: number, columns: Columns): RowTable | undefined {
  const sizes = blockBytes(columns);
  const places = queryPlaces(columns);
  const blocks = Math.ceil(count / rowsPerBlock);
  const roughAt = places.end;
  const closeAt = roughAt + blocks * sizes.rough;
  const hitsAt = closeAt + blocks * sizes.close;
  const size = hitsAt + blocks * hitBytes;
  const opened = size > mostBytes || columns.codes > mostCodes ? undefined : openScan(columns, size);
  if (opened === undefined) return undefined;
  const { memory, scan } = opened;
  const uint8 = new Uint8Array(memory.buffer);
  const int8 = new Int8Array(memory.buffer);
  const int16 = new Int16Array(memory.buffer);
  const int32 = new Int32Array(memory.buffer);
  /** Among int16 numbers of a block, even rows first. */
  const inHalves = (lane: number): number => (lane >> 1) + (lane & 1) * (rowsPerBlock / 2);
  return {
    set(row, { codes, scale, roughConstant, bytes, constant }) {
      const [block, lane] = [Math.floor(row / rowsPerBlock), row % rowsPerBlock];
      const rough = roughAt + block * sizes.rough;
      for (let c = 0; c < codes.length; c += 2) {
        uint8[rough + (rowsPerBlock / 2) * c + lane] = codes[c]! | (codes[c + 1]! << 4);
      }
      const scales = (rough + (rowsPerBlock / 2) * codes.length) / 2 + inHalves(lane);
      int16[scales] = scale;
      int16[scales + rowsPerBlock] = roughConstant;
      const close = closeAt + block * sizes.close;
      int32[close / 4 + lane] = constant;
      // Two columns side by side, row after row.
      const pairs = close + 4 * rowsPerBlock + 2 * lane;
      for (let c = 0; c < bytes.length; c++) int8[pairs + rowsPerBlock * (c & ~1) + (c & 1)] = bytes[c]!;
    },
    ask({ values, offset, factor, words }) {
      uint8.set(values);
      int16.fill(offset, places.offset / 2, places.factor / 2);
      int16.fill(factor, places.factor / 2, places.pairs / 2);
      for (let c = 0; c < words.length; c++) {
        for (let lane = 0; lane < 4; lane++)
          int16[places.pairs / 2 + 8 * (c >> 1) + 2 * lane + (c & 1)] = words[c]!;
      }
    },
    scan(rows, leastRough, least, found) {
      const end = roughAt + Math.ceil(rows / rowsPerBlock) * sizes.rough;
      const hitsEnd = scan(0, roughAt, end, closeAt, Math.max(leastRough, lowest), least, hitsAt);
      for (let hit = hitsAt; hit < hitsEnd; hit += hitBytes) {
        const row = int32[hit / 4]! * rowsPerBlock;
        const scores = (hit + 4 + 2 * rowsPerBlock) / 4;
        for (let lane = 0; lane < rowsPerBlock && row + lane < rows; lane++) {
          const score = int32[scores + lane]!;
          if (score > least) found(row + lane, int16[(hit + 4) / 2 + inHalves(lane)]!, score);
        }
      }
    },
  };
}

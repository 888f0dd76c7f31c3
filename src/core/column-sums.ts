/** Rows of bytes added up, column by column: sixteen at a time where the processor has vectors. */

import { i32, openWasm, pageBytes, roomIn, v128, type WasmFunction } from './wasm-code.ts';
import { advance, i32Const, localGet, localSet, vector, whileBelow } from './wasm-loops.ts';

/** So many rows of the largest byte fit into 16 bits. */
export const mostRows = 257;

/** Adds rows up, of `line` bytes each and `mostRows` at most. The sums stay until the next ones. */
export type ColumnSums = (rows: Uint8Array, line: number) => Uint16Array;

/** For processors without SIMD. */
export function sumsByNumbers(): ColumnSums {
  let sums = new Uint16Array(0);
  return (rows, line) => {
    if (sums.length !== line) sums = new Uint16Array(line);
    else sums.fill(0);
    for (let from = 0; from < rows.length; from += line) {
      for (let i = 0; i < line; i++) sums[i]! += rows[from + i]!;
    }
    return sums;
  };
}

/** Bytes of a vector. */
const width = 16;

/** @returns nothing if the processor has no such instructions */
export function sumsBySimd(): ColumnSums | undefined {
  const wasm = openWasm([sumFunction()], pageBytes);
  if (wasm === undefined) return undefined;
  const { memory } = wasm;
  const { sum } = wasm.exports as {
    /** Adds the rows that lie from `from` to before `last` up, to the sums from `to` to before `end`. */
    readonly sum: (from: number, last: number, line: number, to: number, end: number) => void;
  };
  return (rows, line) => {
    // The last vector of a row reaches into the next one, and its sums behind the others.
    const to = Math.ceil((rows.length + width) / width) * width;
    roomIn(memory, to + 2 * (line + width)).set(rows);
    sum(0, rows.length, line, to, to + 2 * line);
    return new Uint16Array(memory.buffer, to, line);
  };
}

// Instructions, by the names of the specification.
const [v128Load, v128Store, v128Const] = [0x00, 0x0b, 0x0c];
const [i16x8ExtendLow, i16x8ExtendHigh, i16x8Add] = [0x89, 0x8a, 0x8e];

function sumFunction(): WasmFunction {
  const [from, last, line, to, end, row, low, high, bytes] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  const zero = [...vector(v128Const), ...Array<number>(width).fill(0)];
  const grow = (sums: number, extend: number): number[] => {
    const sum = [localGet, sums, localGet, bytes, ...vector(extend), ...vector(i16x8Add)];
    return [...sum, localSet, sums];
  };
  const body = whileBelow(to, end, [
    [...zero, localSet, low, ...zero, localSet, high, localGet, from, localSet, row],
    whileBelow(row, last, [
      [localGet, row, ...vector(v128Load), 0, 0, localSet, bytes],
      [...grow(low, i16x8ExtendLow), ...grow(high, i16x8ExtendHigh)],
      advance(row, [localGet, line]),
    ]),
    [localGet, to, localGet, low, ...vector(v128Store), 0, 0],
    [localGet, to, localGet, high, ...vector(v128Store), 0, width],
    [...advance(from, [i32Const, width]), ...advance(to, [i32Const, 2 * width])],
  ]);
  return { name: 'sum', parameters: 5, returns: false, locals: [2, 1, i32, 3, v128], body };
}

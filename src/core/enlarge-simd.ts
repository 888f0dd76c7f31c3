/** Mixes four pixels of a row, and then of a column, by SIMD. */

import { i32, openWasm, pageBytes, roomIn, signed, v128, type WasmFunction } from './wasm-code.ts';
import {
  advance,
  i32Add,
  i32Const,
  localGet,
  localSet,
  none,
  swizzle,
  vector,
  whileBelow,
} from './wasm-loops.ts';

/** Addresses are in bytes of `room`. Both functions may write up to sixteen bytes past their end. */
export interface Enlarging {
  /** Memory of at least so many bytes, and a few more; the bytes from before may be gone. */
  room(bytes: number): Uint8Array;
  /** A column is the address of its first pixel, and the weights of two pairs of pixels (int32 each, a pair's as int16). */
  readonly columnBytes: number;
  /** A row with more pixels: int16, for it goes a little beyond what bytes hold. Columns lie between two addresses. */
  widen(columns: number, end: number, to: number): void;
  /** Four such rows become one of bytes: each pixel by the same weights. */
  stack(
    first: number,
    second: number,
    third: number,
    fourth: number,
    above: number,
    below: number,
    to: number,
    end: number,
  ): void;
}

const spare = 64;

/** @returns nothing if the processor has no such instructions */
export function openEnlarging(): Enlarging | undefined {
  const wasm = openWasm([widenBySimd(), stackBySimd()], pageBytes);
  if (wasm === undefined) return undefined;
  const { memory } = wasm;
  const { widen, stack } = wasm.exports as Pick<Enlarging, 'widen' | 'stack'>;
  return {
    room: (bytes) => roomIn(memory, bytes + spare),
    columnBytes,
    widen,
    stack,
  };
}

// Instructions, by the names of the specification.
const i32Load = 0x28;
const [v128Load, v128Load32Splat, v128Store, v128Store64Lane] = [0x00, 0x09, 0x0b, 0x5b];
const [i8x16Shuffle, i8x16Swizzle, i8x16NarrowI16x8u, i16x8NarrowI32x4s] = [0x0d, 0x0e, 0x66, 0x85];
const [i32x4Splat, i32x4ShrS, i32x4Add, i32x4DotI16x8s] = [0x11, 0xac, 0xae, 0xba];

const columnBytes = 12;

/** Weights are parts of 2¹². */
const rounded = [
  [i32Const, ...signed(2048), ...vector(i32x4Splat), ...vector(i32x4Add)],
  [i32Const, 12, ...vector(i32x4ShrS)],
].flat();

/** A pixel at a time, its channels in 32 bits. */
function widenBySimd(): WasmFunction {
  const [column, last, to, near, far, pixels] = [0, 1, 2, 3, 4, 5];
  // Each channel of one pixel beside that of the next one.
  const pairs = (at: number): number[] => swizzle([0, 3, 1, 4, 2, 5].flatMap((place) => [at + place, none]));
  const weighted = (places: number, weights: number): number[] =>
    [
      [localGet, pixels, localGet, places, ...vector(i8x16Swizzle)],
      [localGet, column, ...vector(v128Load32Splat), 0, weights, ...vector(i32x4DotI16x8s)],
    ].flat();
  const body = [
    [...pairs(0), localSet, near, ...pairs(6), localSet, far],
    whileBelow(column, last, [
      [localGet, column, i32Load, 0, 0, ...vector(v128Load), 0, 0, localSet, pixels],
      [localGet, to, ...weighted(near, 4), ...weighted(far, 8), ...vector(i32x4Add), ...rounded],
      [localGet, near, ...vector(i16x8NarrowI32x4s), ...vector(v128Store64Lane), 0, 0, 0],
      [...advance(column, [i32Const, columnBytes]), ...advance(to, [i32Const, 6])],
    ]),
  ].flat();
  return { name: 'widen', parameters: 3, returns: false, locals: [1, 3, v128], body };
}

/** Sixteen channels at a time. */
function stackBySimd(): WasmFunction {
  const rows = [0, 1, 2, 3];
  const [above, below, to, last, at, weightsAbove, weightsBelow] = [4, 5, 6, 7, 8, 9, 10];
  const load = (row: number, offset: number): number[] => [
    localGet,
    row,
    localGet,
    at,
    i32Add,
    ...vector(v128Load),
    0,
    offset,
  ];
  // Four channels of a row, each beside that of the next one.
  const pairs = (row: number, offset: number, half: number): number[] =>
    [
      [...load(row, offset), ...load(row + 1, offset), ...vector(i8x16Shuffle)],
      [0, 2, 4, 6].flatMap((place) => [0, 1, 16, 17].map((byte) => byte + place + half)),
    ].flat();
  const four = (offset: number, half: number): number[] =>
    [
      [...pairs(0, offset, half), localGet, weightsAbove, ...vector(i32x4DotI16x8s)],
      [...pairs(2, offset, half), localGet, weightsBelow, ...vector(i32x4DotI16x8s)],
      [...vector(i32x4Add), ...rounded],
    ].flat();
  const eight = (offset: number): number[] => [
    ...four(offset, 0),
    ...four(offset, 8),
    ...vector(i16x8NarrowI32x4s),
  ];
  const body = [
    [localGet, above, ...vector(i32x4Splat), localSet, weightsAbove],
    [localGet, below, ...vector(i32x4Splat), localSet, weightsBelow],
    whileBelow(to, last, [
      [localGet, to, ...eight(0), ...eight(16), ...vector(i8x16NarrowI16x8u), ...vector(v128Store), 0, 0],
      [...advance(at, [i32Const, 32]), ...advance(to, [i32Const, 16])],
    ]),
  ].flat();
  return { name: 'stack', parameters: rows.length + 4, returns: false, locals: [2, 1, i32, 2, v128], body };
}

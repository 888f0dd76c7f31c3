/** The functions of `PixelRows` by SIMD, in a third of the time; their results are the same to the last bit. */

import { fractionBits, type PixelRows, spare } from './pixel-rows.ts';
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

/** @returns nothing if the processor has no such instructions */
export function rowsBySimd(): PixelRows | undefined {
  const wasm = openWasm([halveBySimd(), sampleBySimd(), mirrorBySimd()], pageBytes);
  if (wasm === undefined) return undefined;
  const { memory } = wasm;
  const { halve, sample, mirror } = wasm.exports as Pick<PixelRows, 'halve' | 'sample' | 'mirror'>;
  return {
    room: (bytes) => roomIn(memory, bytes + spare),
    halve,
    sample,
    mirror,
  };
}

// Instructions, by the names of the specification.
const [i32Mul, i32And, i32ShrS, i32Store] = [0x6c, 0x71, 0x75, 0x36];
const [v128Load, v128Store, i8x16Swizzle, v128Load64Zero, v128Store64Lane] = [0x00, 0x0b, 0x0e, 0x5d, 0x5b];
const [i16x8Splat, i16x8Add, i16x8ShrU, i8x16NarrowI16x8u] = [0x10, 0x8e, 0x8d, 0x66];
const [i32x4Splat, i32x4ExtractLane, i32x4Shl, i32x4Add, i32x4Sub, i32x4Mul, i32x4DotI16x8s] = [
  0x11, 0x1b, 0xab, 0xae, 0xb1, 0xb5, 0xba,
];

/** Two pixels at a time, each channel in 16 bits. */
function halveBySimd(): WasmFunction {
  const [above, below, to, last, left, right, sum] = [0, 1, 2, 3, 4, 5, 6];
  const pixelsAt = (...first: readonly number[]): number[] =>
    swizzle(first.flatMap((at) => [at, none, at + 1, none, at + 2, none]));
  const load = (row: number): number[] => [localGet, row, ...vector(v128Load), 0, 0];
  const taken = (row: number, places: number): number[] => [
    ...load(row),
    localGet,
    places,
    ...vector(i8x16Swizzle),
  ];
  const body = [
    [...pixelsAt(0, 6), localSet, left, ...pixelsAt(3, 9), localSet, right],
    whileBelow(to, last, [
      [...taken(above, left), ...taken(above, right), ...vector(i16x8Add)],
      [...taken(below, left), ...taken(below, right), ...vector(i16x8Add), ...vector(i16x8Add)],
      [i32Const, 2, ...vector(i16x8Splat), ...vector(i16x8Add)],
      [i32Const, 2, ...vector(i16x8ShrU), localSet, sum],
      [localGet, to, localGet, sum, localGet, sum, ...vector(i8x16NarrowI16x8u)],
      [...vector(v128Store64Lane), 0, 0, 0],
      [...advance(above, [i32Const, 12]), ...advance(below, [i32Const, 12])],
      advance(to, [i32Const, 6]),
    ]),
  ].flat();
  return { name: 'halve', parameters: 4, returns: false, locals: [1, 3, v128], body };
}

/** A pixel at a time, its channels in 32 bits. */
function sampleBySimd(): WasmFunction {
  const [source, line, to, last, x, y, stepX, stepY] = [0, 1, 2, 3, 4, 5, 6, 7];
  const [at, pairs, tops, weights, above] = [8, 9, 10, 11, 12];
  const whole = (place: number): number[] => [localGet, place, i32Const, fractionBits, i32ShrS];
  const shift = [i32Const, fractionBits - 8, i32ShrS, i32Const, ...signed(255), i32And];
  // The weights of 256 − right and right, in the two halves of 32 bits.
  const both = [i32Const, ...signed(65_535), i32Mul, i32Const, ...signed(256), i32Add];
  const row = [
    [localGet, at, ...vector(v128Load64Zero), 0, 0, localGet, pairs, ...vector(i8x16Swizzle)],
    [localGet, weights, ...vector(i32x4DotI16x8s)],
  ].flat();
  const body = [
    // Each channel of one pixel beside that of the next one; the third byte of each result, which is it by 2¹⁶.
    [...swizzle([0, 3, 1, 4, 2, 5].flatMap((place) => [place, none])), localSet, pairs],
    [...swizzle([2, 6, 10]), localSet, tops],
    whileBelow(to, last, [
      [localGet, source, ...whole(y), localGet, line, i32Mul, i32Add],
      [...whole(x), i32Const, 3, i32Mul, i32Add, localSet, at],
      [localGet, x, ...shift, ...both, ...vector(i32x4Splat), localSet, weights],
      [...row, localSet, above, ...advance(at, [localGet, line])],
      [localGet, to, localGet, above, i32Const, 8, ...vector(i32x4Shl)],
      [...row, localGet, above, ...vector(i32x4Sub)],
      [localGet, y, ...shift, ...vector(i32x4Splat), ...vector(i32x4Mul), ...vector(i32x4Add)],
      [i32Const, ...signed(32_768), ...vector(i32x4Splat), ...vector(i32x4Add)],
      [localGet, tops, ...vector(i8x16Swizzle), ...vector(i32x4ExtractLane), 0, i32Store, 0, 0],
      [...advance(x, [localGet, stepX]), ...advance(y, [localGet, stepY])],
      advance(to, [i32Const, 3]),
    ]),
  ].flat();
  return { name: 'sample', parameters: 8, returns: false, locals: [2, 1, i32, 4, v128], body };
}

/** Five pixels at a time. */
function mirrorBySimd(): WasmFunction {
  const [from, to, last] = [0, 1, 2];
  const fromBehind = [4, 3, 2, 1, 0].flatMap((pixel) => [pixel * 3, pixel * 3 + 1, pixel * 3 + 2]);
  const body = whileBelow(to, last, [
    advance(from, [i32Const, ...signed(-15)]),
    [localGet, to, localGet, from, ...vector(v128Load), 0, 0, ...swizzle(fromBehind)],
    [...vector(i8x16Swizzle), ...vector(v128Store), 0, 0],
    advance(to, [i32Const, 15]),
  ]);
  return { name: 'mirror', parameters: 3, returns: false, locals: [0], body };
}

/**
 * A WebAssembly function that scores many rows against one query: it looks up sixteen numbers, or multiplies and adds eight pairs,
 * in one instruction.
 *
 * Every row is scored twice: roughly by codes of four bits, whose values for the query are looked up ("fast scan": André
 * et al., "Cache locality is not enough", VLDB 2015), and, if that score is high enough for the shortlist, closely by bytes.
 */

import {
  i32,
  openWasm,
  signed,
  simd,
  unsigned,
  v128,
  type WasmFunction,
  type WasmMemory,
} from '../../core/wasm-code.ts';

/** Rows that are scored side by side. */
export const rowsPerBlock = 16;

/** A hit: the number of a block (int32), its rows' rough scores (int16, even rows first), their close ones (int32). */
export const hitBytes = 4 + 6 * rowsPerBlock;

/** The numbers of codes (four bits each) and of bytes in a row; both even. */
export interface Columns {
  readonly codes: number;
  readonly bytes: number;
}

/** Rough scores are added up in sixteen bits: of more codes they might not fit. */
export const mostCodes = 64;

/**
 * Scores blocks of rows, and writes a hit for each block that has a row above `leastRough` by the codes and one above
 * `least` by the bytes.
 *
 * Addresses are in bytes. A query is, for each code, the values (uint8, at most 127) of its sixteen meanings; what is
 * added to their sum, and the factor of the constants (int16, each eight times); then two columns after the other, the
 * pair of int16 numbers four times. A rough block is the codes, two in a byte, of all rows; then their scales, then
 * their constants (int16, even rows first). A close block is its rows' constants (int32), then two columns after the
 * other, int8 [rowsPerBlock × 2].
 *
 * The rough score is 4 · sum · scale / 2^15 + constant · factor / 2^15.
 *
 * @param end address after the last rough block
 * @returns the address after the last hit
 */
export type Scan = (
  query: number,
  rough: number,
  end: number,
  close: number,
  leastRough: number,
  least: number,
  hits: number,
) => number;

/** Bytes of a rough block, and of a close one. */
export function blockBytes({ codes, bytes }: Columns): { readonly rough: number; readonly close: number } {
  return { rough: rowsPerBlock * (codes / 2 + 4), close: rowsPerBlock * (4 + bytes) };
}

/** Places in a query: of the offset, of the factor, of the pairs, and its end. */
export function queryPlaces({ codes, bytes }: Columns): {
  readonly offset: number;
  readonly factor: number;
  readonly pairs: number;
  readonly end: number;
} {
  const offset = 16 * codes;
  return { offset, factor: offset + 16, pairs: offset + 32, end: offset + 32 + 8 * bytes };
}

/** @returns nothing if the processor has no such instructions */
export function openScan(
  columns: Columns,
  bytes: number,
): { readonly memory: WasmMemory; readonly scan: Scan } | undefined {
  const wasm = openWasm([scanFunction(columns)], bytes);
  return wasm && { memory: wasm.memory, ...(wasm.exports as { readonly scan: Scan }) };
}

// Instructions, by the names of the specification.
const [block, loop, end, empty] = [0x02, 0x03, 0x0b, 0x40];
const [br, brIf] = [0x0c, 0x0d];
const [localGet, localSet] = [0x20, 0x21];
const [i32Const, i32Add, i32Eqz, i32GeU, i32Store] = [0x41, 0x6a, 0x45, 0x4f, 0x36];
const [v128Load, v128Load8x8s, v128Store, v128Const] = [0x00, 0x01, 0x0b, 0x0c];
const [i8x16Swizzle, i8x16Add, v128And, v128Or, v128AnyTrue] = [0x0e, 0x6e, 0x4e, 0x50, 0x53];
const [i16x8Splat, i16x8GtS, i16x8Shl, i16x8ShrU] = [0x10, 0x31, 0x8b, 0x8d];
const [i16x8Add, i16x8AddSatS, i16x8Sub, i16x8Q15MulrSatS] = [0x8e, 0x8f, 0x91, 0x82];
const [i32x4Splat, i32x4GtS, i32x4Add, i32x4DotI16x8s] = [0x11, 0x3b, 0xae, 0xba];

/** The parameters of `Scan`, and then the function's own variables. */
const [query, rough, roughEnd, close, leastRough, least, hit] = [0, 1, 2, 3, 4, 5, 6];
const [number, limitRough, limit, lowBits, factors, even, odd, sums] = [7, 8, 9, 10, 11, 12, 13, 14];

const lanes = 4;
const every = [...Array(rowsPerBlock / lanes).keys()];
const [columnsAt, pairBytes] = [4 * rowsPerBlock, 2 * rowsPerBlock];

function scanFunction(columns: Columns): WasmFunction {
  const sizes = blockBytes(columns);
  const body = [
    [localGet, leastRough, simd, i16x8Splat, localSet, limitRough],
    [localGet, least, simd, i32x4Splat, localSet, limit],
    [simd, v128Const, ...Array<number>(16).fill(0x0f), localSet, lowBits],
    [block, empty, loop, empty],
    [localGet, rough, localGet, roughEnd, i32GeU, brIf, 1],
    // Leaving this block is going on to the next rows.
    [block, empty],
    roughScores(columns),
    leaveUnless([even, odd].map((sum) => [localGet, sum, localGet, limitRough, simd, i16x8GtS])),
    [localGet, hit, localGet, even, ...store(4)],
    [localGet, hit, localGet, odd, ...store(4 + rowsPerBlock)],
    ...every.map((s) => [...load(v128Load, close, 16 * s), localSet, sums + s]),
    ...evenNumbers(columns.bytes).map((c) => addProducts(queryPlaces(columns).pairs + 8 * c, c / 2)),
    leaveUnless(every.map((s) => [localGet, sums + s, localGet, limit, simd, i32x4GtS])),
    ...every.map((s) => [localGet, hit, localGet, sums + s, ...store(4 + 2 * rowsPerBlock + 16 * s)]),
    [localGet, hit, localGet, number, i32Store, 2, 0],
    advance(hit, hitBytes),
    [end],
    advance(rough, sizes.rough),
    advance(close, sizes.close),
    advance(number, 1),
    [br, 0, end, end],
    [localGet, hit],
  ];
  const locals = [2, 1, i32, 6 + every.length, v128];
  return { name: 'scan', parameters: 7, returns: true, locals, body: body.flat() };
}

/** Sums of eight even rows and of eight odd ones: the values of two rows are added to both, and taken apart at the end. */
function roughScores(columns: Columns): number[] {
  const { offset, factor } = queryPlaces(columns);
  const [shiftLeft, shiftRight] = [simd16(i16x8Shl), simd16(i16x8ShrU)];
  const addUp = evenNumbers(columns.codes).flatMap((code) => [
    [...load(v128Load, rough, (rowsPerBlock / 2) * code), localSet, factors],
    load(v128Load, query, 16 * code),
    [localGet, factors, localGet, lowBits, simd, v128And, simd, i8x16Swizzle],
    load(v128Load, query, 16 * (code + 1)),
    [localGet, factors, i32Const, 4, ...shiftRight, localGet, lowBits, simd, v128And, simd, i8x16Swizzle],
    [simd, i8x16Add, localSet, factors],
    [localGet, even, localGet, factors, ...simd16(i16x8Add), localSet, even],
    [localGet, odd, localGet, factors, i32Const, 8, ...shiftRight, ...simd16(i16x8Add), localSet, odd],
  ]);
  const scales = (rowsPerBlock / 2) * columns.codes;
  const scaled = (sum: number, at: number): number[][] => [
    [localGet, sum, ...load(v128Load, query, offset), ...simd16(i16x8Add), i32Const, 2, ...shiftLeft],
    [...load(v128Load, rough, at), ...simd16(i16x8Q15MulrSatS)],
    [...load(v128Load, rough, at + 2 * rowsPerBlock), ...load(v128Load, query, factor)],
    [...simd16(i16x8Q15MulrSatS), ...simd16(i16x8AddSatS), localSet, sum],
  ];
  const zero = [simd, v128Const, ...Array<number>(16).fill(0)];
  return [
    [...zero, localSet, even, ...zero, localSet, odd],
    ...addUp,
    [localGet, even, localGet, odd, i32Const, 8, ...shiftLeft, ...simd16(i16x8Sub), localSet, even],
    ...scaled(even, scales),
    ...scaled(odd, scales + rowsPerBlock),
  ].flat();
}

/** Instructions from 0x80 on are numbers of two bytes. */
function simd16(opcode: number): number[] {
  return [simd, ...unsigned(opcode)];
}

function load(opcode: number, address: number, offset: number): number[] {
  return [localGet, address, simd, ...unsigned(opcode), 0, ...unsigned(offset)];
}

/** Two factors of the query times the bytes of every row's two columns. */
function addProducts(at: number, pair: number): number[] {
  const bytesAt = columnsAt + pairBytes * pair;
  const multiply = [localGet, factors, simd, ...unsigned(i32x4DotI16x8s)];
  return [
    [...load(v128Load, query, at), localSet, factors],
    ...every.map((s) => [...load(v128Load8x8s, close, bytesAt + 8 * s), ...multiply, ...addTo(s)]),
  ].flat();
}

/** Adds the value on the stack to the sums of four rows. */
function addTo(s: number): number[] {
  return [localGet, sums + s, simd, ...unsigned(i32x4Add), localSet, sums + s];
}

/** Goes on where any lane of any of these is true. */
function leaveUnless(conditions: readonly (readonly number[])[]): number[] {
  const or = conditions.slice(1).flatMap(() => [simd, v128Or]);
  return [...conditions.flat(), ...or, simd, v128AnyTrue, i32Eqz, brIf, 0];
}

function store(offset: number): number[] {
  return [simd, v128Store, 0, ...unsigned(offset)];
}

function advance(local: number, by: number): number[] {
  return [localGet, local, i32Const, ...signed(by), i32Add, localSet, local];
}

function evenNumbers(below: number): number[] {
  return [...Array(below / 2).keys()].map((i) => 2 * i);
}

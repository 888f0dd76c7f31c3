/**
 * A WebAssembly function, assembled here, that scores many rows of bytes against one query. What JavaScript has no
 * words for is multiplying and adding eight pairs of numbers in one instruction (SIMD, in Node since 16).
 *
 * Specification: https://webassembly.github.io/spec/core/binary/ (instructions in 5.4, modules in 5.5).
 */

/** Rows that are scored side by side. */
export const rowsPerBlock = 8;

/** A hit: the number of a block, its rows' scores by the first columns, and those by all, four bytes each. */
export const hitBytes = 4 * (1 + 2 * rowsPerBlock);

/** The columns of a row, in two parts of an even number. What the first ones leave no hope for ends there. */
export interface Columns {
  readonly first: number;
  readonly rest: number;
}

/**
 * Scores blocks of rows, and writes a hit for each block that has a row above `leastFirst` by the first columns and
 * one above `least` by all of them.
 *
 * Addresses are in bytes. A query is two columns after the other, the pair of int16 numbers four times. A block is
 * its rows' constants (int32), then two columns after the other, int8 [rowsPerBlock × 2].
 *
 * @param end address after the last block of the first columns
 * @returns the address after the last hit
 */
export type Scan = (
  query: number,
  first: number,
  end: number,
  rest: number,
  leastFirst: number,
  least: number,
  hits: number,
) => number;

/** Bytes of a block of the first columns, and of one of the rest. */
export function blockBytes({ first, rest }: Columns): Columns {
  return { first: rowsPerBlock * (4 + first), rest: rowsPerBlock * (4 + rest) };
}

export function queryBytes({ first, rest }: Columns): number {
  return 8 * (first + rest);
}

/** Memory that JavaScript and the function share. */
export interface ScanMemory {
  readonly buffer: ArrayBuffer;
}

/** The part of WebAssembly's interface that is used; TypeScript has it with the browser's types only. */
interface WebAssemblyInterface {
  readonly Memory: new (size: { readonly initial: number }) => ScanMemory;
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: { readonly scan: Scan } };
  validate(code: Uint8Array): boolean;
}

const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyInterface };
const pageBytes = 65_536;

/** @returns nothing where the processor has no such instructions */
export function openScan(
  columns: Columns,
  bytes: number,
): { readonly memory: ScanMemory; readonly scan: Scan } | undefined {
  const code = assemble(columns);
  if (!WebAssembly.validate(code)) return undefined;
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / pageBytes) });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), { whosin: { memory } });
  return { memory, scan: exports.scan };
}

// Types and instructions, by the names of the specification.
const [i32, v128] = [0x7f, 0x7b];
const [block, loop, end, empty] = [0x02, 0x03, 0x0b, 0x40];
const [br, brIf] = [0x0c, 0x0d];
const [localGet, localSet] = [0x20, 0x21];
const [i32Const, i32Add, i32Eqz, i32GeU, i32Store] = [0x41, 0x6a, 0x45, 0x4f, 0x36];
const simd = 0xfd;
const [v128Load, v128Load8x8s, v128Store] = [0x00, 0x01, 0x0b];
const [i32x4Splat, i32x4GtS, v128Or, v128AnyTrue] = [0x11, 0x3b, 0x50, 0x53];
const [i32x4Add, i32x4DotI16x8s] = [0xae, 0xba];

/** The parameters of `Scan`, and then the function's own variables. */
const [query, first, firstEnd, rest, leastFirst, least, hit] = [0, 1, 2, 3, 4, 5, 6];
const [number, limitFirst, limit, factors, sums] = [7, 8, 9, 10, 11];

const lanes = 4;
const every = [...Array(rowsPerBlock / lanes).keys()];
const [columnsAt, pairBytes] = [4 * rowsPerBlock, 2 * rowsPerBlock];

function assemble(columns: Columns): Uint8Array {
  const bytes = blockBytes(columns);
  const pairsOfFirst = pairs(columns.first);
  const body = [
    // The function's own variables: how many of which type.
    [2, 1, i32, 3 + every.length, v128],
    [localGet, leastFirst, simd, i32x4Splat, localSet, limitFirst],
    [localGet, least, simd, i32x4Splat, localSet, limit],
    [block, empty, loop, empty],
    [localGet, first, localGet, firstEnd, i32GeU, brIf, 1],
    // Leaving this block is going on to the next rows.
    [block, empty],
    ...every.map((s) => [...load(v128Load, first, 16 * s), localSet, sums + s]),
    ...pairsOfFirst.map((p) => addProducts(p, first, p)),
    leaveUnlessAbove(limitFirst),
    storeSums(4),
    ...every.map((s) => [...load(v128Load, rest, 16 * s), ...addTo(s)]),
    ...pairs(columns.rest).map((p) => addProducts(pairsOfFirst.length + p, rest, p)),
    leaveUnlessAbove(limit),
    storeSums(4 + 4 * rowsPerBlock),
    [localGet, hit, localGet, number, i32Store, 2, 0],
    advance(hit, hitBytes),
    [end],
    advance(first, bytes.first),
    advance(rest, bytes.rest),
    advance(number, 1),
    [br, 0, end, end],
    [localGet, hit, end],
  ];
  const magic = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  const types = section(1, [0x60, ...vector(Array<number>(7).fill(i32)), 1, i32]);
  const imports = section(2, [...name('whosin'), ...name('memory'), 2, 0, 1]);
  const functions = section(3, [0]);
  const exports = section(7, [...name('scan'), 0, 0]);
  const code = section(10, vector(body.flat()));
  return Uint8Array.from([magic, types, imports, functions, exports, code].flat());
}

function load(opcode: number, address: number, offset: number): number[] {
  return [localGet, address, simd, ...unsigned(opcode), 0, ...unsigned(offset)];
}

/** Two factors of the query times the bytes of every row's two columns. */
function addProducts(pair: number, address: number, pairOfBlock: number): number[] {
  const at = columnsAt + pairBytes * pairOfBlock;
  const multiply = [localGet, factors, simd, ...unsigned(i32x4DotI16x8s)];
  return [
    [...load(v128Load, query, 16 * pair), localSet, factors],
    ...every.map((s) => [...load(v128Load8x8s, address, at + 8 * s), ...multiply, ...addTo(s)]),
  ].flat();
}

/** What lies on the stack, to the sums of four rows. */
function addTo(s: number): number[] {
  return [localGet, sums + s, simd, ...unsigned(i32x4Add), localSet, sums + s];
}

function leaveUnlessAbove(than: number): number[] {
  const above = every.map((s) => [localGet, sums + s, localGet, than, simd, i32x4GtS]);
  const or = every.slice(1).flatMap(() => [simd, v128Or]);
  return [...above.flat(), ...or, simd, v128AnyTrue, i32Eqz, brIf, 0];
}

/** Into the hit that is being written. */
function storeSums(offset: number): number[] {
  return every.flatMap((s) => [localGet, hit, localGet, sums + s, ...store(offset + 16 * s)]);
}

function store(offset: number): number[] {
  return [simd, v128Store, 0, ...unsigned(offset)];
}

function advance(local: number, by: number): number[] {
  return [localGet, local, i32Const, ...signed(by), i32Add, localSet, local];
}

function pairs(columns: number): number[] {
  return [...Array(columns / 2).keys()];
}

/** A section with one entry. */
function section(id: number, entry: readonly number[]): number[] {
  return [id, ...vector([1, ...entry])];
}

function name(text: string): number[] {
  return vector([...new TextEncoder().encode(text)]);
}

/** Its length, then what it holds. */
function vector(bytes: readonly number[]): number[] {
  return [...unsigned(bytes.length), ...bytes];
}

/** LEB128: seven bits a byte, the lowest first. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** The same of a number that has a sign: none here is below 0. */
function signed(value: number): number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >>> 7)];
}

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

// Types and opcodes, by the names of the specification.
const [i32, v128] = [0x7f, 0x7b];
const [block, loop, brIf, br, end, empty] = [0x02, 0x03, 0x0d, 0x0c, 0x0b, 0x40];
const [localGet, localSet, i32Const, i32Add, i32Eqz, i32GeU, i32Store] = [
  0x20, 0x21, 0x41, 0x6a, 0x45, 0x4f, 0x36,
];
const simd = 0xfd;
const [v128Load, v128Load8x8s, v128Store, i32x4Splat] = [0x00, 0x01, 0x0b, 0x11];
const [i32x4GtS, v128Or, v128AnyTrue, i32x4Add, i32x4DotI16x8s] = [0x3b, 0x50, 0x53, 0xae, 0xba];

/** The parameters of `Scan`, and then the function's own variables. */
const [query, first, end_, rest, leastFirst, least, hit, number, limitFirst, limit, factors, sums] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
];
const lanes = 4;
const every = [...Array(rowsPerBlock / lanes).keys()];
const [columnsAt, pairBytes] = [4 * rowsPerBlock, 2 * rowsPerBlock];

function assemble(columns: Columns): Uint8Array {
  const bytes = blockBytes(columns);
  const get = (local: number): number[] => [localGet, local];
  const load = (opcode: number, address: number, offset: number): number[] => [
    ...get(address),
    ...[simd, ...unsigned(opcode), 0, ...unsigned(offset)],
  ];
  const add = (s: number): number[] => [...get(sums + s), simd, ...unsigned(i32x4Add), localSet, sums + s];
  const products = (pair: number, address: number, offset: number): number[] => [
    ...load(v128Load, query, 16 * pair),
    ...[localSet, factors],
    ...every.flatMap((s) => [
      ...load(v128Load8x8s, address, offset + 8 * s),
      ...[...get(factors), simd, ...unsigned(i32x4DotI16x8s)],
      ...add(s),
    ]),
  ];
  const leaveUnlessAbove = (than: number): number[] => [
    ...every.flatMap((s) => [
      ...get(sums + s),
      ...get(than),
      simd,
      i32x4GtS,
      ...(s === 0 ? [] : [simd, v128Or]),
    ]),
    ...[simd, v128AnyTrue, i32Eqz, brIf, 0],
  ];
  const storeSums = (offset: number): number[] =>
    every.flatMap((s) => [...get(hit), ...get(sums + s), simd, v128Store, 0, ...unsigned(offset + 16 * s)]);
  const advance = (local: number, by: number): number[] => [
    ...[...get(local), i32Const, ...signed(by), i32Add, localSet, local],
  ];
  const body = [
    // The function's own variables: how many of which type.
    ...[2, 1, i32, 3 + every.length, v128],
    ...[...get(leastFirst), simd, i32x4Splat, localSet, limitFirst],
    ...[...get(least), simd, i32x4Splat, localSet, limit],
    ...[block, empty, loop, empty],
    ...[...get(first), ...get(end_), i32GeU, brIf, 1],
    ...[block, empty],
    ...every.flatMap((s) => [...load(v128Load, first, 16 * s), localSet, sums + s]),
    ...pairsOf(columns.first).flatMap((p) => products(p, first, columnsAt + pairBytes * p)),
    ...leaveUnlessAbove(limitFirst),
    ...storeSums(4),
    ...every.flatMap((s) => [...load(v128Load, rest, 16 * s), ...add(s)]),
    ...pairsOf(columns.rest).flatMap((p) => products(columns.first / 2 + p, rest, columnsAt + pairBytes * p)),
    ...leaveUnlessAbove(limit),
    ...storeSums(4 + 4 * rowsPerBlock),
    ...[...get(hit), ...get(number), i32Store, 2, 0],
    ...advance(hit, hitBytes),
    end,
    ...advance(first, bytes.first),
    ...advance(rest, bytes.rest),
    ...advance(number, 1),
    ...[br, 0, end, end],
    ...[...get(hit), end],
  ];
  const name = (text: string): number[] => vector([...new TextEncoder().encode(text)]);
  const section = (id: number, entries: readonly (readonly number[])[]): number[] => [
    id,
    ...vector([...unsigned(entries.length), ...entries.flat()]),
  ];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [[0x60, ...vector(Array<number>(7).fill(i32)), 1, i32]]),
    ...section(2, [[...name('whosin'), ...name('memory'), 2, 0, 1]]),
    ...section(3, [[0]]),
    ...section(7, [[...name('scan'), 0, 0]]),
    ...section(10, [vector(body)]),
  ]);
}

function pairsOf(columns: number): number[] {
  return [...Array(columns / 2).keys()];
}

/** Its length, then what it holds. */
function vector(bytes: readonly number[]): number[] {
  return [...unsigned(bytes.length), ...bytes];
}

/** LEB128: seven bits a byte, the lowest first. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** The same with a sign: the last byte's second highest bit. */
function signed(value: number): number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >>> 7)];
}

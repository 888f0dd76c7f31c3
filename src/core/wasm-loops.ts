/** Instructions that loops over rows of pixels share, by the names of the specification. */

import { simd, unsigned } from './wasm-code.ts';

const [block, loop, end, empty, br, brIf] = [0x02, 0x03, 0x0b, 0x40, 0x0c, 0x0d];
export const [localGet, localSet, i32Const, i32Add] = [0x20, 0x21, 0x41, 0x6a];
const [i32GeU, v128Const] = [0x4f, 0x0c];

/** A place for `i8x16.swizzle` that gives 0. */
export const none = 0xff;

/** An instruction for vectors. */
export function vector(opcode: number): number[] {
  return [simd, ...unsigned(opcode)];
}

/** Places of bytes, as a constant. */
export function swizzle(places: readonly number[]): number[] {
  return [...vector(v128Const), ...places, ...Array<number>(16 - places.length).fill(none)];
}

export function whileBelow(local: number, limit: number, body: readonly (readonly number[])[]): number[] {
  const leave = [localGet, local, localGet, limit, i32GeU, brIf, 1];
  return [block, empty, loop, empty, ...leave, ...body.flat(), br, 0, end, end];
}

export function advance(local: number, by: readonly number[]): number[] {
  return [localGet, local, ...by, i32Add, localSet, local];
}

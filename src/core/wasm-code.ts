/**
 * WebAssembly that is assembled here: JavaScript has no words for multiplying and adding eight pairs in one instruction
 * (SIMD, in Node since 16).
 *
 * Specification: https://webassembly.github.io/spec/core/binary/ (instructions in 5.4, modules in 5.5).
 */

/** Types, by the names of the specification. */
export const [i32, v128] = [0x7f, 0x7b];

/** Opens the instructions for vectors. */
export const simd = 0xfd;

export interface WasmFunction {
  readonly name: string;
  /** Numbers of 32 bits, all of them. */
  readonly parameters: number;
  /** Whether it returns such a number. */
  readonly returns: boolean;
  /** The function's own variables: how many groups, then for each how many of which type. */
  readonly locals: readonly number[];
  /** Its instructions, without the last `end`. */
  readonly body: readonly number[];
}

/** Memory that JavaScript and the functions share. Its buffer is another one after it has grown. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  /** @param pages of 64 KiB */
  grow(pages: number): number;
}

/** The part of WebAssembly's interface that is used; TypeScript has it with the browser's types only. */
interface WebAssemblyInterface {
  readonly Memory: new (size: { readonly initial: number }) => WasmMemory;
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
  validate(code: Uint8Array): boolean;
}

export const pageBytes = 65_536;

/**
 * @param bytes of memory to begin with
 * @returns the functions by their names; nothing if the processor has no such instructions
 */
export function openWasm(
  functions: readonly WasmFunction[],
  bytes: number,
): { readonly memory: WasmMemory; readonly exports: unknown } | undefined {
  const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyInterface };
  const code = assemble(functions);
  if (!WebAssembly.validate(code)) return undefined;
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / pageBytes) });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), { whosin: { memory } });
  return { memory, exports };
}

/** All of the memory, at least so many bytes; what was in it stays, at the same addresses. */
export function roomIn(memory: WasmMemory, bytes: number): Uint8Array {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
  return new Uint8Array(memory.buffer);
}

function assemble(functions: readonly WasmFunction[]): Uint8Array {
  const magic = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  const types = functions.map(({ parameters, returns }) => [
    0x60,
    ...vector(Array<number>(parameters).fill(i32)),
    ...vector(returns ? [i32] : []),
  ]);
  const memory = [...text('whosin'), ...text('memory'), 2, 0, 1];
  const exports = functions.map(({ name }, i) => [...text(name), 0, i]);
  const code = functions.map(({ locals, body }) => vector([...locals, ...body, 0x0b]));
  return Uint8Array.from([
    ...magic,
    ...section(1, types),
    ...section(2, [memory]),
    ...section(
      3,
      functions.map((_, i) => [i]),
    ),
    ...section(7, exports),
    ...section(10, code),
  ]);
}

function section(id: number, entries: readonly (readonly number[])[]): number[] {
  return [id, ...vector([...unsigned(entries.length), ...entries.flat()])];
}

function text(of: string): number[] {
  return vector([...new TextEncoder().encode(of)]);
}

/** Its length, then what it holds. */
function vector(bytes: readonly number[]): number[] {
  return [...unsigned(bytes.length), ...bytes];
}

/** LEB128: seven bits a byte, the lowest first. */
export function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** The same of a number that has a sign. */
export function signed(value: number): number[] {
  const isLast = value >= -0x40 && value < 0x40;
  return isLast ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)];
}

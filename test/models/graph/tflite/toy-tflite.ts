/** Small TensorFlow Lite files made in code. */

/** A field of a table: a number of the given width, a text, a list, or another table. */
export type Field =
  | { readonly byte: number }
  | { readonly int: number }
  | { readonly float: number }
  | { readonly text: string }
  | { readonly bytes: Uint8Array }
  | { readonly ints: readonly number[] }
  | { readonly longs: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly table: Table }
  | { readonly tables: readonly Table[] };

/** By the numbers of the schema. */
export type Table = Readonly<Record<number, Field>>;

/** A FlatBuffer whose tables come first and what they point to behind them. */
export function flatBuffer(root: Table, identifier: string): Uint8Array {
  const bytes: number[] = [0, 0, 0, 0, ...new TextEncoder().encode(identifier)];
  const align = (width: number): void => {
    while (bytes.length % width !== 0) bytes.push(0);
  };
  const put = (at: number, value: number, width: number): void => {
    for (let i = 0; i < width; i++) bytes[at + i] = (value >> (8 * i)) & 255;
  };
  const numbers = (width: number, values: ArrayBufferView): number => {
    align(8);
    // The length lies right in front of the first number.
    if (width === 8) bytes.push(0, 0, 0, 0);
    const at = bytes.length;
    bytes.push(0, 0, 0, 0);
    put(at, values.byteLength / width, 4);
    bytes.push(...new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return at;
  };
  const outside = (field: Field): number => {
    if ('text' in field) return numbers(1, new TextEncoder().encode(field.text));
    if ('bytes' in field) return numbers(1, field.bytes);
    if ('ints' in field) return numbers(4, Int32Array.from(field.ints));
    if ('floats' in field) return numbers(4, Float32Array.from(field.floats));
    if ('longs' in field) return numbers(8, BigInt64Array.from(field.longs, BigInt));
    if ('table' in field) return table(field.table);
    if (!('tables' in field)) throw new Error('a number lies inside its table');
    align(4);
    const at = bytes.length;
    bytes.push(...new Uint8Array(4 + field.tables.length * 4));
    put(at, field.tables.length, 4);
    for (const [i, each] of field.tables.entries()) {
      const place = at + 4 + i * 4;
      put(place, table(each) - place, 4);
    }
    return at;
  };
  const table = (fields: Table): number => {
    const entries = Object.entries(fields).map(([number, field]) => [Number(number), field] as const);
    const last = Math.max(-1, ...entries.map(([number]) => number));
    align(4);
    const slots = bytes.length;
    const size = 4 + (last + 1) * 2;
    bytes.push(...new Uint8Array(size));
    align(4);
    const at = bytes.length;
    bytes.push(...new Uint8Array(4 + entries.length * 4));
    put(at, at - slots, 4);
    put(slots, size, 2);
    put(slots + 2, 4 + entries.length * 4, 2);
    for (const [i, [number, field]] of entries.entries()) {
      const place = at + 4 + i * 4;
      put(slots + 4 + number * 2, 4 + i * 4, 2);
      if ('byte' in field) put(place, field.byte, 1);
      else if ('int' in field) put(place, field.int, 4);
      else if ('float' in field) {
        put(place, new Int32Array(Float32Array.of(field.float).buffer)[0]!, 4);
      } else put(place, outside(field) - place, 4);
    }
    return at;
  };
  put(0, table(root), 4);
  return Uint8Array.from(bytes);
}

/** Numbers of the schema. */
export const types = { float: 0, half: 1, int: 2, uint8: 3, int8: 9 } as const;

export interface ToyTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type?: number;
  readonly data?: Float32Array | Int32Array | Int8Array | Uint8Array;
  readonly scales?: readonly number[];
  readonly zeros?: readonly number[];
  readonly axis?: number;
}

export interface ToyOperator {
  readonly code: number;
  readonly inputs: readonly number[];
  readonly output: number;
  readonly options?: Table;
}

export function toyTflite(
  tensors: readonly ToyTensor[],
  operators: readonly ToyOperator[],
  metadata?: Uint8Array,
): Uint8Array {
  const buffers: Table[] = [{}];
  const bufferOf = (data: ArrayBufferView | undefined): number => {
    if (data === undefined) return 0;
    buffers.push({ 0: { bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) } });
    return buffers.length - 1;
  };
  const written = tensors.map(
    ({ name, shape, type = types.float, data, scales, zeros, axis = 0 }): Table => ({
      0: { ints: shape },
      1: { byte: type },
      2: { int: bufferOf(data) },
      3: { text: name },
      ...(scales && {
        4: { table: { 2: { floats: scales }, 3: { longs: zeros ?? scales.map(() => 0) }, 6: { int: axis } } },
      }),
    }),
  );
  const graph: Table = {
    0: { tables: written },
    1: { ints: [0] },
    2: { ints: [operators.at(-1)!.output] },
    3: {
      tables: operators.map(({ inputs, output, options }, i) => ({
        0: { int: i },
        1: { ints: inputs },
        2: { ints: [output] },
        ...(options && { 3: { byte: 1 }, 4: { table: options } }),
      })),
    },
  };
  const codes = operators.map(({ code }): Table => ({ 0: { byte: Math.min(code, 127) }, 3: { int: code } }));
  const beside: Table = metadata
    ? { 6: { tables: [{ 0: { text: 'TFLITE_METADATA' }, 1: { int: bufferOf(metadata) } }] } }
    : {};
  return flatBuffer(
    { 0: { int: 3 }, 1: { tables: codes }, 2: { tables: [graph] }, 4: { tables: buffers }, ...beside },
    'TFL3',
  );
}

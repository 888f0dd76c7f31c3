/**
 * Reads TensorFlow Lite files as plain data. Numbers of fields, types and operators are those of
 * tensorflow/lite/schema/schema.fbs (Apache-2.0), version 3.
 */

import { reasonOf, WhosinError } from '../../../errors.ts';
import { FlatTable } from './flat-table.ts';

export interface LiteQuantisation {
  /** One for the whole tensor, or one for each slice along `axis`; none if the tensor is not quantised. */
  readonly scales: readonly number[];
  readonly zeros: readonly number[];
  readonly axis: number;
}

export interface LiteTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** The shape with −1 for free sizes, if it has any. */
  readonly signature: readonly number[];
  /** The number of the type in the schema. */
  readonly type: number;
  /** The bytes of a constant; empty for what is computed. */
  readonly data: Uint8Array;
  readonly quantisation: LiteQuantisation;
}

export interface LiteOperator {
  /** The number of the operator in the schema. */
  readonly code: number;
  /** The name of an operator that is not in the schema. */
  readonly custom: string;
  /** Numbers of tensors; −1 for one that is left out. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly options: FlatTable | undefined;
}

export interface LiteModel {
  readonly tensors: readonly LiteTensor[];
  readonly operators: readonly LiteOperator[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** By name, the bytes of what its maker wrote beside the network. */
  readonly metadata: ReadonlyMap<string, Uint8Array>;
}

export function isTflite(bytes: Uint8Array): boolean {
  return new TextDecoder('latin1').decode(bytes.subarray(4, 8)) === 'TFL3';
}

/** Throws `not-a-model` if it is none, or is cut off. */
export function readTflite(bytes: Uint8Array, file: string): LiteModel {
  try {
    if (!isTflite(bytes)) throw new RangeError('it does not begin as one');
    return modelOf(FlatTable.root(bytes));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const reason = `is not a TensorFlow Lite model, or it is cut off (${reasonOf(error)})`;
    throw WhosinError.about('not-a-model', file, reason, error);
  }
}

function modelOf(model: FlatTable): LiteModel {
  const codes = model.tables(1).map((code) => ({
    // Numbers above 127 came later, and have a field of their own.
    number: Math.max(code.byte(0), code.int(3)),
    custom: code.text(1),
  }));
  const buffers = model.tables(4);
  const dataOf = (index: number): Uint8Array => buffers[index]?.bytes(0) ?? new Uint8Array();
  const [graph] = model.tables(2);
  if (graph === undefined) throw new RangeError('it holds no graph');
  const metadata = model.tables(6).map((entry) => [entry.text(0), dataOf(entry.int(1))] as const);
  return {
    tensors: graph.tables(0).map((tensor) => tensorOf(tensor, dataOf)),
    operators: graph.tables(3).map((operator) => {
      const code = codes[operator.int(0)];
      if (code === undefined) throw new RangeError('an operator without a kind');
      return {
        code: code.number,
        custom: code.custom,
        inputs: operator.ints(1),
        outputs: operator.ints(2),
        options: operator.table(4),
      };
    }),
    inputs: graph.ints(1),
    outputs: graph.ints(2),
    metadata: new Map(metadata),
  };
}

function tensorOf(tensor: FlatTable, dataOf: (index: number) => Uint8Array): LiteTensor {
  const quantisation = tensor.table(4);
  return {
    // Converted models have the names of what was joined, and numbers of outputs.
    name: tensor.text(3).split(';')[0]!.replace(/:\d+$/, ''),
    shape: tensor.ints(0),
    signature: tensor.ints(7),
    type: tensor.byte(1),
    data: dataOf(tensor.int(2)),
    quantisation: {
      scales: quantisation?.floats(2) ?? [],
      zeros: quantisation?.longs(3) ?? [],
      axis: quantisation?.int(6) ?? 0,
    },
  };
}

/** The constants of a TensorFlow graph: from the messages of a GraphDef to typed arrays. */

import { bfloat16, float16 } from '../../../core/half-float.ts';
import { DataType, type TensorProto } from '../tensorflow_pb.ts';
import { madeUp } from './sizes.ts';

/**
 * Every width of number is one of three kinds here. Integers lie in doubles, where NaN stands for a size that
 * is not known until the graph runs (the batch in a folded Shape).
 */
export interface NumberTensor {
  readonly type: 'float' | 'int' | 'bool';
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array;
}

export interface TextTensor {
  readonly type: 'text';
  readonly shape: readonly number[];
  readonly data: readonly string[];
}

export type GraphTensor = NumberTensor | TextTensor;

type NumberType = NumberTensor['type'];

interface Storage {
  readonly type: NumberType;
  readonly width: number;
  readonly read: (view: DataView, at: number) => number;
  /** The field that holds the values where `tensor_content` is empty. */
  readonly values: (tensor: TensorProto) => readonly (number | bigint | boolean)[];
}

const int8: Storage = {
  type: 'int',
  width: 1,
  read: (view, at) => view.getInt8(at),
  values: (t) => t.intVal,
};
const uint8: Storage = { ...int8, read: (view, at) => view.getUint8(at) };
const int16: Storage = { ...int8, width: 2, read: (view, at) => view.getInt16(at, true) };
const uint16: Storage = { ...int16, read: (view, at) => view.getUint16(at, true) };
const int32: Storage = { ...int8, width: 4, read: (view, at) => view.getInt32(at, true) };

/** tensor_content is written in the byte order of the machine, and no big-endian machine runs TensorFlow. */
const storages: Partial<Record<DataType, Storage>> = {
  [DataType.DT_FLOAT]: {
    type: 'float',
    width: 4,
    read: (view, at) => view.getFloat32(at, true),
    values: (t) => t.floatVal,
  },
  [DataType.DT_DOUBLE]: {
    type: 'float',
    width: 8,
    read: (view, at) => view.getFloat64(at, true),
    values: (t) => t.doubleVal,
  },
  [DataType.DT_HALF]: {
    type: 'float',
    width: 2,
    read: (view, at) => float16(view.getUint16(at, true)),
    values: (t) => t.halfVal.map(float16),
  },
  [DataType.DT_BFLOAT16]: {
    type: 'float',
    width: 2,
    read: (view, at) => bfloat16(view.getUint16(at, true)),
    values: (t) => t.halfVal.map(bfloat16),
  },
  [DataType.DT_BOOL]: {
    type: 'bool',
    width: 1,
    read: (view, at) => view.getUint8(at),
    values: (t) => t.boolVal,
  },
  [DataType.DT_INT64]: {
    type: 'int',
    width: 8,
    read: (view, at) => Number(view.getBigInt64(at, true)),
    values: (t) => t.int64Val,
  },
  [DataType.DT_UINT32]: {
    type: 'int',
    width: 4,
    read: (view, at) => view.getUint32(at, true),
    values: (t) => t.uint32Val,
  },
  [DataType.DT_INT8]: int8,
  [DataType.DT_QINT8]: int8,
  [DataType.DT_UINT8]: uint8,
  [DataType.DT_QUINT8]: uint8,
  [DataType.DT_INT16]: int16,
  [DataType.DT_QINT16]: int16,
  [DataType.DT_UINT16]: uint16,
  [DataType.DT_QUINT16]: uint16,
  [DataType.DT_INT32]: int32,
  [DataType.DT_QINT32]: int32,
};

export function readTensor(tensor: TensorProto): GraphTensor {
  const shape = (tensor.tensorShape?.dim ?? []).map(({ size }) => Number(size));
  const size = shape.reduce((a, b) => a * b, 1);
  if (tensor.dtype === DataType.DT_STRING) {
    const data = tensor.stringVal.map((bytes) => new TextDecoder().decode(bytes));
    return { type: 'text', shape, data };
  }
  const storage = storages[tensor.dtype];
  if (storage === undefined) throw new RangeError(`a constant of type ${DataType[tensor.dtype]}`);
  const { type, width, read } = storage;
  // Shapes are read from the file: a damaged one must not ask for all memory. 1 GB holds any real layer.
  if (!(size >= 0 && size <= 2 ** 28)) throw new RangeError(`a constant of shape [${shape.join(', ')}]`);
  const content = tensor.tensorContent;
  const values = content.length > 0 ? [] : storage.values(tensor).map(Number);
  if (content.length > 0 ? content.length !== size * width : values.length > size) {
    const found = content.length > 0 ? `${content.length} bytes` : `${values.length} values`;
    throw new RangeError(`a constant of shape [${shape.join(', ')}] that holds ${found}`);
  }
  if (content.length === 0 && values.length < size) madeUp(size);
  const data = type === 'float' ? new Float32Array(size) : new Float64Array(size);
  if (content.length === 0) {
    data.set(values);
    // A list that stops early repeats its last value, and one that never starts is zeros.
    if (values.length > 0) data.fill(values.at(-1)!, values.length);
  } else {
    const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
    for (let i = 0; i < size; i++) data[i] = read(view, i * width);
  }
  return { type, shape, data };
}

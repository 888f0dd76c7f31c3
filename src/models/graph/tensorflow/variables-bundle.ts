/**
 * Reads the variables of a SavedModel: `variables.index`, a sorted table of entries, and files of their bytes.
 * Formats: tensorflow/core/util/tensor_bundle, tensorflow/core/protobuf/tensor_bundle.proto (Apache-2.0), and the table
 * of LevelDB, https://github.com/google/leveldb/blob/main/doc/table_format.md
 */

import { create, fromBinary } from '@bufbuild/protobuf';
import { reasonOf, WhosinError } from '../../../errors.ts';
import { type BundleEntryProto, BundleEntryProtoSchema, TensorProtoSchema } from '../tensorflow_pb.ts';
import { type GraphTensor, readTensor } from './tensor-proto.ts';

/** Throws `bad-weights` if there is none of that key, or it is cut off. */
export type Variables = (key: string) => GraphTensor;

/** The last bytes of a table: two places, and this. */
const [footerSize, magic] = [48, 0xdb4775248b80fb57n];

/** @param data the files of bytes, in their order; throws `bad-weights` */
export function readVariables(index: Uint8Array, data: readonly Uint8Array[], file: string): Variables {
  const entries = tableOf(index, file);
  return (key) => {
    const entry = entries.get(key);
    if (entry === undefined) throw damaged(file, `they lack "${key}"`);
    return variableOf(key, entry, data, file);
  };
}

function variableOf(key: string, bytes: Uint8Array, data: readonly Uint8Array[], file: string): GraphTensor {
  let entry: BundleEntryProto;
  try {
    entry = fromBinary(BundleEntryProtoSchema, bytes);
  } catch (error) {
    throw damaged(file, `the entry of "${key}" makes no sense`, error);
  }
  const { dtype, shape, shardId, offset, size, slices } = entry;
  if (slices.length > 0) throw damaged(file, `"${key}" is stored in slices, which whosin does not join`);
  const shard = data[shardId];
  const [start, end] = [Number(offset), Number(offset + size)];
  if (shard === undefined || start < 0 || end > shard.length) {
    throw damaged(file, `the bytes of "${key}" are not there: a file is missing or cut off`);
  }
  const tensorShape = shape ? { tensorShape: shape } : {};
  const tensor = create(TensorProtoSchema, {
    dtype,
    ...tensorShape,
    tensorContent: shard.subarray(start, end),
  });
  try {
    return readTensor(tensor);
  } catch (error) {
    throw damaged(file, `"${key}" is ${reasonOf(error)}`, error);
  }
}

function tableOf(bytes: Uint8Array, file: string): ReadonlyMap<string, Uint8Array> {
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < footerSize || view.getBigUint64(bytes.length - 8, true) !== magic) {
      throw new RangeError('it has no end');
    }
    const places = cursorOn(bytes, bytes.length - footerSize);
    // The first place is that of the table's own notes.
    places.place();
    const entries = new Map<string, Uint8Array>();
    for (const [, handle] of blockOf(bytes, places.place())) {
      for (const [key, value] of blockOf(bytes, cursorOn(handle, 0).place())) entries.set(key, value);
    }
    return entries;
  } catch (error) {
    if (error instanceof RangeError)
      throw damaged(file, `variables.index cannot be read: ${reasonOf(error)}`, error);
    throw error;
  }
}

interface Place {
  readonly offset: number;
  readonly size: number;
}

/** Keys are written as what they share with the one before, and the rest. */
function blockOf(bytes: Uint8Array, { offset, size }: Place): readonly (readonly [string, Uint8Array])[] {
  if (offset + size + 5 > bytes.length) throw new RangeError('it is cut off');
  // One byte behind the block tells how it is packed; TensorFlow packs none.
  if (bytes[offset + size] !== 0)
    throw new RangeError('it is packed with Snappy, which whosin does not unpack');
  const block = bytes.subarray(offset, offset + size);
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const end = size - 4 - view.getUint32(size - 4, true) * 4;
  const cursor = cursorOn(block, 0);
  const entries: (readonly [string, Uint8Array])[] = [];
  let key = new Uint8Array();
  while (cursor.at() < end) {
    const [shared, rest, length] = [cursor.number(), cursor.number(), cursor.number()];
    key = Uint8Array.from([...key.subarray(0, shared), ...cursor.take(rest)]);
    entries.push([new TextDecoder().decode(key), cursor.take(length)]);
  }
  return entries;
}

interface Cursor {
  at(): number;
  number(): number;
  take(length: number): Uint8Array;
  place(): Place;
}

/** Reads numbers of seven bits a byte, and bytes; throws a RangeError behind the end. */
function cursorOn(bytes: Uint8Array, start: number): Cursor {
  let at = start;
  const cursor: Cursor = {
    at: () => at,
    number() {
      let value = 0;
      for (let factor = 1; ; factor *= 128) {
        const byte = bytes[at++];
        if (byte === undefined || factor > 2 ** 49) throw new RangeError('it is cut off');
        value += (byte & 127) * factor;
        if (byte < 128) return value;
      }
    },
    take(length) {
      if (at + length > bytes.length) throw new RangeError('it is cut off');
      at += length;
      return bytes.subarray(at - length, at);
    },
    place: () => ({ offset: cursor.number(), size: cursor.number() }),
  };
  return cursor;
}

function damaged(file: string, reason: string, cause?: unknown): WhosinError {
  return new WhosinError('bad-weights', `The variables of ${file} are damaged: ${reason}.`, {
    path: file,
    reason,
    cause,
  });
}

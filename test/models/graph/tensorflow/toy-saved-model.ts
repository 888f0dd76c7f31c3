/** A small SavedModel made in code. */

import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import {
  type AttrValueSchema,
  BundleEntryProtoSchema,
  DataType,
  type FunctionDefSchema,
  SavedModelSchema,
} from '../../../../src/models/graph/tensorflow_pb.ts';
import { node, placeholder } from './toy-tensorflow.ts';

export const calls = (name: string): MessageInitShape<typeof AttrValueSchema> => ({
  value: { case: 'func', value: { name } },
});

const keys: MessageInitShape<typeof AttrValueSchema> = {
  value: {
    case: 'tensor',
    value: {
      dtype: DataType.DT_STRING,
      tensorShape: { dim: [{ size: 2n }] },
      stringVal: ['other', 'layer/kernel'].map((text) => new TextEncoder().encode(text)),
    },
  },
};

export function functionOf(
  name: string,
  inputs: readonly string[],
  ret: Readonly<Record<string, string>>,
  nodeDef: readonly ReturnType<typeof node>[],
): MessageInitShape<typeof FunctionDefSchema> {
  const args = (names: readonly string[]) => names.map((each) => ({ name: each }));
  return {
    signature: { name, inputArg: args(inputs), outputArg: args(Object.keys(ret)) },
    nodeDef: [...nodeDef],
    ret,
  };
}

/** x · kernel, by a function in a function; another function restores the kernel, as Keras writes it. */
export function savedModel(
  functions: readonly MessageInitShape<typeof FunctionDefSchema>[] = usual(),
): Uint8Array {
  const nodes = [
    placeholder('serving_x', -1, 2),
    node('kernel', 'VarHandleOp', []),
    node('call', 'StatefulPartitionedCall', ['serving_x', 'kernel'], { f: calls('outer') }),
    node('restore', 'StatefulPartitionedCall', ['kernel'], { f: calls('restore') }),
  ];
  return toBinary(
    SavedModelSchema,
    create(SavedModelSchema, {
      savedModelSchemaVersion: 1n,
      metaGraphs: [
        {
          graphDef: { node: nodes, library: { function: [...functions] } },
          signatureDef: {
            serving_default: { inputs: { x: { name: 'serving_x:0' } }, outputs: { y: { name: 'call:0' } } },
          },
        },
      ],
    }),
  );
}

export function usual(): readonly MessageInitShape<typeof FunctionDefSchema>[] {
  return [
    functionOf('outer', ['x', 'handle'], { out: 'inner:output:0' }, [
      node('inner', 'PartitionedCall', ['x', 'handle'], { f: calls('inner') }),
    ]),
    functionOf('inner', ['a', 'h'], { product: 'MatMul:product:0' }, [
      node('read', 'ReadVariableOp', ['h']),
      node('MatMul', 'MatMul', ['a', 'read:value:0']),
    ]),
    functionOf('restore', ['v'], {}, [
      node('names', 'Const', [], { value: keys }),
      node('RestoreV2', 'RestoreV2', ['prefix', 'names:output:0', 'slices']),
      node('Identity', 'Identity', ['RestoreV2:tensors:1']),
      node('assign', 'AssignVariableOp', ['v', 'Identity:output:0']),
    ]),
  ];
}

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)];

/** A table of LevelDB with one block, whose second key shares its beginning with the first. */
export function table(
  entries: readonly (readonly [shared: number, rest: string, value: Uint8Array])[],
  packed = 0,
): Uint8Array {
  const body = entries.flatMap(([shared, rest, value]) => [
    ...varint(shared),
    ...varint(rest.length),
    ...varint(value.length),
    ...new TextEncoder().encode(rest),
    ...value,
  ]);
  const block = (bytes: readonly number[]): number[] => [...bytes, 0, 0, 0, 0, 1, 0, 0, 0];
  const data = block(body);
  const index = block([
    0,
    1,
    varint(0).length + varint(data.length).length,
    122,
    ...varint(0),
    ...varint(data.length),
  ]);
  const indexAt = data.length + 5;
  const places = [...varint(0), ...varint(0), ...varint(indexAt), ...varint(index.length)];
  const footer = [
    ...places,
    ...new Uint8Array(40 - places.length),
    0x57,
    0xfb,
    0x80,
    0x8b,
    0x24,
    0x75,
    0x47,
    0xdb,
  ];
  return Uint8Array.from([...data, packed, 0, 0, 0, 0, ...index, 0, 0, 0, 0, 0, ...footer]);
}

export const entry = (offset: number, ...sizes: number[]): Uint8Array =>
  toBinary(
    BundleEntryProtoSchema,
    create(BundleEntryProtoSchema, {
      dtype: DataType.DT_FLOAT,
      shape: { dim: sizes.map((size) => ({ size: BigInt(size) })) },
      offset: BigInt(offset),
      size: BigInt(sizes.reduce((a, b) => a * b, 4)),
    }),
  );

export const index = table([
  [0, 'layer/bias', entry(0, 1)],
  [6, 'kernel', entry(4, 2, 3)],
]);
export const data = new Uint8Array(Float32Array.of(9, 1, 2, 3, 4, 5, 6).buffer);

/** Changes to messages of protobuf that leave the lengths around them right: ONNX and GraphDef. */

import { type Chance, type Mutate, oddNumbers } from './chance.ts';
import { joined, mutateBytes } from './mutate-bytes.ts';

interface Field {
  readonly number: number;
  /** 0 varint, 1 eight bytes, 2 a length and so many bytes, 5 four bytes. */
  readonly wire: number;
  readonly content: Uint8Array;
}

/** Goes down into messages inside messages, and changes a field there. Changes bytes if it is no message. */
export const mutateProtobuf: Mutate = (bytes, chance, other) => {
  let changed = bytes;
  for (let i = 1 + chance.below(3); i > 0; i--) changed = mutated(changed, chance, other);
  return changed;
};

function mutated(bytes: Uint8Array, chance: Chance, other: () => Uint8Array): Uint8Array {
  const fields = fieldsIn(bytes);
  if (fields === undefined || fields.length === 0) return mutateBytes(bytes, chance, other);
  const at = chance.below(fields.length);
  const field = fields[at]!;
  const action = chance.below(12);
  if (action === 0) fields.splice(at, 1);
  else if (action === 1) fields.splice(chance.below(fields.length + 1), 0, field);
  else if (action === 2) fields[at] = { ...field, number: 1 + chance.below(24) };
  else if (action === 3) fields.push(chance.pick(fieldsIn(other()) ?? [field]));
  else if (field.wire === 0)
    fields[at] = { ...field, content: varint(BigInt(Math.trunc(chance.pick(oddNumbers)))) };
  else if (field.wire === 2) fields[at] = { ...field, content: mutated(field.content, chance, other) };
  else
    fields[at] = {
      ...field,
      content: mutateBytes(field.content, chance, other).slice(0, field.wire === 1 ? 8 : 4),
    };
  return joined(...fields.map(written));
}

/** Undefined where the bytes are no message. */
function fieldsIn(bytes: Uint8Array): Field[] | undefined {
  const fields: Field[] = [];
  let at = 0;
  const varintEnd = (): number | undefined => {
    for (let i = at; i < bytes.length && i < at + 10; i++) if (bytes[i]! < 128) return i + 1;
    return undefined;
  };
  const number = (end: number): number =>
    bytes.subarray(at, end).reduce((sum, byte, i) => sum + (byte & 127) * 2 ** (7 * i), 0);
  while (at < bytes.length) {
    let end = varintEnd();
    if (end === undefined) return undefined;
    const key = number(end);
    at = end;
    const wire = key & 7;
    if (key < 8 || ![0, 1, 2, 5].includes(wire)) return undefined;
    if (wire === 0) end = varintEnd();
    else if (wire !== 2) end = at + (wire === 1 ? 8 : 4);
    else {
      end = varintEnd();
      if (end === undefined) return undefined;
      const length = number(end);
      at = end;
      end = at + length;
    }
    if (end === undefined || end > bytes.length) return undefined;
    fields.push({ number: Math.floor(key / 8), wire, content: bytes.subarray(at, end) });
    at = end;
  }
  return fields;
}

function written({ number, wire, content }: Field): Uint8Array {
  const key = varint(BigInt(number * 8 + wire));
  return wire === 2 ? joined(key, varint(BigInt(content.length)), content) : joined(key, content);
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Uint8Array.from([...bytes, Number(rest)]);
}

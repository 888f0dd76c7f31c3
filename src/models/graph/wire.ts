/**
 * The fields of a message of Protocol Buffers (protobuf.dev/programming-guides/encoding), for the few that every command
 * reads when it starts: the library takes a tenth of a short run to load.
 */

/** A field's number with a number, or with bytes: text, numbers side by side, or a message again. */
export type WireField = readonly [field: number, value: number | Uint8Array];

/** Throws RangeError where the bytes are no message, or are cut off. */
export function* wireFields(bytes: Uint8Array): Generator<WireField> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length; ) {
    const [tag, start] = varint(bytes, at);
    const [field, type] = [Math.floor(tag / 8), tag % 8];
    if (field === 0) throw new RangeError('a field has the number 0');
    at = start;
    if (type === 0) {
      const [value, next] = varint(bytes, at);
      yield [field, value];
      at = next;
    } else if (type === 2) {
      const [length, begin] = varint(bytes, at);
      at = begin + length;
      if (at > bytes.length) throw new RangeError('a field is cut off');
      yield [field, bytes.subarray(begin, at)];
    } else if (type === 1 || type === 5) {
      yield [field, type === 1 ? view.getFloat64(at, true) : view.getFloat32(at, true)];
      at += type === 1 ? 8 : 4;
    } else throw new RangeError(`a field has the type ${type}`);
  }
}

/** Whole numbers side by side. Throws RangeError where they are cut off. */
export function varints(bytes: Uint8Array): number[] {
  const values: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [value, next] = varint(bytes, at);
    values.push(value);
    at = next;
  }
  return values;
}

/** Negative numbers, which have ten bytes, become very large ones. */
function varint(bytes: Uint8Array, start: number): readonly [value: number, next: number] {
  let value = 0;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[start + i];
    if (byte === undefined) break;
    value += (byte & 127) * 2 ** (7 * i);
    if (byte < 128) return [value, start + i + 1];
  }
  throw new RangeError('a number is cut off');
}

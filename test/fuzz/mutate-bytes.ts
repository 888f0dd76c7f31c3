/** Changes that know nothing of a format: bits, numbers of all widths, pieces lost, doubled, moved, of other files. */

import { type Chance, type Mutate, oddNumbers } from './chance.ts';

/** No seed is larger than a fraction of it. */
const longest = 2 ** 18;

/** One to four changes after another. */
export const mutateBytes: Mutate = (bytes, chance, other) => {
  let changed: Uint8Array = Uint8Array.from(bytes);
  for (let i = 1 + chance.below(4); i > 0; i--) changed = chance.pick(changes)(changed, chance, other);
  return changed.length > longest ? changed.subarray(0, longest) : changed;
};

const changes: readonly Mutate[] = [
  (bytes, chance) => {
    if (bytes.length > 0) bytes[chance.below(bytes.length)]! ^= 1 << chance.below(8);
    return bytes;
  },
  (bytes, chance) => {
    if (bytes.length > 0) bytes[chance.below(bytes.length)] = chance.below(256);
    return bytes;
  },
  writeNumber,
  writeNumber,
  (bytes, chance) => bytes.slice(0, chance.below(bytes.length + 1)),
  (bytes, chance) => {
    const [from, to] = piece(bytes, chance);
    return joined(bytes.subarray(0, from), bytes.subarray(to));
  },
  (bytes, chance) => {
    const [from, to] = piece(bytes, chance);
    const times = chance.once(8) ? 1 + chance.below(64) : 1;
    return joined(bytes.subarray(0, to), ...Array(times).fill(bytes.subarray(from, to)), bytes.subarray(to));
  },
  (bytes, chance) => {
    const [at] = piece(bytes, chance);
    const filler = chance.once(2) ? chance.pick([0, 0x0a, 0x20, 0x2c, 0xff]) : chance.below(256);
    return joined(
      bytes.subarray(0, at),
      new Uint8Array(1 + chance.below(40)).fill(filler),
      bytes.subarray(at),
    );
  },
  (bytes, chance, other) => {
    const [at] = piece(bytes, chance);
    const theirs = other();
    return joined(bytes.subarray(0, at), theirs.subarray(chance.below(theirs.length + 1)));
  },
  (bytes, chance, other) => {
    const theirs = other();
    const [from, to] = piece(theirs, chance);
    bytes.set(theirs.subarray(from, Math.min(to, from + bytes.length)), 0);
    const [at] = piece(bytes, chance);
    return joined(bytes.subarray(0, at), theirs.subarray(from, to), bytes.subarray(at));
  },
];

/** An odd number, or one near what is there, in one of the widths and byte orders of files. */
function writeNumber(bytes: Uint8Array, chance: Chance): Uint8Array {
  const width = chance.pick([1, 2, 4, 8]);
  if (bytes.length < width) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = chance.below(bytes.length - width + 1);
  const little = chance.once(2);
  const there =
    width === 1 ? view.getUint8(at) : width === 2 ? view.getUint16(at, little) : view.getUint32(at, little);
  const number = chance.once(3)
    ? there + chance.below(33) - 16
    : chance.once(4)
      ? bytes.length + chance.below(17) - 8
      : Math.trunc(chance.pick(oddNumbers));
  if (width === 1) view.setUint8(at, number);
  else if (width === 2) view.setUint16(at, number, little);
  else if (width === 4) view.setUint32(at, number, little);
  else view.setBigUint64(at, BigInt.asUintN(64, BigInt(number)), little);
  return bytes;
}

function piece(bytes: Uint8Array, chance: Chance): [from: number, to: number] {
  const from = chance.below(bytes.length + 1);
  return [from, Math.min(bytes.length, from + 1 + chance.below(chance.pick([2, 8, 64, bytes.length + 1])))];
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

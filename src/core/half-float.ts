/** The two 16-bit floating-point formats that weights and faces are stored in. */

/** IEEE 754 binary16: one sign bit, five of exponent, ten of fraction. */
export function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** bfloat16 is the upper half of a float32. */
export function bfloat16(bits: number): number {
  word.setUint32(0, (bits & 0xffff) * 0x10000);
  return word.getFloat32(0);
}

const word = new DataView(new ArrayBuffer(4));

/** Numbers as binary16, little-endian, rounded to the nearest. Beyond ±65,504 they become ±65,504. */
export function toHalfFloats(values: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(values.length * 2);
  for (let i = 0; i < values.length; i++) {
    const bits = halfBits(values[i]!);
    bytes[2 * i] = bits & 0xff;
    bytes[2 * i + 1] = bits >> 8;
  }
  return bytes;
}

/** Reads the bytes of `toHalfFloats`. Throws `RangeError` on half a number. */
export function fromHalfFloats(stored: Uint8Array | ArrayBuffer): Float32Array {
  const bytes = stored instanceof ArrayBuffer ? new Uint8Array(stored) : stored;
  if (bytes.length % 2 !== 0) throw new RangeError(`${bytes.length} bytes are no 16-bit numbers`);
  const values = new Float32Array(bytes.length / 2);
  for (let i = 0; i < values.length; i++) values[i] = table()[bytes[2 * i]! | (bytes[2 * i + 1]! << 8)]!;
  return values;
}

let decoded: Float32Array | undefined;

/** The values of all 65,536 half floats: a million faces are read from it. */
function table(): Float32Array {
  decoded ??= Float32Array.from({ length: 0x1_0000 }, (_, bits) => float16(bits));
  return decoded;
}

const largest = 0x7bff;

function halfBits(value: number): number {
  word.setFloat32(0, value);
  const bits = word.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 127 + 15;
  const fraction = bits & 0x7f_ffff;
  if (exponent >= 31) return Number.isNaN(value) ? sign | 0x7e00 : sign | largest;
  if (exponent <= 0) {
    // Too small for an exponent of its own: steps of 2⁻²⁴.
    return sign | nearestEven(Math.abs(value) * 2 ** 24);
  }
  // A fraction that is rounded up past its end carries into the exponent, as it should.
  const rounded = (exponent << 10) + nearestEven(fraction / 2 ** 13);
  return sign | Math.min(rounded, largest);
}

/** Ties go to the even number, as IEEE 754 has it. */
function nearestEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest === 0.5) return floor + (floor % 2);
  return rest > 0.5 ? floor + 1 : floor;
}

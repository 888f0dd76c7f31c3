/**
 * Event files read by the letter of their specification, with nothing of src: TFRecord framing
 * (https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details) and the wire format of
 * Protocol Buffers (https://protobuf.dev/programming-guides/encoding/).
 */

export interface DecodedEvent {
  readonly wallTime: number;
  readonly step: number;
  readonly version?: string;
  readonly graph?: Uint8Array;
  readonly values: readonly DecodedValue[];
}

export interface DecodedValue {
  readonly tag: string;
  readonly scalar?: number;
  readonly histogram?: DecodedHistogram;
}

export interface DecodedHistogram {
  readonly min: number;
  readonly max: number;
  readonly num: number;
  readonly sum: number;
  readonly sumSquares: number;
  readonly limits: readonly number[];
  readonly counts: readonly number[];
}

/** Throws where a checksum does not fit. */
export function decodeEvents(file: Uint8Array): DecodedEvent[] {
  const events: DecodedEvent[] = [];
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = 0; at < file.length; ) {
    const length = Number(view.getBigUint64(at, true));
    check(file.subarray(at, at + 8), view.getUint32(at + 8, true), `length at ${at}`);
    const data = file.subarray(at + 12, at + 12 + length);
    check(data, view.getUint32(at + 12 + length, true), `data at ${at}`);
    events.push(eventOf(fieldsOf(data)));
    at += 16 + length;
  }
  return events;
}

function check(bytes: Uint8Array, stored: number, what: string): void {
  const turned = (stored - 0xa282ead8) >>> 0;
  const crc = ((turned >>> 17) | (turned << 15)) >>> 0;
  if (crc !== castagnoli(bytes)) throw new Error(`wrong checksum of the ${what}`);
}

/** Bit by bit, by long division: slow, and plainly what RFC 3720 says. */
function castagnoli(bytes: Uint8Array): number {
  let rest = 0xffffffff;
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit++) {
      const carry = (rest ^ (byte >>> bit)) & 1;
      rest = (rest >>> 1) ^ (carry === 1 ? 0x82f63b78 : 0);
    }
  }
  return ~rest >>> 0;
}

type Field = number | Uint8Array;

function fieldsOf(data: Uint8Array): Map<number, Field[]> {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const fields = new Map<number, Field[]>();
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = data[at++]!;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  const read: Readonly<Record<number, () => Field>> = {
    0: varint,
    1: () => view.getFloat64((at += 8) - 8, true),
    2: () => {
      const length = varint();
      return data.subarray(at, (at += length));
    },
    5: () => view.getFloat32((at += 4) - 4, true),
  };
  while (at < data.length) {
    const key = varint();
    const value = read[key & 7]!();
    fields.set(key >>> 3, [...(fields.get(key >>> 3) ?? []), value]);
  }
  return fields;
}

const text = (field: Field | undefined): string => new TextDecoder().decode(field as Uint8Array);
const number = (field: Field | undefined): number => (field as number | undefined) ?? 0;

function eventOf(fields: Map<number, Field[]>): DecodedEvent {
  const [version, graph, summary] = [3, 4, 5].map((n) => fields.get(n)?.[0] as Uint8Array | undefined);
  return {
    wallTime: number(fields.get(1)?.[0]),
    step: number(fields.get(2)?.[0]),
    ...(version && { version: text(version) }),
    ...(graph && { graph }),
    values: summary ? (fieldsOf(summary).get(1) ?? []).map((v) => valueOf(fieldsOf(v as Uint8Array))) : [],
  };
}

function valueOf(fields: Map<number, Field[]>): DecodedValue {
  const histogram = fields.get(5)?.[0] as Uint8Array | undefined;
  const tag = text(fields.get(1)?.[0]);
  return histogram
    ? { tag, histogram: histogramOf(fieldsOf(histogram)) }
    : { tag, scalar: number(fields.get(2)?.[0]) };
}

function histogramOf(fields: Map<number, Field[]>): DecodedHistogram {
  const [min, max, num, sum, sumSquares] = [1, 2, 3, 4, 5].map((n) => number(fields.get(n)?.[0])) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const doubles = (n: number): number[] => {
    const packed = fields.get(n)![0] as Uint8Array;
    const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
    return Array.from({ length: packed.length / 8 }, (_, i) => view.getFloat64(i * 8, true));
  };
  return { min, max, num, sum, sumSquares, limits: doubles(6), counts: doubles(7) };
}

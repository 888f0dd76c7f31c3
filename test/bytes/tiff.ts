/** TIFF of kinds that sharp does not write: uncompressed, its directory before or behind the pixels. */

export interface TiffParts {
  readonly width: number;
  readonly height: number;
  /** Bits of each channel. */
  readonly bits: 8 | 16;
  readonly channels: number;
  /** The meaning of the values: 2 is red, green and blue, 8 is CIE L*a*b*. */
  readonly photometric: number;
  /** Bytes, row after row. */
  readonly data: Uint8Array;
  /** Further entries of the directory: tag and 16-bit values. */
  readonly more?: readonly (readonly [tag: number, values: readonly number[]])[];
  readonly directoryFirst?: boolean;
}

const [short, long] = [3, 4];

/** TIFF 6.0, little-endian, each row a strip of its own. */
export function tiff(parts: TiffParts): Buffer {
  const { width, height, bits, channels, photometric, data, more = [], directoryFirst = false } = parts;
  const row = data.length / height;
  const rows = Array.from({ length: height }, (_, i) => i);
  const entries = (pixels: number): [tag: number, type: number, values: readonly number[]][] => [
    [256, short, [width]],
    [257, short, [height]],
    [258, short, Array.from({ length: channels }, () => bits)],
    [259, short, [1]],
    [262, short, [photometric]],
    [273, long, rows.map((i) => pixels + i * row)],
    [277, short, [channels]],
    [278, short, [1]],
    [279, long, rows.map(() => row)],
    ...more.map(([tag, values]): [number, number, readonly number[]] => [tag, short, values]),
  ];
  const directory = (at: number, pixels: number): Buffer => {
    const sorted = entries(pixels).toSorted(([a], [b]) => a - b);
    const table = Buffer.alloc(2 + sorted.length * 12 + 4);
    table.writeUInt16LE(sorted.length, 0);
    const behind: Buffer[] = [];
    let end = at + table.length;
    for (const [i, [tag, type, values]] of sorted.entries()) {
      const place = 2 + i * 12;
      table.writeUInt16LE(tag, place);
      table.writeUInt16LE(type, place + 2);
      table.writeUInt32LE(values.length, place + 4);
      const bytes = Buffer.alloc(values.length * (type === short ? 2 : 4));
      for (const [j, value] of values.entries()) {
        if (type === short) bytes.writeUInt16LE(value, j * 2);
        else bytes.writeUInt32LE(value, j * 4);
      }
      if (bytes.length <= 4) bytes.copy(table, place + 8);
      else {
        table.writeUInt32LE(end, place + 8);
        behind.push(bytes);
        end += bytes.length;
      }
    }
    return Buffer.concat([table, ...behind]);
  };
  const header = (at: number): Buffer => {
    const bytes = Buffer.from('49492a0000000000', 'hex');
    bytes.writeUInt32LE(at, 4);
    return bytes;
  };
  if (!directoryFirst) return Buffer.concat([header(8 + data.length), data, directory(8 + data.length, 8)]);
  const length = directory(8, 0).length;
  return Buffer.concat([header(8), directory(8, 8 + length), data]);
}

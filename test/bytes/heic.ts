/** HEIC of any size, from one HEVC picture that is laid side by side. No npm package encodes HEVC. */

import { iphoneHeic } from '../photo-fixtures.ts';

/** A picture as HEVC codes it: its configuration box, and its data. */
export interface HevcTile {
  readonly side: number;
  readonly configuration: Uint8Array;
  readonly data: Uint8Array;
}

function u16(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [i, value] of values.entries()) bytes.writeUInt16BE(value, i * 2);
  return bytes;
}

function u32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, i * 4);
  return bytes;
}

export function box(type: string, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([u32(body.length + 8), Buffer.from(type, 'latin1'), body]);
}

export function fullBox(type: string, version: number, ...content: readonly Uint8Array[]): Buffer {
  return box(type, Buffer.of(version, 0, 0, 0), ...content);
}

/** A turn by so many quarters against the clock. */
export const turned = (quarters: number): Buffer => box('irot', Buffer.of(quarters));
/** Mirrored: 0 upside down, 1 left to right. */
export const mirrored = (axis: 0 | 1): Buffer => box('imir', Buffer.of(axis));

/** The quarters of `iphoneHeic` before its turn: 64 × 48 pixels of a tile of 64 × 64. */
export const fourColoursTile: HevcTile = {
  side: 64,
  configuration: boxOf(iphoneHeic, 'hvcC'),
  data: boxOf(iphoneHeic, 'mdat').subarray(8, 8 + 0x3e),
};

function boxOf(file: Buffer, type: string): Buffer {
  const at = file.indexOf(type, 0, 'latin1') - 4;
  return file.subarray(at, at + file.readUInt32BE(at));
}

/** One colour, 193 128 63. Made with x265 (qp 30) by ffmpeg. */
export const largeTile: HevcTile = {
  side: 1024,
  configuration: Buffer.from(
    `
    AAAAdmh2Y0MBAWAAAACQAAAAAAB48AD8/fj4AAAPA6AAAQAYQAEMAf//AWAAAAMAkAAAAwAAAwB4lZgJoQABACpCAQEBYAAA
    AwCQAAADAAADAHigAgCAEAWWVmkkyvAWgIAAAAMAgAAADISiAAEABkQBwXGjEg==
`,
    'base64',
  ),
  data: Buffer.from(
    `
    AAABMygBr1CBolk0kUTzzzzzzzjo+ZRoAX/7gYFZi92gi62c0wRvAZoRkjgAAAMAAAMAAAMAEtCmpo3gOgLUaQAAAwAAAwAA
    AwAAAwD6gJME+NIAAAMAAAMAAAMAAAMAAGPAhwAAAwAAAwAAAwAAAwAAAwAH3AAAAwAAAwAAAwAAAwAAAwAElAAAAwAAAwAA
    AwAAAwAAAwCUgAAAAwAAAwAAAwAAAwAABGQAAAMAAAMAAAMAAAMAAA/wAAADAAADAAADAAADAAAoYAAAAwAAAwAAAwAAAwAA
    N+AAAAMAAAMAAAMAAAMAAGLAAAADAAADAAADAAADAACMgAAAAwAAAwAAAwAAAwAA2IAAAAMAAAMAAAMAAAMAAREAAAMAAAMA
    AAMAAAMAAXcAAAMAAAMAAAMAAAMAAbU=
`,
    'base64',
  ),
};

export interface HeicShape {
  readonly columns: number;
  readonly rows: number;
  /** The size of the part of the tiles that is shown; all of them if left out. */
  readonly width?: number;
  readonly height?: number;
  /** Boxes of properties of the whole picture, such as `turned`. */
  readonly properties?: readonly Uint8Array[];
  /** A packet of XMP. */
  readonly xmp?: Uint8Array;
}

/** ISO/IEC 23008-12: hidden tiles, and a grid of them that is the photo. All tiles have the same bytes of the file. */
export function heicGrid(
  tile: HevcTile,
  { columns, rows, properties = [], xmp, ...shown }: HeicShape,
): Buffer {
  const { width = columns * tile.side, height = rows * tile.side } = shown;
  const tiles = Array.from({ length: columns * rows }, (_, i) => i + 1);
  const photo = tiles.length + 1;
  const grid = Buffer.concat([Buffer.of(0, 1, rows - 1, columns - 1), u32(width, height)]);
  const item = (id: number, type: string, hidden: number): Buffer =>
    box('infe', Buffer.of(2, 0, 0, hidden), u16(id, 0), Buffer.from(`${type}\0`, 'latin1'));
  // Metadata are an item of their own, which describes the photo.
  const more = xmp === undefined ? [] : [{ id: photo + 1, bytes: xmp }];
  const meta = (at: number): Buffer =>
    fullBox(
      'meta',
      0,
      fullBox('hdlr', 0, u32(0), Buffer.from('pict'), Buffer.alloc(13)),
      fullBox('pitm', 0, u16(photo)),
      fullBox(
        'iloc',
        1,
        u16(0x4400, photo + more.length),
        ...tiles.flatMap((id) => [u16(id, 0, 0, 1), u32(at, tile.data.length)]),
        u16(photo, 1, 0, 1),
        u32(0, grid.length),
        ...more.flatMap(({ id, bytes }) => [u16(id, 0, 0, 1), u32(at + tile.data.length, bytes.length)]),
      ),
      box('idat', grid),
      fullBox(
        'iinf',
        0,
        u16(photo + more.length),
        ...tiles.map((id) => item(id, 'hvc1', 1)),
        item(photo, 'grid', 0),
        ...more.map(({ id }) => item(id, 'mime\0application/rdf+xml', 1)),
      ),
      fullBox(
        'iref',
        0,
        box('dimg', u16(photo, tiles.length, ...tiles)),
        ...more.map(({ id }) => box('cdsc', u16(id, 1, photo))),
      ),
      box(
        'iprp',
        box(
          'ipco',
          tile.configuration,
          fullBox('ispe', 0, u32(tile.side, tile.side)),
          fullBox('ispe', 0, u32(width, height)),
          fullBox('pixi', 0, Buffer.of(3, 8, 8, 8)),
          ...properties,
        ),
        fullBox(
          'ipma',
          0,
          u32(photo),
          ...tiles.flatMap((id) => [u16(id), Buffer.of(2, 0x81, 2)]),
          u16(photo),
          Buffer.of(2 + properties.length, 3, 4, ...properties.map((_, i) => 0x80 | (5 + i))),
        ),
      ),
    );
  const kind = box('ftyp', Buffer.from('heic\0\0\0\0mif1heic', 'latin1'));
  // The boxes are as long wherever the data lie.
  return Buffer.concat([
    kind,
    meta(kind.length + meta(0).length + 8),
    box('mdat', tile.data, ...more.map(({ bytes }) => bytes)),
  ]);
}

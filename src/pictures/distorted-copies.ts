/** More pictures to learn from: distorted copies of those that there are, each with the label of its picture. */

import { createHash } from 'node:crypto';
import { checkWhole } from '../core/checked-numbers.ts';
import { checkDistortions, type Distortions, distort } from '../core/distort.ts';
import { seededRandom } from '../core/random.ts';
import type { BottleneckCache } from '../photos/bottleneck-cache.ts';
import type { PhotoPixels } from '../photos/photo-input.ts';
import { type PhotoReader, type ReadOptions, readPhotos } from '../photos/read-photos.ts';
import { decodePhoto } from '../runtime/decode.ts';
import { withFile } from '../runtime/file-memory.ts';
import type { PictureReader } from './read-picture.ts';

export interface CopyOptions extends Distortions {
  /** The number of copies of each picture. */
  readonly copies: number;
}

/** @throws WhosinError `usage` */
export function checkCopies({ copies, ...distortions }: CopyOptions): void {
  checkWhole('copies', copies, 1);
  checkDistortions(distortions);
}

export interface LabelledBottleneck {
  readonly label: string;
  readonly bottleneck: Float32Array;
  /** The path of the picture, or of the one that it is a copy of. */
  readonly path: string;
}

/**
 * Drawn from the picture's own content, so the same picture always has the same copies, and they are cached.
 *
 * @param size of the network's input, in pixels
 */
export async function distortedCopies(
  photos: readonly { readonly path: string; readonly label: string }[],
  options: CopyOptions,
  size: { readonly width: number; readonly height: number },
  reader: PictureReader,
  cache: BottleneckCache,
  reading: ReadOptions = {},
): Promise<readonly LabelledBottleneck[]> {
  const found: LabelledBottleneck[] = [];
  let done = 0;
  const paths = photos.map(({ path }) => path);
  for await (const copies of readPhotos(paths, copyReader(options, size, reader), cache, reading)) {
    const { path, label } = photos[done++]!;
    // It could be read a moment ago. A file that is gone by now has no copies.
    if (copies.kind === 'failure') continue;
    for (const bottleneck of copies.photo) found.push({ path, label, bottleneck });
  }
  return found;
}

function copyReader(
  { copies, ...distortions }: CopyOptions,
  size: { readonly width: number; readonly height: number },
  reader: PictureReader,
): PhotoReader<readonly Float32Array[]> {
  const { flip, crop, scale, brightness } = distortions;
  const copiesOf = async (content: Uint8Array, { image }: PhotoPixels): Promise<Float32Array[]> => {
    const random = seededRandom(createHash('sha256').update(content).digest().readUInt32LE(0));
    const rows: Float32Array[] = [];
    for (let i = 0; i < copies; i++) {
      rows.push(await reader.bottleneck(distort(image, size, distortions, random)));
    }
    return rows;
  };
  return {
    compute: async (bytes, path) => copiesOf(bytes, await decodePhoto(bytes, path)),
    computePixels: (pixels) => copiesOf(pixels.image.data, pixels),
    withFile,
    kept: {
      recipe: `${reader.space}/distorted-${Number(flip)}-${crop}-${scale}-${brightness}-${copies}`,
      encode: encodeRows,
      decode: (bytes) => decodeRows(bytes, copies),
    },
  };
}

/** Little-endian float32, row after row. */
function encodeRows(rows: readonly Float32Array[]): Uint8Array {
  const width = rows[0]?.length ?? 0;
  const bytes = new Uint8Array(rows.length * width * 4);
  const view = new DataView(bytes.buffer);
  for (const [r, row] of rows.entries()) {
    for (const [i, value] of row.entries()) view.setFloat32((r * width + i) * 4, value, true);
  }
  return bytes;
}

function decodeRows(bytes: Uint8Array, count: number): Float32Array[] | undefined {
  const width = bytes.length / 4 / count;
  if (!Number.isInteger(width)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return Array.from({ length: count }, (_, r) =>
    Float32Array.from({ length: width }, (__, i) => view.getFloat32((r * width + i) * 4, true)),
  );
}

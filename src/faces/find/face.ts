/** A face that was found, and how a photo's faces are kept in the bottleneck cache. */

import type { Damage } from '../../core/damage.ts';
import type { Embedding, SpaceId } from '../../core/embedding.ts';
import type { Box, Point } from '../../core/geometry.ts';

export interface Face {
  /** In pixels of the upright photo. */
  readonly box: Box<'px'>;
  /** The detector's confidence, 0 to 1: not a probability. */
  readonly score: number;
  /**
   * How clear the face is, 0 to 1: near 1 from the front, lower the further it is turned away, blurred or
   * covered; less too by its damaged share. The likeness of an unclear face counts for less.
   */
  readonly quality: number;
  /** Corners of the eyes and base of the nose (the points that the pack keeps), in pixels of the upright photo. */
  readonly landmarks: readonly Point[];
  readonly embedding: Embedding;
}

/** Everything that whosin knows about one photo before it knows anybody. */
export interface PhotoFaces {
  readonly width: number;
  readonly height: number;
  /** The perceptual hash of the whole picture, 16 hexadecimal digits: nearly equal for copies of other sizes or qualities. */
  readonly perceptualHash: string;
  /** Only of a photo that is damaged and was read as far as it goes. */
  readonly damage?: Damage;
  /** The surest first. */
  readonly faces: readonly Face[];
}

interface Header {
  readonly width: number;
  readonly height: number;
  readonly perceptualHash: string;
  readonly damage?: Damage;
  readonly dimensions: number;
  readonly faces: readonly Omit<Face, 'embedding'>[];
}

/** One line of JSON, then the embeddings as little-endian float32. */
export function encodePhotoFaces({ faces, ...photo }: PhotoFaces): Uint8Array {
  const dimensions = faces[0]?.embedding.values.length ?? 0;
  const header: Header = {
    ...photo,
    dimensions,
    faces: faces.map(({ embedding: _, ...face }) => face),
  };
  const text = new TextEncoder().encode(`${JSON.stringify(header)}\n`);
  const bytes = new Uint8Array(text.length + faces.length * dimensions * 4);
  bytes.set(text);
  const view = new DataView(bytes.buffer);
  let at = text.length;
  for (const { embedding } of faces) {
    for (let i = 0; i < dimensions; i++, at += 4) view.setFloat32(at, embedding.values[i]!, true);
  }
  return bytes;
}

/** @returns undefined if the bytes are not such a record: the photo is then read again */
export function decodePhotoFaces(bytes: Uint8Array, space: SpaceId): PhotoFaces | undefined {
  const end = bytes.indexOf(0x0a);
  const header = end < 0 ? undefined : readHeader(bytes.subarray(0, end));
  if (header === undefined) return undefined;
  const { faces, dimensions, ...photo } = header;
  const view = new DataView(bytes.buffer, bytes.byteOffset + end + 1, bytes.byteLength - end - 1);
  if (view.byteLength !== faces.length * dimensions * 4) return undefined;
  return {
    ...photo,
    faces: faces.map((face, k) => {
      const values = new Float32Array(dimensions);
      for (let i = 0; i < dimensions; i++) values[i] = view.getFloat32((k * dimensions + i) * 4, true);
      return { ...face, embedding: { space, values } };
    }),
  };
}

function readHeader(line: Uint8Array): Header | undefined {
  try {
    const header = JSON.parse(new TextDecoder().decode(line)) as Partial<Header> | null;
    return Array.isArray(header?.faces) && Number.isInteger(header.dimensions)
      ? (header as Header)
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A detector, opened so that it takes photos of any size. One that was written for a canvas of a fixed size sees a
 * small photo in the corner of it, and a large one in tiles.
 */

import type { NetworkConfig } from '../../config.ts';
import type { Size } from '../../core/geometry.ts';
import { faceApiPack } from '../../models/face-api.ts';
import { type NetworkSpec, weightsOf } from '../../models/network.ts';
import { type Network, type Output, openNetwork } from '../../runtime/session.ts';
import { type Search, usualSearch } from './detect.ts';

/** Tiles share so many pixels: more than the small faces have that a large photo is searched for. */
const tileOverlap = 160;

/**
 * YuNet is less sure of what is no face than of faces: from 0.5 to 0.7 it calls seven of eight photos of insects that it finds a face in right,
 * and loses no frontal face and no profile (bench/detector-search.ts).
 */
const searches: Readonly<Partial<Record<NetworkSpec['compiler']['name'], Search>>> = {
  yunet: { ...usualSearch, minScore: 0.7 },
};

/** How this detector is asked. */
export function searchOf({ compiler }: NetworkSpec): Search {
  return searches[compiler.name] ?? usualSearch;
}

/** The part of a cached result's key besides its space; empty for the default detector. */
export function detectorKey(spec: NetworkSpec): readonly string[] {
  const { name, compiler } = spec;
  if (name === faceApiPack.detector.name) return [];
  const { minScore } = searchOf(spec);
  return [`${name}-${weightsOf(spec).sha256.slice(0, 12)}-v${compiler.version}-from-${minScore}`];
}

export async function openDetector(spec: NetworkSpec, config: NetworkConfig): Promise<Network> {
  const network = await openNetwork(spec, config);
  const [, height, width] = spec.input.shape;
  return typeof width === 'number' && typeof height === 'number'
    ? { ...network, run: inTiles(network, { width, height }) }
    : network;
}

/** Takes one photo at a time. */
function inTiles(network: Network, tile: Size): Network['run'] {
  return async (pixels, [, height = 0, width = 0]) => {
    const found: { readonly boxes: Output; readonly scores: Output }[] = [];
    for (const top of starts(height, tile.height)) {
      for (const left of starts(width, tile.width)) {
        const part = cut(pixels, { width, height }, { left, top }, tile);
        const { boxes, scores } = await network.run(part, [1, tile.height, tile.width, 3]);
        found.push({ boxes: moved(boxes!, { left, top }), scores: scores! });
      }
    }
    return { boxes: joined(found.map((of) => of.boxes)), scores: joined(found.map((of) => of.scores)) };
  };
}

/** The places at which tiles begin: evenly laid over the length, the last one ending with it. */
function starts(length: number, tile: number): readonly number[] {
  const step = Math.max(1, tile - tileOverlap);
  const tiles = Math.max(1, Math.ceil((length - tile) / step) + 1);
  return Array.from({ length: tiles }, (_, i) =>
    tiles === 1 ? 0 : Math.round((i * (length - tile)) / (tiles - 1)),
  );
}

/** Black where the photo ends before the tile does. */
function cut(
  pixels: Uint8Array,
  photo: Size,
  { left, top }: { readonly left: number; readonly top: number },
  tile: Size,
): Uint8Array {
  const part = new Uint8Array(tile.width * tile.height * 3);
  const width = Math.min(tile.width, photo.width - left);
  for (let y = 0; y < Math.min(tile.height, photo.height - top); y++) {
    const from = ((top + y) * photo.width + left) * 3;
    part.set(pixels.subarray(from, from + width * 3), y * tile.width * 3);
  }
  return part;
}

/** Boxes as top, left, bottom, right. */
function moved({ shape, data }: Output, by: { readonly left: number; readonly top: number }): Output {
  return { shape, data: data.map((edge, i) => edge + (i % 2 === 0 ? by.top : by.left)) };
}

/** Along the anchors. */
function joined(parts: readonly Output[]): Output {
  const [first] = parts;
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.data.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  const [n = 1, , ...rest] = first?.shape ?? [];
  return { shape: [n, data.length / rest.reduce((a, b) => a * b, n), ...rest], data };
}

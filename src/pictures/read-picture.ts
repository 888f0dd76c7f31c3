/** Bottlenecks of whole pictures, computed by a backbone or read from the bottleneck cache. */

import { extname } from 'node:path';
import type { NetworkConfig } from '../config.ts';
import { describeDamage } from '../core/damage.ts';
import type { SpaceId } from '../core/embedding.ts';
import type { RgbImage } from '../core/image.ts';
import { perceptualHash } from '../core/perceptual-hash.ts';
import { pictureGraph } from '../models/picture-graph.ts';
import { bottleneckSpace, decodingSize, type PicturePack } from '../models/picture-pack.ts';
import type { PhotoReader } from '../photos/read-photos.ts';
import { compiledGraph, graphsInMemory } from '../runtime/compiled-graphs.ts';
import { decodePhoto } from '../runtime/decode.ts';
import { withFile } from '../runtime/file-memory.ts';
import { openPictureNetwork, type PictureNetwork } from '../runtime/picture-network.ts';
import { type OneReader, openThreadedReader } from '../runtime/threaded-reader.ts';

/** Everything that training needs to know about a picture. */
export interface PictureReading {
  /** 16 hexadecimal digits: nearly equal for copies of other sizes or qualities. */
  readonly perceptualHash: string;
  readonly bottleneck: Float32Array;
  /** Its damage, in words; only if the picture was read as far as possible. */
  readonly damage?: string;
}

export interface PictureReader extends PhotoReader<PictureReading> {
  readonly space: SpaceId;
  bottleneck(image: RgbImage): Promise<Float32Array>;
  /** Waits for what is inside the network, then frees it; everything is refused from then on (`usage`). */
  close(): Promise<void>;
}

/** The message to the other threads. */
export interface PictureSetting {
  readonly pack: PicturePack;
  readonly config: NetworkConfig;
  /** Those that could not be stored. */
  readonly graphs: ReadonlyMap<string, Uint8Array>;
}

/**
 * Files are read by several threads, pictures that are there by this one. Networks are opened at the first picture
 * that is not cached.
 *
 * @throws WhosinError `not-found` at once if no head can be put on the pack
 */
export function openPictureReader(pack: PicturePack, config: NetworkConfig): PictureReader {
  const space = bottleneckSpace(pack);
  const { size } = pack.bottleneck!;
  const reader = openThreadedReader<PictureReading, PictureBackbone, PictureSetting>(config, {
    open: (own) => openPictureBackbone(pack, own),
    photosAThread: 3,
    module: new URL(`picture-thread${extname(import.meta.url)}`, import.meta.url),
    async setting({ home, threads, weightBits }) {
      // Compiled here, once.
      await compiledGraph(pictureGraph(pack, 'bottleneck'), config);
      return { pack, config: { home, threads, ...(weightBits && { weightBits }) }, graphs: graphsInMemory() };
    },
  });
  return {
    space,
    bottleneck: (image) => reader.enter(() => reader.alone.bottleneck(image)),
    compute: reader.read,
    computePixels: ({ image }) => reader.enter(() => readingOf(image, reader.alone.bottleneck)),
    atOnce: reader.atOnce,
    withFile,
    kept: { recipe: space, encode, decode: (bytes) => decode(bytes, size) },
    requireOpen: reader.requireOpen,
    close: reader.close,
  };
}

export interface PictureBackbone extends OneReader<PictureReading> {
  readonly bottleneck: (image: RgbImage) => Promise<Float32Array>;
}

/** One network, in this thread. */
export function openPictureBackbone(pack: PicturePack, config: NetworkConfig): PictureBackbone {
  let opened: Promise<PictureNetwork> | undefined;
  const network = (): Promise<PictureNetwork> => (opened ??= openPictureNetwork(pack, 'bottleneck', config));
  const bottleneck = async (image: RgbImage): Promise<Float32Array> =>
    (await (await network()).run(image))['bottleneck']!.data;
  const size = decodingSize(pack);
  return {
    async read(bytes, name) {
      const photo = await decodePhoto(bytes, name, size);
      const { damage } = photo;
      const reading = await readingOf(photo.image, bottleneck);
      return damage ? { ...reading, damage: describeDamage(damage, photo) } : reading;
    },
    bottleneck,
    close: async () => (await opened)?.close(),
  };
}

async function readingOf(
  image: RgbImage,
  bottleneck: PictureBackbone['bottleneck'],
): Promise<PictureReading> {
  return { perceptualHash: perceptualHash(image), bottleneck: await bottleneck(image) };
}

const hashDigits = 16;

/** The digits of the hash, then the bottleneck as little-endian float32, then what is damaged, where anything is. */
function encode({ perceptualHash: hash, bottleneck, damage = '' }: PictureReading): Uint8Array {
  const words = new TextEncoder().encode(damage);
  const end = hashDigits + bottleneck.length * 4;
  const bytes = new Uint8Array(end + words.length);
  bytes.set(words, end);
  bytes.set(new TextEncoder().encode(hash));
  const view = new DataView(bytes.buffer, hashDigits);
  for (const [i, value] of bottleneck.entries()) view.setFloat32(i * 4, value, true);
  return bytes;
}

function decode(bytes: Uint8Array, size: number): PictureReading | undefined {
  const hash = new TextDecoder().decode(bytes.subarray(0, hashDigits));
  const end = hashDigits + size * 4;
  if (bytes.length < end || !/^[0-9a-f]{16}$/.test(hash)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + hashDigits);
  const bottleneck = Float32Array.from({ length: size }, (_, i) => view.getFloat32(i * 4, true));
  const damage = new TextDecoder().decode(bytes.subarray(end));
  if (damage !== '' && !damage.startsWith('damaged')) return undefined;
  return { perceptualHash: hash, bottleneck, ...(damage !== '' && { damage }) };
}

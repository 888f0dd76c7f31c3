/** What a backbone makes of whole pictures, and how that is kept in the bottleneck cache. */

import { extname } from 'node:path';
import type { NetworkConfig } from '../config.ts';
import type { SpaceId } from '../core/embedding.ts';
import type { RgbImage } from '../core/image.ts';
import { perceptualHash } from '../core/perceptual-hash.ts';
import { bottleneckSpace, decodingSize, type PicturePack } from '../models/picture-pack.ts';
import type { PhotoReader } from '../photos/read-photos.ts';
import { decodePhoto } from '../runtime/decode.ts';
import { compiledPictureNetwork } from '../runtime/model-store.ts';
import { openPhotoThreads } from '../runtime/photo-threads.ts';
import { openPictureNetwork, type PictureNetwork } from '../runtime/picture-network.ts';
import type { PictureSetting } from './picture-thread.ts';

/** Everything that training needs to know about a picture. */
export interface PictureReading {
  /** 16 hexadecimal digits: nearly equal for copies of other sizes or qualities. */
  readonly perceptualHash: string;
  readonly bottleneck: Float32Array;
}

export interface PictureReader extends PhotoReader<PictureReading> {
  readonly space: SpaceId;
  bottleneck(image: RgbImage): Promise<Float32Array>;
  close(): Promise<void>;
}

/**
 * Files are read by several threads, pictures that are there by this one. Networks are opened at the first picture
 * that is not cached.
 *
 * @throws WhosinError `not-found` at once where no head can be put on the pack
 */
export function openPictureReader(pack: PicturePack, config: NetworkConfig): PictureReader {
  const space = bottleneckSpace(pack);
  const { size } = pack.bottleneck!;
  const oneCore = { ...config, threads: 1 };
  const backbone = openPictureBackbone(pack, config);
  // Where threads read side by side, a network takes one core.
  const amongOthers = config.threads === 1 ? backbone : openPictureBackbone(pack, oneCore);
  const threads = openPhotoThreads<PictureReading, PictureSetting>({
    threads: config.threads,
    photosAThread: 3,
    readHere: amongOthers.read,
    module: new URL(`picture-thread${extname(import.meta.url)}`, import.meta.url),
    async setting() {
      // Compiled here, once.
      await compiledPictureNetwork(pack, 'bottleneck', config.home);
      return { pack, config: oneCore };
    },
  });
  return {
    space,
    bottleneck: backbone.bottleneck,
    compute: threads.read,
    atOnce: threads.atOnce,
    kept: { recipe: space, encode, decode: (bytes) => decode(bytes, size) },
    async close() {
      await threads.close();
      await backbone.close();
      if (amongOthers !== backbone) await amongOthers.close();
    },
  };
}

export interface PictureBackbone {
  /** @throws WhosinError as `decodePhoto` does */
  readonly read: (bytes: Uint8Array, name: string) => Promise<PictureReading>;
  readonly bottleneck: (image: RgbImage) => Promise<Float32Array>;
  close(): Promise<void>;
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
      const { image } = await decodePhoto(bytes, name, size);
      return { perceptualHash: perceptualHash(image), bottleneck: await bottleneck(image) };
    },
    bottleneck,
    close: async () => (await opened)?.close(),
  };
}

const hashDigits = 16;

/** The digits of the hash, then the bottleneck as little-endian float32. */
function encode({ perceptualHash: hash, bottleneck }: PictureReading): Uint8Array {
  const bytes = new Uint8Array(hashDigits + bottleneck.length * 4);
  bytes.set(new TextEncoder().encode(hash));
  const view = new DataView(bytes.buffer, hashDigits);
  for (const [i, value] of bottleneck.entries()) view.setFloat32(i * 4, value, true);
  return bytes;
}

function decode(bytes: Uint8Array, size: number): PictureReading | undefined {
  const hash = new TextDecoder().decode(bytes.subarray(0, hashDigits));
  if (bytes.length !== hashDigits + size * 4 || !/^[0-9a-f]{16}$/.test(hash)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + hashDigits);
  const bottleneck = Float32Array.from({ length: size }, (_, i) => view.getFloat32(i * 4, true));
  return { perceptualHash: hash, bottleneck };
}

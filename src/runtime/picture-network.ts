/** Opens a network for whole pictures and runs it on photos, one at a time. */

import type { NetworkConfig } from '../config.ts';
import { resizeBilinear } from '../core/bilinear-resize.ts';
import { centreCrop } from '../core/centre-crop.ts';
import type { Size } from '../core/geometry.ts';
import type { RgbImage } from '../core/image.ts';
import { pictureGraph } from '../models/picture-graph.ts';
import { inputSize, type PictureOutput, type PicturePack } from '../models/picture-pack.ts';
import { openDoor } from './door.ts';
import { resize } from './resize.ts';
import { type Output, type openOnce, openSession, runSession } from './session.ts';

export interface PictureNetwork {
  /** The outputs by their names, see `compilePicture`; the first size of each is 1. */
  run(image: RgbImage): Promise<Readonly<Record<string, Output>>>;
  /** Waits for what runs; afterwards every run is refused (`usage`). */
  close(): Promise<void>;
}

/**
 * @param open another way to open it; `openOnce` for a trial
 * @throws WhosinError `not-found` if the pack has no such output, `bad-weights` if its files are not what it says
 */
export async function openPictureNetwork(
  pack: PicturePack,
  output: PictureOutput,
  config: NetworkConfig,
  open: typeof openOnce = openSession,
): Promise<PictureNetwork> {
  const size = inputSize(pack, output);
  const graph = pictureGraph(pack, output);
  const session = await open(graph, config);
  const run: PictureNetwork['run'] = async (image) => {
    const { data } = await (output === 'objects' ? letterboxed(image, size) : stretched(image, pack, size));
    return runSession(session, graph, data, [1, size.height, size.width, 3]);
  };
  const door = openDoor();
  return {
    run: (image) => door.enter(() => run(image)),
    close: () => door.close(() => session.release()),
  };
}

/** The photo at the size and by the rule that the network expects. */
async function stretched(image: RgbImage, { input }: PicturePack, size: Size): Promise<RgbImage> {
  const { width, height } = size;
  const seen = input.crop ? centreCrop(image, size) : image;
  return input.resize === 'bilinear' ? resizeBilinear(seen, width, height) : resize(seen, width, height);
}

/**
 * The photo as large as it fits into the top left corner, on black. Things that keep their proportions are found
 * more surely.
 */
async function letterboxed(image: RgbImage, to: Size): Promise<RgbImage> {
  const scale = Math.min(to.width / image.width, to.height / image.height);
  const side = (length: number): number => Math.max(1, Math.round(length * scale));
  const { width, height, data } = await resize(image, side(image.width), side(image.height));
  const canvas = new Uint8Array(to.width * to.height * 3);
  for (let y = 0; y < height; y++) {
    canvas.set(data.subarray(y * width * 3, (y + 1) * width * 3), y * to.width * 3);
  }
  return { ...to, data: canvas };
}

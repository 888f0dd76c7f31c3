/** Opens a network for whole pictures and runs it on photos, one at a time. */

import type { NetworkConfig } from '../config.ts';
import { resizeBilinear } from '../core/bilinear-resize.ts';
import type { RgbImage } from '../core/image.ts';
import { inputSize } from '../models/graph/compile-picture.ts';
import type { PictureOutput, PicturePack } from '../models/picture-pack.ts';
import { compiledPictureNetwork } from './model-store.ts';
import { Tensor } from './onnx-runtime.ts';
import { resize } from './resize.ts';
import { type Output, openSession } from './session.ts';

export interface PictureNetwork {
  /** The outputs by their names, see `compilePicture`; the first size of each is 1. */
  run(image: RgbImage): Promise<Readonly<Record<string, Output>>>;
  close(): Promise<void>;
}

/** Throws `not-found` where the pack has no such output, `bad-weights` where its files are not what it says. */
export async function openPictureNetwork(
  pack: PicturePack,
  output: PictureOutput,
  config: NetworkConfig,
): Promise<PictureNetwork> {
  const { width, height } = inputSize(pack, output);
  const session = await openSession(
    (again) => compiledPictureNetwork(pack, output, config.home, again),
    config,
  );
  return {
    async run(image) {
      const { data } = await fitted(image, pack, { width, height });
      const results = await session.run({ pictures: new Tensor('uint8', data, [1, height, width, 3]) });
      return Object.fromEntries(
        Object.entries(results).map(([name, value]) => [
          name,
          { shape: value.dims, data: value.data as Float32Array },
        ]),
      );
    },
    close: () => session.release(),
  };
}

/** The photo at the size and by the rule that the network expects. */
async function fitted(
  image: RgbImage,
  { input }: PicturePack,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<RgbImage> {
  return input.resize === 'bilinear' ? resizeBilinear(image, width, height) : resize(image, width, height);
}

/** A thread that reads pictures: bytes of a file in, its bottleneck out (read-picture.ts starts it). */

import type { NetworkConfig } from '../config.ts';
import type { PicturePack } from '../models/picture-pack.ts';
import { photoWork, threadSetting } from '../runtime/photo-threads.ts';
import { openPictureBackbone } from './read-picture.ts';

export interface PictureSetting {
  readonly pack: PicturePack;
  readonly config: NetworkConfig;
}

const { pack, config } = threadSetting as PictureSetting;

export const readPhoto = photoWork(openPictureBackbone(pack, config).read);

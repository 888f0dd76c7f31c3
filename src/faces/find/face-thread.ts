/** A thread that reads photos: bytes of a file in, its faces with embeddings out (read-faces.ts starts it). */

import type { NetworkConfig } from '../../config.ts';
import type { FacePack } from '../../models/pack.ts';
import { photoWork, threadSetting } from '../../runtime/photo-threads.ts';
import { openFaceReader } from './read-faces.ts';

export interface FaceSetting {
  readonly pack: FacePack;
  readonly config: NetworkConfig;
}

const { pack, config } = threadSetting as FaceSetting;

export const readPhoto = photoWork(openFaceReader(pack, config).readFile);

/** The faces of a reference set, as the default pack sees them, or one with `--detector=FILE`. */

import { readConfig } from '../../src/config.ts';
import { openFaceReader } from '../../src/faces/find/read-faces.ts';
import {
  type ReferencePhoto,
  readReferencePhotos as readWith,
} from '../../src/faces/packs/reference-photos.ts';
import { openCache } from '../../src/photos/bottleneck-cache.ts';
import { writeFileAtomically } from '../../src/runtime/atomic-file.ts';
import { benchPack } from './detector-pack.ts';

export async function readReferencePhotos(folder: string): Promise<ReferencePhoto[]> {
  const config = readConfig();
  const reader = openFaceReader(benchPack, config);
  const cache = openCache(config.home, writeFileAtomically);
  const photos = await readWith(folder, reader, cache, {
    onProgress: (done, total) => {
      if (done % 200 === 0) console.error(`${done}/${total} photos`);
    },
  });
  await reader.close();
  return photos;
}

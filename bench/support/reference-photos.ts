/** The faces of a reference set, as the default pack sees them. */

import { readConfig } from '../../src/config.ts';
import { openFaceReader } from '../../src/faces/find/read-faces.ts';
import {
  type ReferencePhoto,
  readReferencePhotos as readWith,
} from '../../src/faces/packs/reference-photos.ts';
import { faceApiPack } from '../../src/models/face-api.ts';
import { openCache } from '../../src/photos/bottleneck-cache.ts';
import { writeFileAtomically } from '../../src/runtime/atomic-file.ts';

export async function readReferencePhotos(folder: string): Promise<ReferencePhoto[]> {
  const config = readConfig();
  const reader = openFaceReader(faceApiPack, config);
  const cache = openCache(config.home, writeFileAtomically);
  const photos = await readWith(folder, reader, cache, {
    onProgress: (done, total) => {
      if (done % 200 === 0) console.error(`${done}/${total} photos`);
    },
  });
  await reader.close();
  return photos;
}

/** `--detector`, which the commands that look for faces share. */

import type { Config } from '../../config.ts';
import { type Faces, openFaces } from '../../faces/open-faces.ts';
import { faceApiPack } from '../../models/face-api.ts';
import type { FacePack } from '../../models/pack.ts';
import { faceDetectorNamed } from '../../packs/face-pack-store.ts';
import { warnOfCache } from './output.ts';

/** For commander: the flag and what it says of itself. */
export const detectorOption = [
  '--detector <name>',
  'find faces with this detector instead (whosin models pull yunet)',
] as const;

/** @param detector the name of an added one; the pack's own if left out */
export async function openFacesWith(
  config: Config,
  detector: string | undefined,
  pack: FacePack = faceApiPack,
): Promise<Faces> {
  const chosen = detector === undefined ? pack : await withDetectorNamed(detector, pack, config);
  return openFaces({ pack: chosen, config, onCacheFailure: warnOfCache });
}

async function withDetectorNamed(name: string, pack: FacePack, { packs }: Config): Promise<FacePack> {
  // With its compiler it is a quarter of what `identify` would load.
  const { withDetector } = await import('../../models/face-detector-pack.ts');
  return withDetector(pack, await faceDetectorNamed(packs, name));
}

/** `--detector`, which the commands that look for faces share. */

import type { Config } from '../../config.ts';
import { type Faces, openFaces } from '../../faces/open-faces.ts';
import { faceApiPack } from '../../models/face-api.ts';
import { withDetector } from '../../models/face-detector-pack.ts';
import type { FacePack } from '../../models/face-pack.ts';
import { faceDetectorNamed } from '../../packs/face-packs.ts';
import { warnNotKept } from './output.ts';

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
  const chosen =
    detector === undefined ? pack : withDetector(pack, await faceDetectorNamed(config.packs, detector));
  return openFaces({ pack: chosen, config, onCacheFailure: warnNotKept });
}

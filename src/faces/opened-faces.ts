/** Readers of faces, one for each embedder that is needed, each opened when it is and shared from then on. */

import type { Config } from '../config.ts';
import { WhosinError } from '../errors.ts';
import { faceApiPack } from '../models/face-api.ts';
import { withDetector } from '../models/face-detector-pack.ts';
import type { FacePack } from '../models/face-pack.ts';
import { faceDetectorNamed, facePackNamed, facePackOfSpace } from '../packs/face-packs.ts';
import { type Faces, openFaces } from './open-faces.ts';
import type { PeopleModel } from './people/model-file.ts';

export interface OpenedFaces {
  /** With the embedder that was chosen. */
  chosen(): Promise<Faces>;
  /** With the embedder that a model was trained with; throws `wrong-space` where it is not here. */
  of(model: PeopleModel): Promise<Faces>;
  close(): Promise<void>;
}

export interface ChosenFaces {
  readonly embedder?: string | undefined;
  readonly detector?: string | undefined;
  readonly onCacheFailure?: ((reason: string) => void) | undefined;
}

export function openedFaces(
  config: Config,
  { embedder, detector, onCacheFailure }: ChosenFaces,
): OpenedFaces {
  const opened = new Map<string, Promise<Faces>>();
  let closed = false;
  const open = async (pack: FacePack): Promise<Faces> => {
    if (closed) throw new WhosinError('usage', 'whosin was closed: open it again.');
    const known = opened.get(pack.space);
    if (known) return known;
    const opening = openFaces({ pack, config, ...(onCacheFailure && { onCacheFailure }) });
    opened.set(pack.space, opening);
    opening.catch(() => opened.delete(pack.space));
    return opening;
  };
  const detecting = async (pack: FacePack): Promise<FacePack> =>
    detector === undefined ? pack : withDetector(pack, await faceDetectorNamed(config.packs, detector));
  return {
    chosen: async () =>
      open(await detecting(await facePackNamed(config.packs, embedder ?? faceApiPack.name))),
    of: async ({ space }) => open(await detecting(await facePackOfSpace(config.packs, space))),
    async close() {
      closed = true;
      for (const faces of await Promise.allSettled(opened.values())) {
        if (faces.status === 'fulfilled') await faces.value.close();
      }
    },
  };
}

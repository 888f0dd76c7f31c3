/** Everything about faces behind one door: what a program or a command needs to train and to identify. */

import { type NetworkConfig, readConfig } from '../config.ts';
import { WhosinError } from '../errors.ts';
import type { TwoCovariance } from '../learn/odds/two-covariance.ts';
import { faceApiPack } from '../models/face-api.ts';
import type { FacePack } from '../models/face-pack.ts';
import type { OpenComputation } from '../models/graph/computation.ts';
import { type BottleneckCache, openCache } from '../photos/bottleneck-cache.ts';
import type { PhotoInput } from '../photos/photo-input.ts';
import { writeFileAtomically } from '../runtime/atomic-file.ts';
import { type FaceReader, openFaceReader } from './find/read-faces.ts';
import { loadBackground } from './people/background-file.ts';
import { type IdentifiedPhoto, type IdentifyOptions, identify } from './people/identify.ts';
import type { PeopleModel } from './people/model-file.ts';
import type { Trained, TrainOptions } from './people/train.ts';

export interface Faces {
  readonly pack: FacePack;
  readonly reader: FaceReader;
  readonly cache: BottleneckCache;
  readonly background: TwoCovariance;
  /** Computes products of large matrices, on all cores. */
  readonly compute: OpenComputation;
  /** @param root one sub-folder of photos for each person */
  train(root: string, options?: TrainOptions): Promise<Trained>;
  /** One answer for each photo, in order; one that cannot be read is an answer of `kind: 'failure'`. */
  identify(
    photos: AsyncIterable<PhotoInput> | Iterable<PhotoInput>,
    model: PeopleModel,
    options?: IdentifyOptions,
  ): AsyncGenerator<IdentifiedPhoto>;
  /** Waits for what is inside the networks, then frees them; everything is refused from then on (`usage`). */
  close(): Promise<void>;
}

export interface FacesOptions {
  readonly pack?: FacePack;
  /** The folders of compiled networks and cached faces, and the number of threads; from the environment if left out. */
  readonly config?: NetworkConfig;
  /** Told if results or compiled networks cannot be stored; the work goes on. */
  readonly onCacheFailure?: (reason: string) => void;
}

export async function openFaces(options: FacesOptions = {}): Promise<Faces> {
  const { pack = faceApiPack, config = readConfig(), onCacheFailure } = options;
  const background = await loadBackground(pack);
  const reader = openFaceReader(pack, {
    ...(onCacheFailure && { onNotKept: onCacheFailure }),
    ...config,
  });
  const cache = openCache(config.home, writeFileAtomically, onCacheFailure);
  const compute: OpenComputation = async (graph, how) => {
    const { openComputation } = await import('../runtime/computation.ts');
    return openComputation(graph, config, how);
  };
  return {
    pack,
    reader,
    cache,
    background,
    compute,
    train: async (root, trainOptions) => {
      const { trainPeople } = await import('./people/train.ts');
      const { loadFalseMatches } = await import('./people/false-match-rate.ts');
      const strangers = await loadFalseMatches(pack);
      if (trainOptions?.fromRegions) {
        const { trainOnRegions } = await import('./regions/train-on-regions.ts');
        return trainOnRegions(root, background, reader, cache, compute, { strangers, ...trainOptions });
      }
      return trainPeople(root, background, reader, cache, compute, { strangers, ...trainOptions });
    },
    identify: (photos, model, identifyOptions) => {
      if (model.space !== pack.space) {
        throw new WhosinError(
          'wrong-space',
          `The model was trained in the embedding space "${model.space}", this pack reads faces in "${pack.space}": train it again, or use the pack that it was trained with.`,
        );
      }
      return identify(photos, model, reader, cache, identifyOptions);
    },
    close: () => reader.close(),
  };
}

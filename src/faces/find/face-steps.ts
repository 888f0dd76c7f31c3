/** The steps from a picture to its faces, and the networks that they take. */

import type { NetworkConfig } from '../../config.ts';
import type { Embedding } from '../../core/embedding.ts';
import type { Point } from '../../core/geometry.ts';
import type { RgbImage } from '../../core/image.ts';
import type { FacePack } from '../../models/face-pack.ts';
import { type Network, openNetwork } from '../../runtime/session.ts';
import { together } from '../../runtime/together.ts';
import { type AnimalDirection, readAnimals, trustAsPerson } from './animals.ts';
import { type Detection, detectFaces, type Effort } from './detect.ts';
import { embedFaces, type OpenEmbedder } from './embed.ts';
import { followLandmarks, glimpseFace, type LocatedFace } from './follow-points.ts';
import { findLandmarks } from './landmarks.ts';
import type { Landmarks } from './mesh.ts';
import { openDetector, searchOf } from './open-detector.ts';
import { lookAgain } from './second-look.ts';

/** A place where a face is looked for. */
export type FaceSquare = Pick<Detection, 'box' | 'turns'>;

/** All boxes and points in pixels of the image. */
export interface FaceSteps {
  /** Every face of the image, the surest first; as of a photo if not said otherwise. */
  detect(image: RgbImage, effort?: Effort, overview?: RgbImage): Promise<Detection[]>;
  /** The points of the faces in these boxes. */
  locate(image: RgbImage, faces: readonly FaceSquare[]): Promise<readonly Landmarks[]>;
  /** The points of faces that lay at these points a moment ago. */
  follow(image: RgbImage, points: readonly (readonly Point[])[]): Promise<Landmarks[]>;
  /** A face that `follow` lost, if it is at least seen to be there: less of it than `locate` finds, for less. */
  glimpse(image: RgbImage, face: LocatedFace): Promise<LocatedFace | undefined>;
  embed(image: RgbImage, faces: readonly Landmarks[]): Promise<readonly EmbeddedFace[]>;
}

export interface EmbeddedFace {
  readonly embedding: Embedding;
  /** The share that is left of how clear the face is, 0 to 1: none if it is an animal's. */
  readonly trust: number;
}

interface OpenNetworks {
  readonly detector: Network;
  readonly landmarker: Network;
  readonly embedders: readonly OpenEmbedder[];
  readonly animals: AnimalDirection | undefined;
}

export interface OpenFaceSteps {
  readonly steps: FaceSteps;
  /** Opens the networks; every step does so too. */
  open(): Promise<unknown>;
  close(): Promise<void>;
}

/** One set of networks, in this thread. */
export function openFaceSteps(pack: FacePack, config: NetworkConfig): OpenFaceSteps {
  const networks = onDemand(() => openNetworks(pack, config));
  // Most photos show a face that is sure, and never need it.
  const second = pack.secondDetector && onDemand(() => openDetector(pack.secondDetector!, config));
  const six = pack.sixPoints && onDemand(() => openNetwork(pack.sixPoints!, config));
  const opened = (): Promise<OpenNetworks> => networks.open();
  const { space, landmarkPoints } = pack;
  const search = searchOf(pack.detector);
  const locate: FaceSteps['locate'] = async (image, faces) =>
    findLandmarks((await opened()).landmarker, landmarkPoints, image, faces, six && (() => six.open()));
  return {
    open: opened,
    steps: {
      async detect(image, effort, overview) {
        const { detector } = await opened();
        const found = await detectFaces(detector, image, effort, overview, search);
        if (second === undefined || effort === 'glance') return found;
        if (found.some(({ score }) => score >= search.sureScore)) return found;
        const others = await lookAgain(await second.open(), locate, image, found);
        return [...found, ...others].toSorted((a, b) => b.score - a.score);
      },
      locate,
      follow: async (image, points) =>
        followLandmarks((await opened()).landmarker, landmarkPoints, image, points),
      glimpse: async (image, face) => six && glimpseFace(await six.open(), image, face),
      async embed(image, faces) {
        const { embedders, animals } = await opened();
        const points = faces.map((face) => face.points);
        return (await embedFaces(embedders, landmarkPoints, image, points)).map((values) => ({
          embedding: { space, values },
          trust: animals ? trustAsPerson(animals, values) : 1,
        }));
      },
    },
    async close() {
      const open = await networks.begun();
      await (await second?.begun())?.close();
      await (await six?.begun())?.close();
      if (open === undefined) return;
      const { detector, landmarker, embedders } = open;
      for (const network of [detector, landmarker, ...embedders.map((embedder) => embedder.network)]) {
        await network.close();
      }
    },
  };
}

/** Opened once, when it is first needed; if that fails, tried again the next time. */
function onDemand<T>(open: () => Promise<T>): { open(): Promise<T>; begun(): Promise<T> | undefined } {
  let opening: Promise<T> | undefined;
  return {
    open() {
      opening ??= open().catch((error: unknown) => {
        opening = undefined;
        throw error;
      });
      return opening;
    },
    begun: () => opening,
  };
}

async function openNetworks(pack: FacePack, config: NetworkConfig): Promise<OpenNetworks> {
  const specs = [pack.landmarks, ...pack.embedders.map(({ network }) => network)];
  const [animals, detector, [landmarker, ...opened]] = await together([
    pack.animals ? readAnimals(pack.animals) : Promise.resolve(undefined),
    openDetector(pack.detector, config),
    together(specs.map((spec) => openNetwork(spec, config))),
  ]);
  return {
    detector,
    landmarker: landmarker!,
    animals,
    embedders: pack.embedders.map((embedder, i) => ({ ...embedder, network: opened[i]! })),
  };
}

/** Photo in, faces with embeddings out. */

import { extname } from 'node:path';
import type { NetworkConfig } from '../../config.ts';
import type { Embedding, SpaceId } from '../../core/embedding.ts';
import { centroid, type Point, scaleBox } from '../../core/geometry.ts';
import { lighten, type RgbImage } from '../../core/image.ts';
import { perceptualHash } from '../../core/perceptual-hash.ts';
import type { FacePack, NetworkSpec } from '../../models/pack.ts';
import { decodePhoto, type Photo } from '../../runtime/decode.ts';
import { compiledNetwork } from '../../runtime/model-store.ts';
import { openPhotoThreads, type ReadPhoto } from '../../runtime/photo-threads.ts';
import { type Network, openNetwork } from '../../runtime/session.ts';
import { findLandmarks, followLandmarks, type Landmarks } from './align.ts';
import { type Detection, detectFaces, type Effort, overviewOf } from './detect.ts';
import { embedFaces, type OpenEmbedder } from './embed.ts';
import type { PhotoFaces } from './face.ts';
import type { FaceSetting } from './face-thread.ts';
import { detectorKey, openDetector } from './open-detector.ts';

export interface FaceReader {
  readonly space: SpaceId;
  /** Names everything that the result depends on besides the photo: the key of cached results. */
  readonly recipe: string;
  read(photo: Photo): Promise<PhotoFaces>;
  /**
   * The same of a photo's file, in several threads where there are several cores.
   *
   * @param name for messages
   * @throws WhosinError as `decodePhoto` does
   */
  readonly readFile: ReadPhoto<PhotoFaces>;
  /** How many files it takes to keep all cores at work. */
  readonly atOnce: number;
  /** The same way step by step: in a video a face is followed more often than it is searched for or embedded. */
  readonly steps: FaceSteps;
  close(): Promise<void>;
}

/** A place where a face is looked for. */
export type FaceSquare = Pick<Detection, 'box' | 'turns'>;

/** All boxes and points in pixels of the image. */
export interface FaceSteps {
  /** Every face of the image, the surest first; as of a photo if not said otherwise. */
  detect(image: RgbImage, effort?: Effort, overview?: RgbImage): Promise<Detection[]>;
  /** The points of the faces in these boxes. */
  locate(image: RgbImage, faces: readonly FaceSquare[]): Promise<Landmarks[]>;
  /** The points of faces that lay at these points a moment ago. */
  follow(image: RgbImage, points: readonly (readonly Point[])[]): Promise<Landmarks[]>;
  embed(image: RgbImage, faces: readonly Landmarks[]): Promise<Embedding[]>;
}

interface OpenNetworks {
  readonly detector: Network;
  readonly landmarker: Network;
  readonly embedders: readonly OpenEmbedder[];
}

/** Raised whenever the way from photo to faces changes its results. */
const recipeVersion = 7;

/** The pack's networks are opened at the first photo, so a run that finds everything cached opens none. */
export function openFaceReader(pack: FacePack, config: NetworkConfig): FaceReader {
  const oneCore = { ...config, threads: 1 };
  const alone = openOneReader(pack, config);
  // Where threads read side by side, a network takes one core.
  const amongOthers = config.threads === 1 ? alone : openOneReader(pack, oneCore);
  const threads = openPhotoThreads<PhotoFaces, FaceSetting>({
    threads: config.threads,
    photosAThread: 2,
    async readHere(bytes, name) {
      // The first photo is decoded while networks are opened.
      const [photo] = await Promise.all([decodePhoto(bytes, name), amongOthers.open()]);
      return amongOthers.read(photo);
    },
    module: new URL(`face-thread${extname(import.meta.url)}`, import.meta.url),
    setting: async () => ({ pack: await compiledPack(pack, config), config: oneCore }),
  });
  return {
    space: pack.space,
    recipe: [pack.space, ...detectorKey(pack.detector), `faces-${recipeVersion}`].join('/'),
    read: alone.read,
    readFile: threads.read,
    atOnce: threads.atOnce,
    steps: alone.steps,
    async close() {
      await threads.close();
      await alone.close();
      if (amongOthers !== alone) await amongOthers.close();
    },
  };
}

interface OneReader extends Pick<FaceReader, 'read' | 'steps' | 'close'> {
  open(): Promise<unknown>;
}

/** One set of networks, in this thread. */
function openOneReader(pack: FacePack, config: NetworkConfig): OneReader {
  let networks: Promise<OpenNetworks> | undefined;
  const opened = (): Promise<OpenNetworks> => {
    networks ??= openNetworks(pack, config).catch((error: unknown) => {
      networks = undefined;
      throw error;
    });
    return networks;
  };
  const { space, landmarkPoints } = pack;
  const steps: FaceSteps = {
    detect: async (image, effort, overview) =>
      detectFaces((await opened()).detector, image, effort, overview),
    locate: async (image, faces) => findLandmarks((await opened()).landmarker, landmarkPoints, image, faces),
    follow: async (image, points) =>
      followLandmarks((await opened()).landmarker, landmarkPoints, image, points),
    async embed(image, faces) {
      const { embedders } = await opened();
      const points = faces.map((face) => face.points);
      return (await embedFaces(embedders, image, points)).map((values) => ({ space, values }));
    },
  };
  return {
    open: opened,
    read: (photo) => readFaces(photo, pack, steps),
    steps,
    async close() {
      const open = await networks;
      if (open === undefined) return;
      const { detector, landmarker, embedders } = open;
      for (const network of [detector, landmarker, ...embedders.map((embedder) => embedder.network)]) {
        await network.close();
      }
    },
  };
}

async function openNetworks(pack: FacePack, config: NetworkConfig): Promise<OpenNetworks> {
  const [detector, landmarker, ...opened] = await Promise.all([
    openDetector(pack.detector, config),
    ...[pack.landmarks, ...pack.embedders.map(({ network }) => network)].map((spec) =>
      openNetwork(spec, config),
    ),
  ]);
  return {
    detector,
    landmarker: landmarker!,
    embedders: pack.embedders.map((embedder, i) => ({ ...embedder, network: opened[i]! })),
  };
}

/** The pack for other threads, where functions cannot be sent: its networks are compiled here. */
async function compiledPack(pack: FacePack, { home }: NetworkConfig): Promise<FacePack> {
  const compiled = async (spec: NetworkSpec): Promise<NetworkSpec> => {
    await compiledNetwork(spec, home);
    return { ...spec, compile: undefined as never };
  };
  const [detector, landmarks, ...embedders] = await Promise.all(
    [pack.detector, pack.landmarks, ...pack.embedders.map(({ network }) => network)].map(compiled),
  );
  return {
    ...pack,
    detector: detector!,
    landmarks: landmarks!,
    embedders: pack.embedders.map((embedder, i) => ({ ...embedder, network: embedders[i]! })),
  };
}

/** The whole way: detect, find the points of each face, align it, embed it. */
async function readFaces(
  { image: original, width, height }: Photo,
  pack: FacePack,
  steps: FaceSteps,
): Promise<PhotoFaces> {
  // What is asked of the photo as a whole is asked of a small copy.
  const overview = await overviewOf(original);
  const image = lighten(original, overview);
  const detections = await steps.detect(image, 'photo', lighten(overview));
  const landmarks = await steps.locate(image, detections);
  const found = oncePerFace(detections.map((d, i) => ({ ...d, landmarks: landmarks[i]! })));
  const embeddings = await steps.embed(
    image,
    found.map((face) => face.landmarks),
  );
  const scale = width / image.width;
  return {
    width,
    height,
    perceptualHash: perceptualHash(overview),
    faces: found.map(({ box, score, landmarks: { points, presence } }, i) => ({
      box: scaleBox(box, scale),
      score,
      quality: presence,
      landmarks: pack.landmarkPoints.kept.map((k) => ({ x: points[k]!.x * scale, y: points[k]!.y * scale })),
      embedding: embeddings[i]!,
    })),
  };
}

export type FoundFace = Detection & { readonly landmarks: Landmarks };

/** Two boxes that the landmarks slide into one face from are that face; the surer box stays. */
export function oncePerFace<T extends FoundFace>(faces: readonly T[]): T[] {
  const kept: T[] = [];
  for (const face of faces) {
    const here = centroid(face.landmarks.points);
    const seen = kept.some(({ box, landmarks }) => {
      const there = centroid(landmarks.points);
      return Math.hypot(here.x - there.x, here.y - there.y) < sameFaceDistance * box.width;
    });
    if (!seen) kept.push(face);
  }
  return kept;
}

/** Centres of landmarks that lie nearer than this share of the box's width. */
const sameFaceDistance = 0.25;

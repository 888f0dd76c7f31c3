/** Photo in, faces with embeddings out. */

import { extname } from 'node:path';
import type { NetworkConfig } from '../../config.ts';
import { trustIn } from '../../core/damage.ts';
import type { SpaceId } from '../../core/embedding.ts';
import { centroid, scaleBox } from '../../core/geometry.ts';
import { lightening } from '../../core/image.ts';
import { perceptualHash } from '../../core/perceptual-hash.ts';
import { givePixels } from '../../core/pixel-memory.ts';
import type { FacePack } from '../../models/face-pack.ts';
import type { NetworkSpec } from '../../models/network.ts';
import { compiledGraph, graphsInMemory } from '../../runtime/compiled-graphs.ts';
import { decodePhoto, type Photo } from '../../runtime/decode.ts';
import type { ReadBytes } from '../../runtime/photo-threads.ts';
import { type OneReader, openThreadedReader } from '../../runtime/threaded-reader.ts';
import { together } from '../../runtime/together.ts';
import { type Detection, overviewOf } from './detect.ts';
import type { PhotoFaces } from './face.ts';
import { type FaceSteps, openFaceSteps } from './face-steps.ts';
import type { Landmarks } from './mesh.ts';
import { detectorKey } from './open-detector.ts';
import { poseOf, sixOf, trustInPose } from './sideways.ts';

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
  readonly readFile: ReadBytes<PhotoFaces>;
  /** How many files it takes to keep all cores at work. */
  readonly atOnce: number;
  /** The same way step by step: in a video a face is followed more often than it is searched for or embedded. */
  readonly steps: FaceSteps;
  /** Throws WhosinError `usage` once it is closed, as everything above does. */
  readonly requireOpen: () => void;
  /** Waits for what is inside the networks, then frees them. */
  close(): Promise<void>;
}

/** The message to the other threads. */
export interface FaceSetting {
  readonly pack: FacePack;
  readonly config: NetworkConfig;
  /** Those that could not be stored. */
  readonly graphs: ReadonlyMap<string, Uint8Array>;
}

/** Raised whenever the way from photo to faces changes its results. */
const recipeVersion = 15;

/** The pack's networks are opened at the first photo, so a run that finds everything cached opens none. */
export function openFaceReader(pack: FacePack, config: NetworkConfig): FaceReader {
  const reader = openThreadedReader<PhotoFaces, OneFaceReader, FaceSetting>(config, {
    open: (own) => openOneReader(pack, own),
    photosAThread: 2,
    module: new URL(`face-thread${extname(import.meta.url)}`, import.meta.url),
    async setting({ home, threads, weightBits }) {
      // Compiled here, once.
      await together(networksOf(pack).map((spec) => compiledGraph(spec, config)));
      return { pack, config: { home, threads, ...(weightBits && { weightBits }) }, graphs: graphsInMemory() };
    },
  });
  const { alone, enter } = reader;
  return {
    space: pack.space,
    recipe: [pack.space, ...detectorKey(pack.detector), `faces-${recipeVersion}`, ...animalsKey(pack)].join(
      '/',
    ),
    read: (photo) => enter(() => readFaces(photo, pack, alone.steps)),
    readFile: reader.read,
    atOnce: reader.atOnce,
    steps: {
      detect: (...args) => enter(() => alone.steps.detect(...args)),
      locate: (...args) => enter(() => alone.steps.locate(...args)),
      follow: (...args) => enter(() => alone.steps.follow(...args)),
      glimpse: (...args) => enter(() => alone.steps.glimpse(...args)),
      embed: (...args) => enter(() => alone.steps.embed(...args)),
    },
    requireOpen: reader.requireOpen,
    close: reader.close,
  };
}

interface OneFaceReader extends OneReader<PhotoFaces> {
  readonly steps: FaceSteps;
}

function openOneReader(pack: FacePack, config: NetworkConfig): OneFaceReader {
  const own = openFaceSteps(pack, config);
  return {
    steps: own.steps,
    async read(bytes, name) {
      // The first photo is decoded while networks are opened.
      const [photo] = await together([decodePhoto(bytes, name), own.open()]);
      return readFaces(photo, pack, own.steps);
    },
    close: () => own.close(),
  };
}

/** The part of the key that tells animals from people. */
function animalsKey({ animals }: FacePack): readonly string[] {
  return animals ? [`animals-${animals.sha256.slice(0, 8)}`] : [];
}

function networksOf({
  detector,
  secondDetector,
  sixPoints,
  landmarks,
  embedders,
}: FacePack): readonly NetworkSpec[] {
  const small = [secondDetector, sixPoints].filter((spec) => spec !== undefined);
  return [detector, ...small, landmarks, ...embedders.map(({ network }) => network)];
}

/** The whole way: detect, find the points of each face, align it, embed it. */
async function readFaces(
  { image: original, width, height, damage }: Photo,
  pack: FacePack,
  steps: FaceSteps,
): Promise<PhotoFaces> {
  // A small copy is enough for measures of the whole photo.
  const overview = await overviewOf(original);
  const lighten = lightening(overview);
  const image = lighten(original);
  const detections = await steps.detect(image, 'photo', lighten(overview));
  const landmarks = await steps.locate(image, detections);
  const found = oncePerFace(detections.map((d, i) => ({ ...d, landmarks: landmarks[i]! })));
  const embedded = await steps.embed(
    image,
    found.map((face) => face.landmarks),
  );
  const scale = width / image.width;
  const hash = perceptualHash(overview);
  if (overview !== original) givePixels(overview.data);
  return {
    width,
    height,
    perceptualHash: hash,
    ...(damage && { damage }),
    faces: found.map(({ box: inImage, score, landmarks: { points, presence } }, i) => {
      const box = scaleBox(inImage, scale);
      return {
        box,
        score,
        quality:
          presence *
          trustInPose(poseOf(sixOf(pack.landmarkPoints, points))) *
          trustIn(box, damage) *
          embedded[i]!.trust,
        landmarks: pack.landmarkPoints.kept.map((k) => ({
          x: points[k]!.x * scale,
          y: points[k]!.y * scale,
        })),
        embedding: embedded[i]!.embedding,
      };
    }),
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

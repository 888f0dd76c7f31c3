/** Photo in, faces with embeddings out. */

import type { NetworkConfig } from '../config.ts';
import type { Embedding, SpaceId } from '../core/embedding.ts';
import { type Box, centroid, type Point, scaleBox } from '../core/geometry.ts';
import { type RgbImage, warp } from '../core/image.ts';
import { perceptualHash } from '../core/perceptual-hash.ts';
import type { FacePack } from '../models/pack.ts';
import type { Photo } from '../runtime/decode.ts';
import { type Network, openNetwork } from '../runtime/session.ts';
import { alignTo, findLandmarks, followLandmarks, type Landmarks } from './align.ts';
import { type Detection, detectFaces } from './detect.ts';
import { embedFaces } from './embed.ts';
import type { PhotoFaces } from './face.ts';

export interface FaceReader {
  readonly space: SpaceId;
  /** Names everything that the result depends on besides the photo: the key of cached results. */
  readonly recipe: string;
  read(photo: Photo): Promise<PhotoFaces>;
  /** The same way step by step: in a video a face is followed more often than it is searched for or embedded. */
  readonly steps: FaceSteps;
  close(): Promise<void>;
}

/** All boxes and points in pixels of the image. */
export interface FaceSteps {
  /** Every face of the image, the surest first. */
  detect(image: RgbImage): Promise<Detection[]>;
  /** The points of the faces in these boxes. */
  locate(image: RgbImage, boxes: readonly Box<'px'>[]): Promise<Landmarks[]>;
  /** The points of faces that lay at these points a moment ago. */
  follow(image: RgbImage, points: readonly (readonly Point[])[]): Promise<Landmarks[]>;
  embed(image: RgbImage, faces: readonly Landmarks[]): Promise<Embedding[]>;
}

/** Raised whenever the way from photo to faces changes its results. */
const recipeVersion = 3;

/** The pack's networks are opened at the first photo, so a run that finds everything cached opens none. */
export function openFaceReader(pack: FacePack, config: NetworkConfig): FaceReader {
  let networks: Promise<readonly [Network, Network, Network]> | undefined;
  const open = (): Promise<readonly [Network, Network, Network]> =>
    Promise.all([
      openNetwork(pack.detector, config),
      openNetwork(pack.landmarks, config),
      openNetwork(pack.embedder, config),
    ]);
  const opened = (): Promise<readonly [Network, Network, Network]> => {
    networks ??= open().catch((error: unknown) => {
      networks = undefined;
      throw error;
    });
    return networks;
  };
  const { space, landmarkPoints, alignment } = pack;
  const steps: FaceSteps = {
    async detect(image) {
      const [detector] = await opened();
      return detectFaces(detector, image);
    },
    async locate(image, boxes) {
      const [, landmarker] = await opened();
      return findLandmarks(landmarker, landmarkPoints, image, boxes);
    },
    async follow(image, points) {
      const [, landmarker] = await opened();
      return followLandmarks(landmarker, landmarkPoints, image, points);
    },
    async embed(image, faces) {
      const [, , embedder] = await opened();
      const { chip } = alignment;
      const chips = faces.map(({ points }) => warp(image, alignTo(alignment, points), chip, chip));
      return (await embedFaces(embedder, chips)).map((values) => ({ space, values }));
    },
  };
  return {
    space: pack.space,
    recipe: `${pack.space}/faces-${recipeVersion}`,
    async read(photo) {
      return readFaces(photo, steps);
    },
    steps,
    async close() {
      for (const network of (await networks) ?? []) await network.close();
    },
  };
}

/** The whole way: detect, find the points of each face, align it, embed it. */
async function readFaces({ image, width, height }: Photo, steps: FaceSteps): Promise<PhotoFaces> {
  const detections = await steps.detect(image);
  const landmarks = await steps.locate(
    image,
    detections.map(({ box }) => box),
  );
  const found = oncePerFace(detections.map((d, i) => ({ ...d, landmarks: landmarks[i]! })));
  const embeddings = await steps.embed(
    image,
    found.map((face) => face.landmarks),
  );
  const scale = width / image.width;
  return {
    width,
    height,
    perceptualHash: perceptualHash(image),
    faces: found.map((face, i) => ({
      box: scaleBox(face.box, scale),
      score: face.score,
      quality: qualityOf(face.landmarks),
      landmarks: face.landmarks.points.map((p) => ({ x: p.x * scale, y: p.y * scale })),
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

/** 0.95 at a disagreement of 0.05, a half at 0.1, 0.05 at 0.2. */
export function qualityOf({ disagreement }: Landmarks): number {
  return 1 / (1 + (disagreement / 0.1) ** 4);
}

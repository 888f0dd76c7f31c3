/** Photo in, faces with embeddings out. */

import type { NetworkConfig } from '../config.ts';
import type { SpaceId } from '../core/embedding.ts';
import { centroid, scaleBox } from '../core/geometry.ts';
import { warp } from '../core/image.ts';
import { perceptualHash } from '../core/perceptual-hash.ts';
import type { FacePack } from '../models/pack.ts';
import type { Photo } from '../runtime/decode.ts';
import { type Network, openNetwork } from '../runtime/session.ts';
import { alignTo, findLandmarks, type Landmarks } from './align.ts';
import { type Detection, detectFaces } from './detect.ts';
import { embedFaces } from './embed.ts';
import type { PhotoFaces } from './face.ts';

export interface FaceReader {
  readonly space: SpaceId;
  /** Names everything that the result depends on besides the photo: the key of cached results. */
  readonly recipe: string;
  read(photo: Photo): Promise<PhotoFaces>;
  close(): Promise<void>;
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
  return {
    space: pack.space,
    recipe: `${pack.space}/faces-${recipeVersion}`,
    async read(photo) {
      networks ??= open().catch((error: unknown) => {
        networks = undefined;
        throw error;
      });
      const [detector, landmarker, embedder] = await networks;
      return readFaces(photo, pack, detector, landmarker, embedder);
    },
    async close() {
      for (const network of (await networks) ?? []) await network.close();
    },
  };
}

/** The whole way: detect, find the points of each face, align it, embed it. */
async function readFaces(
  { image, width, height }: Photo,
  pack: FacePack,
  detector: Network,
  landmarker: Network,
  embedder: Network,
): Promise<PhotoFaces> {
  const detections = await detectFaces(detector, image);
  const boxes = detections.map((d) => d.box);
  const landmarks = await findLandmarks(landmarker, pack.landmarkPoints, image, boxes);
  const found = oncePerFace(detections.map((d, i) => ({ ...d, landmarks: landmarks[i]! })));
  const { chip } = pack.alignment;
  const chips = found.map((face) => warp(image, alignTo(pack.alignment, face.landmarks.points), chip, chip));
  const embeddings = await embedFaces(embedder, chips);
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
      embedding: { space: pack.space, values: embeddings[i]! },
    })),
  };
}

type FoundFace = Detection & { readonly landmarks: Landmarks };

/** Two boxes that the landmarks slide into one face from are that face; the surer box stays. */
function oncePerFace(faces: readonly FoundFace[]): FoundFace[] {
  const kept: FoundFace[] = [];
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
function qualityOf({ disagreement }: Landmarks): number {
  return 1 / (1 + (disagreement / 0.1) ** 4);
}

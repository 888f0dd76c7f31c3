/** Photo in, faces with embeddings out. */

import type { Config } from '../config.ts';
import type { SpaceId } from '../core/embedding.ts';
import { centroid, scaleBox } from '../core/geometry.ts';
import { lighten } from '../core/image.ts';
import { perceptualHash } from '../core/perceptual-hash.ts';
import type { FacePack } from '../models/pack.ts';
import type { Photo } from '../runtime/decode.ts';
import { type Network, openNetwork } from '../runtime/session.ts';
import { findLandmarks, type Landmarks } from './align.ts';
import { type Detection, detectFaces } from './detect.ts';
import { embedFaces, type OpenEmbedder } from './embed.ts';
import type { PhotoFaces } from './face.ts';

export interface FaceReader {
  readonly space: SpaceId;
  /** Names everything that the result depends on besides the photo: the key of cached results. */
  readonly recipe: string;
  read(photo: Photo): Promise<PhotoFaces>;
  close(): Promise<void>;
}

interface OpenNetworks {
  readonly detector: Network;
  readonly landmarker: Network;
  readonly embedders: readonly OpenEmbedder[];
}

/** Raised whenever the way from photo to faces changes its results. */
const recipeVersion = 4;

/** The pack's networks are opened at the first photo, so a run that finds everything cached opens none. */
export function openFaceReader(pack: FacePack, config: Config): FaceReader {
  let networks: Promise<OpenNetworks> | undefined;
  return {
    space: pack.space,
    recipe: `${pack.space}/faces-${recipeVersion}`,
    async read(photo) {
      networks ??= openNetworks(pack, config).catch((error: unknown) => {
        networks = undefined;
        throw error;
      });
      return readFaces(photo, pack, await networks);
    },
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

async function openNetworks(pack: FacePack, config: Config): Promise<OpenNetworks> {
  const [detector, landmarker, ...opened] = await Promise.all(
    [pack.detector, pack.landmarks, ...pack.embedders.map(({ network }) => network)].map((spec) =>
      openNetwork(spec, config),
    ),
  );
  return {
    detector: detector!,
    landmarker: landmarker!,
    embedders: pack.embedders.map((embedder, i) => ({ ...embedder, network: opened[i]! })),
  };
}

/** The whole way: detect, find the points of each face, align it, embed it. */
async function readFaces(
  { image: original, width, height }: Photo,
  pack: FacePack,
  { detector, landmarker, embedders }: OpenNetworks,
): Promise<PhotoFaces> {
  const image = lighten(original);
  const detections = await detectFaces(detector, image);
  const landmarks = await findLandmarks(landmarker, pack.landmarkPoints, image, detections);
  const found = oncePerFace(detections.map((d, i) => ({ ...d, landmarks: landmarks[i]! })));
  const embeddings = await embedFaces(
    embedders,
    image,
    found.map((face) => face.landmarks.points),
  );
  const scale = width / image.width;
  return {
    width,
    height,
    perceptualHash: perceptualHash(original),
    faces: found.map(({ box, score, landmarks: { points, presence } }, i) => ({
      box: scaleBox(box, scale),
      score,
      quality: presence,
      landmarks: pack.landmarkPoints.kept.map((k) => ({ x: points[k]!.x * scale, y: points[k]!.y * scale })),
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

/** Photo in, faces with embeddings out. */

import type { Config } from '../config.ts';
import type { SpaceId } from '../core/embedding.ts';
import { type Box, scaleBox } from '../core/geometry.ts';
import { type RgbImage, warp } from '../core/image.ts';
import { perceptualHash } from '../core/perceptual-hash.ts';
import type { FacePack } from '../models/pack.ts';
import type { Photo } from '../runtime/decode.ts';
import { type Network, openNetwork } from '../runtime/session.ts';
import { alignTo, findLandmarks } from './align.ts';
import { detectFaces } from './detect.ts';
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
const recipeVersion = 2;

/** The pack's networks are opened at the first photo, so a run that finds everything cached opens none. */
export function openFaceReader(pack: FacePack, config: Config): FaceReader {
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
      networks ??= open();
      const [detector, landmarks, embedder] = await networks;
      return readFaces(photo, pack, detector, landmarks, embedder);
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
  landmarks: Network,
  embedder: Network,
): Promise<PhotoFaces> {
  const detections = await detectFaces(detector, image);
  const boxes = detections.map((d) => d.box);
  const points = await findLandmarks(landmarks, pack.landmarkPoints, image, boxes);
  const { chip } = pack.alignment;
  const chips = points.map((p) => warp(image, alignTo(pack.alignment, p), chip, chip));
  const embeddings = await embedFaces(embedder, chips);
  const scale = width / image.width;
  return {
    width,
    height,
    perceptualHash: perceptualHash(image),
    faces: detections.map(({ box, score }, i) => ({
      box: scaleBox(box, scale),
      score,
      landmarks: points[i]!.map((p) => ({ x: p.x * scale, y: p.y * scale })),
      embedding: { space: pack.space, values: embeddings[i]! },
    })),
  };
}

/** The aligned face, for pictures that people look at. */
export function faceThumbnail(image: RgbImage, box: Box<'px'>, side: number, margin = 1.6): RgbImage {
  const size = Math.max(box.width, box.height) * margin;
  const scale = side / size;
  const left = box.left + (box.width - size) / 2;
  const top = box.top + (box.height - size) / 2;
  return warp(image, { a: scale, b: 0, tx: -left * scale, ty: -top * scale }, side, side);
}

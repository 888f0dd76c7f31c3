/** How far a face is turned to the side, by six of its points. */

import { centroid, type Point } from '../../core/geometry.ts';
import type { LandmarkPoints } from '../../models/face-pack.ts';
import { pointOf } from './align.ts';

/** Two eyes, tip of the nose, middle of the mouth, two ears, as `LandmarkPoints.six` orders them: in pixels of the photo. */
export type Six = readonly [
  leftEye: Point,
  rightEye: Point,
  nose: Point,
  mouth: Point,
  leftEar: Point,
  rightEar: Point,
];

export interface Pose {
  /** From between the eyes down to the mouth, in pixels of the photo. */
  readonly height: number;
  /** By how much that line is turned clockwise, in radians. */
  readonly turn: number;
  /**
   * How far the tip of the nose lies to the right of the middle between the ears, in heights: around 0 from the front, 0.8 to 1.7
   * in profile, below 0 if the face looks to the left of the picture.
   */
  readonly sideways: number;
}

export function poseOf([leftEye, rightEye, nose, mouth, leftEar, rightEar]: Six): Pose {
  const [eyes, ears] = [centroid([leftEye, rightEye]), centroid([leftEar, rightEar])];
  const down = { x: mouth.x - eyes.x, y: mouth.y - eyes.y };
  const height = Math.hypot(down.x, down.y);
  const sideways = ((nose.x - ears.x) * down.y - (nose.y - ears.y) * down.x) / height ** 2;
  return { height, turn: Math.atan2(-down.x, down.y), sideways };
}

/** Nineteen of twenty profiles are turned further, by either network. */
const leastSideways = 0.8;

export function isFromTheSide({ sideways }: Pose): boolean {
  return Math.abs(sideways) >= leastSideways;
}

/**
 * A face from the side says less of who it is than one from the front. The odds of the profiles of cfp-dev, of people with odd
 * numbers, have the least log loss with this share; from `leastSideways` it falls evenly to there.
 */
const sideTrust = 0.7;
const fullProfile = 1;

/** The share that is left of how clear a face is, 0 to 1. */
export function trustInPose({ sideways }: Pose): number {
  const far = (Math.abs(sideways) - leastSideways) / (fullProfile - leastSideways);
  return 1 - (1 - sideTrust) * Math.max(0, Math.min(1, far));
}

/** Those of the mesh's points that BlazeFace gives too. */
export function sixOf({ six }: LandmarkPoints, mesh: readonly Point[]): Six {
  return six.map((point) => pointOf(mesh, point)) as unknown as Six;
}

/** The mean distance of eyes, nose and mouth; ears lie elsewhere by each network. */
export function meanDistance(a: Six, b: Six): number {
  const apart = a.slice(0, 4).map((p, i) => Math.hypot(p.x - b[i]!.x, p.y - b[i]!.y));
  return apart.reduce((sum, each) => sum + each, 0) / apart.length;
}

/** Finds the points of a face and lays the face onto the chip that an embedder was trained with. */

import type { Box, Point, Similarity } from '../../core/geometry.ts';
import { apply, centroid, estimateSimilarity, inverse } from '../../core/geometry.ts';
import type { RgbImage } from '../../core/image.ts';
import { warp } from '../../core/warp.ts';
import type { Alignment, LandmarkPoints } from '../../models/face-pack.ts';
import type { Network } from '../../runtime/session.ts';
import type { Detection } from './detect.ts';

/** The points of one face, and how sure they are. */
export interface Landmarks {
  /** In pixels of the photo. */
  readonly points: readonly Point[];
  /** How sure the network is that it sees a face, 0 to 1. */
  readonly presence: number;
  /**
   * How far the last two looks lie apart: the mean distance of a point as a share of the face's size. Around
   * 0.01 for clear faces; more where the face is turned far away, blurred or covered, or is none.
   */
  readonly disagreement: number;
}

/** A square of the photo that a face is looked for in. */
interface Square {
  readonly centre: Point;
  readonly side: number;
  /** Clockwise, in radians: how the square is turned, and the face in it. */
  readonly turn: number;
}

/** The network was trained on squares around the whole head. */
const aroundBox = 1.5;
const aroundPoints = 1.4;

/** The beginning of a look: how far the face may be turned (degrees), and how large the square is beside the usual one. */
interface Start {
  readonly turn: number;
  readonly size: number;
}

/** A face that is not surely seen is looked for turned. */
const turnedStarts: readonly Start[] = [-45, 45, 180].map((turn) => ({ turn, size: 1 }));

/** If it still is not, in larger squares: a face from the side lies at the edge of its head. */
const widerStarts: readonly Start[] = [
  { turn: 0, size: 1.45 },
  { turn: 0, size: 1.2 },
  { turn: -25, size: 1.2 },
  { turn: 25, size: 1.2 },
];
const surePresence = 0.9;

/** So many times clearer another turn has to make a face: of a face from the side every look differs a little. */
const muchClearer = 1.5;

/**
 * Looks three times at each face: in the detector's box, then twice in a square that is turned and centred by the
 * look before, which is nearer to what the network was trained on. If it begins in several ways, the one
 * counts that ends with the clearest face. (Even if the second look moved the points by less than 2 %, the third one
 * matters: without it LFW accuracy falls by half a point.)
 */
export async function findLandmarks(
  network: Network,
  points: LandmarkPoints,
  image: RgbImage,
  faces: readonly Pick<Detection, 'box' | 'turns'>[],
): Promise<readonly Landmarks[]> {
  const look = (starts: readonly (readonly Start[])[]): Promise<Landmarks[]> =>
    lookThrice(network, points, image, faces, starts);
  const lookOnlyAtUnsure = async (
    before: readonly Landmarks[],
    starts: readonly Start[],
    isBetter: (now: Landmarks, before: Landmarks) => boolean,
  ): Promise<readonly Landmarks[]> => {
    const unsure = before.map(({ presence }) => presence < surePresence);
    if (!unsure.includes(true)) return before;
    const now = await look(unsure.map((isUnsure) => (isUnsure ? starts : [])));
    return before.map((face, i) => (unsure[i] && isBetter(now[i]!, face) ? now[i]! : face));
  };
  const found = await look(faces.map(({ turns }) => turns.map((turn) => ({ turn, size: 1 }))));
  const turned = await lookOnlyAtUnsure(
    found,
    turnedStarts,
    (now, before) => clarityOf(now) > clarityOf(before) * muchClearer,
  );
  // Among many looks at a thing, one may resemble a face a little.
  return lookOnlyAtUnsure(turned, widerStarts, (now, before) => {
    return now.presence >= surePresence && clarityOf(now) > clarityOf(before);
  });
}

/** @param starts for each face; of no starts follows a face that is not there */
async function lookThrice(
  network: Network,
  points: LandmarkPoints,
  image: RgbImage,
  faces: readonly Pick<Detection, 'box'>[],
  starts: readonly (readonly Start[])[],
): Promise<Landmarks[]> {
  const squares = faces.flatMap(({ box }, i) => starts[i]!.map((start) => squareOf(box, start)));
  const first = await lookAt(network, points, image, squares);
  const second = await lookAgain(network, points, image, first);
  const third = await lookAgain(network, points, image, second);
  let at = 0;
  return starts.map(({ length }) => {
    at += length;
    return clearest(third.slice(at - length, at));
  });
}

/** A face that moves fast is looked for so many times, each time where it was seen last. */
const mostLooks = 3;

/** The points of faces that lay at `before` a moment ago: looked for there, and again where they have moved. */
export async function followLandmarks(
  network: Network,
  points: LandmarkPoints,
  image: RgbImage,
  before: readonly (readonly Point[])[],
): Promise<Landmarks[]> {
  let squares = before.map((face) => squareAround(face, points));
  const found = await lookAt(network, points, image, squares);
  for (let look = 2; look <= mostLooks; look++) {
    const now = found.map((face) => squareAround(face.points, points));
    const moved = [...now.keys()].filter((i) => !isCloseTo(now[i]!, squares[i]!));
    const again = await lookAgain(
      network,
      points,
      image,
      moved.map((i) => found[i]!),
    );
    for (const [k, i] of moved.entries()) found[i] = again[k]!;
    squares = now;
  }
  return found;
}

/** Smaller differences are no more than those between a second look and a first. */
function isCloseTo(a: Square, b: Square): boolean {
  const apart = Math.hypot(a.centre.x - b.centre.x, a.centre.y - b.centre.y) / b.side;
  return (
    apart < 0.045 && Math.abs(Math.log(a.side / b.side)) < 0.09 && Math.abs(Math.sin(a.turn - b.turn)) < 0.15
  );
}

/** The similarity from the photo to the aligned chip. */
export function alignTo({ points, targets }: Alignment, landmarks: readonly Point[]): Similarity {
  return estimateSimilarity(
    points.map((point) => pointOf(landmarks, point)),
    targets,
  );
}

/** A point that an alignment goes by. */
export function pointOf(landmarks: readonly Point[], point: Alignment['points'][number]): Point {
  return typeof point === 'number' ? landmarks[point]! : centroid(point.map((i) => landmarks[i]!));
}

async function lookAgain(
  network: Network,
  points: LandmarkPoints,
  image: RgbImage,
  before: readonly Landmarks[],
): Promise<Landmarks[]> {
  const squares = before.map((face) => squareAround(face.points, points));
  const found = await lookAt(network, points, image, squares);
  return found.map((face, i) => ({
    ...face,
    disagreement: (meanDistance(face.points, before[i]!.points) * aroundPoints) / squares[i]!.side,
  }));
}

/** One run of the network over all squares. */
async function lookAt(
  network: Network,
  { chip }: LandmarkPoints,
  image: RgbImage,
  squares: readonly Square[],
): Promise<Landmarks[]> {
  if (squares.length === 0) return [];
  const transforms = squares.map((square) => toChip(square, chip));
  const batch = transforms.map((t) => warp(image, t, chip, chip));
  const { landmarks, presence } = await network.run(joinPixels(batch), [batch.length, chip, chip, 3]);
  const values = landmarks!.data.length / batch.length;
  return transforms.map((t, k) => {
    const back = inverse(t);
    const own = landmarks!.data.subarray(k * values, (k + 1) * values);
    return {
      points: Array.from({ length: values / 3 }, (_, i) =>
        apply(back, { x: own[i * 3]!, y: own[i * 3 + 1]! }),
      ),
      presence: presence!.data[k]!,
      disagreement: 0,
    };
  });
}

function squareOf({ left, top, width, height }: Box<'px'>, { turn, size }: Start): Square {
  const centre = { x: left + width / 2, y: top + height / 2 };
  return { centre, side: Math.max(width, height) * aroundBox * size, turn: (turn / 180) * Math.PI };
}

/** The square that the points lie upright in. */
function squareAround(points: readonly Point[], { forehead, chin }: LandmarkPoints): Square {
  const [above, below] = [points[forehead]!, points[chin]!];
  const turn = Math.atan2(above.x - below.x, below.y - above.y);
  const upright = rotation(-turn);
  const turned = points.map((p) => apply(upright, p));
  const range = (of: readonly number[]): readonly [number, number] => [Math.min(...of), Math.max(...of)];
  const [left, right] = range(turned.map(({ x }) => x));
  const [top, bottom] = range(turned.map(({ y }) => y));
  const middle = { x: (left + right) / 2, y: (top + bottom) / 2 };
  const side = Math.max(right - left, bottom - top) * aroundPoints;
  return { centre: apply(rotation(turn), middle), side, turn };
}

function toChip({ centre, side, turn }: Square, chip: number): Similarity {
  const { a, b } = rotation(-turn);
  const scale = chip / side;
  const t = { a: a * scale, b: b * scale, tx: 0, ty: 0 };
  const { x, y } = apply(t, centre);
  return { ...t, tx: chip / 2 - x, ty: chip / 2 - y };
}

function rotation(by: number): Similarity {
  return { a: Math.cos(by), b: Math.sin(by), tx: 0, ty: 0 };
}

const nothing: Landmarks = { points: [], presence: 0, disagreement: 1 };

function clearest(found: readonly Landmarks[]): Landmarks {
  const [first = nothing, ...others] = found;
  return others.reduce((a, b) => (clarityOf(b) > clarityOf(a) ? b : a), first);
}

/** A face that is looked at the wrong way up may seem to be there, but its points jump from look to look. */
function clarityOf({ presence, disagreement }: Landmarks): number {
  return presence / (1 + (disagreement / 0.05) ** 2);
}

function meanDistance(a: readonly Point[], b: readonly Point[]): number {
  return a.reduce((sum, p, i) => sum + Math.hypot(p.x - b[i]!.x, p.y - b[i]!.y), 0) / a.length;
}

/** Several pictures of one size as one batch. */
export function joinPixels(images: readonly RgbImage[]): Uint8Array {
  const size = images[0]?.data.length ?? 0;
  const joined = new Uint8Array(size * images.length);
  for (const [i, { data }] of images.entries()) joined.set(data, i * size);
  return joined;
}

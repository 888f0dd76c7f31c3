/** Finds the points of a face, from whatever side it is seen. */

import type { RgbImage } from '../../core/image.ts';
import type { LandmarkPoints } from '../../models/face-pack.ts';
import type { Network } from '../../runtime/session.ts';
import type { Detection } from './detect.ts';
import { reconsider } from './doubtful-faces.ts';
import { clarityOf, clearest, type Landmarks, lookThrice, type Narrowing } from './mesh.ts';
import { type Start, squareOf } from './square.ts';

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

/** If there are several ways to begin with a face, those that show it best at the first look go on. */
const narrowing: Narrowing = { most: 2, worth: ({ presence }) => presence };

/** So many times clearer another turn has to make a face: of a face from the side every look differs a little. */
const muchClearer = 1.5;

/**
 * Looks three times at each face: in the detector's box, then twice in a square that is turned and centred by the
 * look before. If it begins in several ways, the one counts that ends with the clearest face.
 *
 * @param sixPoints opens BlazeFace, for faces that stay doubtful
 */
export async function findLandmarks(
  network: Network,
  points: LandmarkPoints,
  image: RgbImage,
  faces: readonly Pick<Detection, 'box' | 'turns'>[],
  sixPoints?: () => Promise<Network>,
): Promise<readonly Landmarks[]> {
  const look = (starts: readonly (readonly Start[])[]): Promise<Landmarks[]> =>
    lookFrom(network, points, image, faces, starts);
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
  const wider = await lookOnlyAtUnsure(turned, widerStarts, (now, before) => {
    return now.presence >= surePresence && clarityOf(now) > clarityOf(before);
  });
  if (sixPoints === undefined) return wider;
  const boxes = faces.map(({ box }) => box);
  return reconsider(network, sixPoints, points, image, boxes, wider);
}

/** @param starts for each face; of no starts follows a face that is not there */
async function lookFrom(
  network: Network,
  points: LandmarkPoints,
  image: RgbImage,
  faces: readonly Pick<Detection, 'box'>[],
  starts: readonly (readonly Start[])[],
): Promise<Landmarks[]> {
  const squares = faces.map(({ box }, i) => starts[i]!.map((start) => squareOf(box, start)));
  const found = await lookThrice(network, points, image, squares, narrowing);
  return found.map((face) => clearest(face));
}

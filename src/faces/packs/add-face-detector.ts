/** An ONNX file becomes a detector of faces. */

import type { Config } from '../../config.ts';
import { reasonOf, WhosinError } from '../../errors.ts';
import {
  type FaceDetectorDescription,
  type FaceDetectorPack,
  faceDetectorPack,
  writeFaceDetectorPack,
  yunetLicence,
} from '../../models/face-detector-pack.ts';
import { compileYunet, type YunetParts, yunetAnchors, yunetParts } from '../../models/graph/yunet.ts';
import { addFacePack, fileAt, findFaceDetector } from '../../packs/face-pack-store.ts';
import { readBytes } from '../../packs/foreign-model.ts';
import { installFolder, writePackFile } from '../../packs/pack-store.ts';
import { tryGraph } from '../../runtime/try-graph.ts';
import { openDetector } from '../find/open-detector.ts';

/** A detector that was read and has run, and is not in its place yet. */
export interface ReadDetector {
  readonly description: FaceDetectorDescription;
  readonly bytes: Uint8Array;
}

/**
 * @param licence what the person says of it
 * @throws WhosinError `usage`, `not-found`, `not-a-model` or `bad-weights`
 */
export function addFaceDetector(
  config: Config,
  name: string,
  path: string,
  { licence = yunetLicence }: { readonly licence?: string | undefined } = {},
): Promise<FaceDetectorPack> {
  const about = { name, licence, source: path };
  return addFacePack(config.packs, name, () => readDetector(config, path, about), installDetector);
}

export async function readDetector(
  config: Config,
  path: string,
  about: Pick<FaceDetectorDescription, 'name' | 'licence' | 'source'>,
): Promise<ReadDetector> {
  const bytes = await readBytes(path);
  const declared = yunetParts(bytes, path);
  const { canvas, ...free } = declared;
  // OpenCV runs the file that declares 640×640 with any canvas, and so it is mostly possible here.
  const parts = canvas === undefined || (await runsFreely(bytes, path, free)) ? free : declared;
  const description = { ...about, parts, graph: fileAt(path, bytes) };
  await tryOut(faceDetectorPack(description), config);
  return { description, bytes };
}

export async function installDetector(
  packs: string,
  { description, bytes }: ReadDetector,
): Promise<FaceDetectorPack> {
  const { name } = description;
  await installFolder(packs, name, async (folder) =>
    writeFaceDetectorPack({ ...description, graph: await writePackFile(folder, 'graph.onnx', bytes) }),
  );
  return (await findFaceDetector(packs, name))!;
}

/** Small, and neither square nor what any file declares. */
const trial = { width: 320, height: 192 } as const;

async function runsFreely(bytes: Uint8Array, path: string, parts: YunetParts): Promise<boolean> {
  const graph = compileYunet(bytes, path, parts);
  const found = await tryGraph(graph, noise(), [1, trial.height, trial.width, 3]);
  return found?.['scores']!.data.length === yunetAnchors(trial);
}

/** Warm on the left, cold on the right: of every colour there is some to see. */
function noise(): Uint8Array {
  const { width, height } = trial;
  return Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const isLeft = Math.floor(i / 3) % width < width / 2;
    return i % 3 === (isLeft ? 0 : 2) ? 255 : (i * 7919) % 256;
  });
}

/** Runs it on grey and on noise: the answers have to be numbers, and two. */
async function tryOut({ name, network: spec }: FaceDetectorPack, config: Config): Promise<void> {
  const detector = await openDetector(spec, config);
  const look = async (pixels: Uint8Array): Promise<Float32Array> => {
    const { boxes, scores } = await detector
      .run(pixels, [1, trial.height, trial.width, 3])
      .catch((cause: unknown) => {
        throw new WhosinError('bad-weights', `${name} does not run: ${reasonOf(cause)}`, { cause });
      });
    return Float32Array.of(...scores!.data, ...boxes!.data);
  };
  try {
    const [grey, noisy] = [await look(noise().fill(128)), await look(noise())];
    if (![...grey, ...noisy].every(Number.isFinite)) {
      throw new WhosinError('bad-weights', `${name} gives values that are no numbers.`);
    }
    if (grey.every((value, i) => value === noisy[i])) {
      throw new WhosinError('bad-weights', `${name} gives the same values whatever it sees.`);
    }
  } finally {
    await detector.close();
  }
}

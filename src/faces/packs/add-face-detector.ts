/** An ONNX file becomes a detector of faces. */

import type { NetworkConfig } from '../../config.ts';
import { WhosinError } from '../../errors.ts';
import { detectorNetwork, type FaceDetectorPack } from '../../models/face-detector-pack.ts';
import { type YunetParts, yunetAnchors } from '../../models/face-parts.ts';
import { compileYunet, yunetParts } from '../../models/graph/yunet.ts';
import { type MakePack, writePackFile } from '../../packs/install-pack.ts';
import { readBytes } from '../../packs/model-file.ts';
import type { MakePulled } from '../../packs/pull-pack.ts';
import { tryGraph } from '../../runtime/try-graph.ts';
import { openDetector } from '../find/open-detector.ts';

type About = Pick<FaceDetectorPack, 'name' | 'licence' | 'source'>;

/** For `addPack`. Throws WhosinError `usage`, `not-found`, `not-a-model` or `bad-weights`. */
export function fromDetectorFile(
  config: NetworkConfig,
  path: string,
  { name, licence, source }: About,
): MakePack<'face-detector'> {
  return async (folder) => {
    const bytes = await readBytes(path);
    const declared = yunetParts(bytes, path);
    const { canvas, ...free } = declared;
    // OpenCV runs the file that declares 640×640 with any canvas, and so it is mostly possible here.
    const parts = canvas === undefined || (await runsFreely(bytes, path, free)) ? free : declared;
    const graph = await writePackFile(folder, 'graph.onnx', bytes);
    const pack: FaceDetectorPack = { kind: 'face-detector', name, licence, source, parts, graph };
    await tryOut(pack, config);
    return pack;
  };
}

/** For `pullPack`. */
export function fetchedDetector(config: NetworkConfig, wanted: About): MakePulled<'face-detector'> {
  return {
    kind: 'face-detector',
    make: (fetched, folder) => fromDetectorFile(config, fetched, wanted)(folder),
  };
}

/** Small, and neither square nor what any file declares. */
const trial = { width: 320, height: 192 } as const;

async function runsFreely(bytes: Uint8Array, path: string, parts: YunetParts): Promise<boolean> {
  const found = await tryGraph(compileYunet(parts, [bytes], path), noise(), [
    1,
    trial.height,
    trial.width,
    3,
  ]);
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
async function tryOut(pack: FaceDetectorPack, config: NetworkConfig): Promise<void> {
  const { name } = pack;
  const detector = await openDetector(detectorNetwork(pack), config);
  const look = async (pixels: Uint8Array): Promise<Float32Array> => {
    const { boxes, scores } = await detector.run(pixels, [1, trial.height, trial.width, 3]);
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

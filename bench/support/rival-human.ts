/** @vladmandic/human on TensorFlow.js WASM, set as in its face matching demo: BlazeFace, mesh, FaceRes, `match.find`. */

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { beRival, packageFolder, wasmFolder } from './rival.ts';

interface Tensor {
  dispose(): void;
}

/** The part that is used; its own types want the DOM. */
interface Human {
  load(): Promise<void>;
  detect(image: Tensor): Promise<{
    readonly error: string | null;
    readonly face: readonly {
      readonly box: readonly [x: number, y: number, width: number, height: number];
      readonly embedding?: readonly number[];
    }[];
  }>;
  readonly tf: {
    tensor4d(data: Uint8Array, shape: readonly number[], type: 'int32'): Tensor;
    dispose(tensor: Tensor): void;
    getBackend(): string;
  };
  readonly match: {
    find(
      descriptor: readonly number[],
      known: readonly (readonly number[])[],
    ): { readonly index: number; readonly similarity: number };
  };
}

/** Similarities above this "can be considered a match" (its README and source). */
const minSimilarity = 0.5;

// It loads models with fetch, which in Node knows no files.
const fetchOther = globalThis.fetch;
globalThis.fetch = async (input, init) => {
  const address = input instanceof Request ? input.url : String(input);
  return address.startsWith('file:')
    ? new Response(await readFile(fileURLToPath(address)))
    : fetchOther(input, init);
};

await beRival(async () => {
  const require = createRequire(import.meta.url);
  const { Human } = require(join(packageFolder('@vladmandic/human'), 'dist/human.node-wasm.js')) as {
    readonly Human: new (config: object) => Human;
  };
  const off = { enabled: false };
  const human = new Human({
    backend: 'wasm',
    wasmPath: wasmFolder,
    modelBasePath: pathToFileURL(`${packageFolder('@vladmandic/human')}/models/`).href,
    debug: false,
    async: true,
    warmup: 'none',
    // Its cache answers for a picture that is like the one before: these are no video.
    cacheSensitivity: 0,
    filter: off,
    face: {
      enabled: true,
      detector: { rotation: true, maxDetected: 50, iouThreshold: 0.01, minConfidence: 0.2 },
      mesh: { enabled: true },
      iris: off,
      emotion: off,
      antispoof: off,
      liveness: off,
      description: { enabled: true },
    },
    body: off,
    hand: off,
    object: off,
    gesture: off,
    segmentation: off,
  });
  await human.load();
  return {
    async see({ data, width, height }) {
      const tensor = human.tf.tensor4d(data, [1, height, width, 3], 'int32');
      const { face, error } = await human.detect(tensor);
      human.tf.dispose(tensor);
      if (error !== null && error !== undefined) throw new Error(error);
      return face.flatMap(({ box, embedding }) =>
        embedding ? [{ area: box[2] * box[3], descriptor: [...embedding] }] : [],
      );
    },
    openMatcher(known) {
      const descriptors = known.map(({ descriptor }) => descriptor);
      return (descriptor) => {
        const { index, similarity } = human.match.find(descriptor, descriptors);
        return similarity > minSimilarity ? known[index]?.person : undefined;
      };
    },
  };
});

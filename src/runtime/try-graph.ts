/** Whether a foreign graph runs at all, found out by running it. */

import { createSession } from './create-session.ts';
import { type InferenceSession, Tensor } from './onnx-runtime.ts';
import type { Output } from './session.ts';

/** 4: fatal alone. A graph that does not run is an answer here, and ONNX Runtime would put its own on the terminal. */
const silent = 4;

/**
 * @param pixels bytes of the shape, for the graph's only input
 * @returns the outputs by name; undefined where the graph cannot be opened or does not run
 */
export async function tryGraph(
  graph: Uint8Array,
  pixels: Uint8Array,
  shape: readonly number[],
): Promise<Readonly<Record<string, Output>> | undefined> {
  let session: InferenceSession | undefined;
  try {
    session = await createSession(graph, { threads: 1 }, { logSeverityLevel: silent });
    const results = await session.run({ [session.inputNames[0]!]: new Tensor('uint8', pixels, shape) });
    return Object.fromEntries(
      Object.entries(results).map(([name, { dims, data }]) => [
        name,
        { shape: dims, data: data as Float32Array },
      ]),
    );
  } catch {
    return undefined;
  } finally {
    await session?.release();
  }
}

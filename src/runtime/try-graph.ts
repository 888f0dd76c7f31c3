/** Whether a foreign graph runs at all, found out by running it. */

import { createSession } from './create-session.ts';
import { type InferenceSession, onnxRuntime } from './onnx-runtime.ts';
import { type Output, runGraph } from './session.ts';

/**
 * @param pixels bytes of the shape, for the graph's only input
 * @returns the outputs by name; undefined if the graph cannot be opened or does not run
 */
export async function tryGraph(
  graph: Uint8Array,
  pixels: Uint8Array,
  shape: readonly number[],
): Promise<Readonly<Record<string, Output>> | undefined> {
  let session: InferenceSession | undefined;
  try {
    session = await createSession(graph, { threads: 1 });
    return await runGraph(session, new (onnxRuntime().Tensor)('uint8', pixels, shape));
  } catch {
    return undefined;
  } finally {
    await session?.release();
  }
}

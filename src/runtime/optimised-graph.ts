/**
 * ONNX Runtime rewrites a graph for the processor before it runs it, at every start anew, which takes longer than
 * reading it. Here the rewritten graph is kept, and is opened as it is the next time:
 * `<home>/optimised/<graph>-<version>-<processor>.onnx`.
 *
 * The result depends on its version, on the processor and on its settings: on x86, convolutions are laid out for
 * the width of the vectors (NCHWc), and such a graph is of no use to another processor. The name holds all three, since
 * a home may be shared.
 */

import { createHash, randomUUID } from 'node:crypto';
import { access, rename, rm } from 'node:fs/promises';
import { arch } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { NetworkConfig } from '../config.ts';
import { calculation, createSession, type Sums } from './create-session.ts';
import { graphFolders, removeOldOptimised } from './graph-files.ts';
import { removeLeftBehind } from './left-behind.ts';
import { makeFolder } from './make-folder.ts';
import { type InferenceSession, onnxRuntime } from './onnx-runtime.ts';
import { describeProcessor } from './processor.ts';

/** Throws ONNX Runtime's own error where the graph itself cannot be opened. */
export async function openOptimised(
  graph: string,
  config: NetworkConfig & Sums,
  options: InferenceSession.SessionOptions,
): Promise<InferenceSession> {
  const version = onnxRuntime().env.versions.node;
  const file = `${basename(graph, '.onnx')}-${version}-${await processorKey(config)}.onnx`;
  const kept = join(config.home, graphFolders.optimised, file);
  await removeLeftBehind(dirname(kept));
  if (await exists(kept)) {
    try {
      return await createSession(kept, config, { ...options, graphOptimizationLevel: 'disabled' });
    } catch {
      // Damaged, by a crash of the machine or a disk that filled up: made anew.
      await rm(kept, { force: true }).catch(() => {});
    }
  }
  const written = `${kept}.${randomUUID()}.tmp`;
  try {
    await makeFolder(dirname(kept));
    const session = await createSession(graph, config, { ...options, optimizedModelFilePath: written });
    // Two processes that do this at once write the same graph, and the last one stays.
    await rename(written, kept);
    await removeOldOptimised(config.home, file);
    return session;
  } catch {
    // A home that is read-only, or full: as it would be without.
    await rm(written, { force: true }).catch(() => {});
    return createSession(graph, config, options);
  }
}

/** 12 hexadecimal digits. */
async function processorKey(sums: Sums): Promise<string> {
  const request = JSON.stringify([arch(), await describeProcessor(), await calculation(sums)]);
  return createHash('sha256').update(request).digest('hex').slice(0, 12);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

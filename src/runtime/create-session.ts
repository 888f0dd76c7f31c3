/** The one place that opens sessions of ONNX Runtime, so that a graph answers alike on every processor. */

import type { NetworkConfig } from '../config.ts';
import { type InferenceSession, onnxRuntime } from './onnx-runtime.ts';
import { addsBytesExactly } from './processor.ts';

/** Whether sums of two products of bytes fit into 16 bits: those of a graph whose weights have 7 bits do. */
export interface Sums {
  readonly sumsFit?: boolean | undefined;
}

/**
 * @param graph its path, or its bytes
 * @param options beyond those that every session has
 * @throws ONNX Runtime's own error if the graph cannot be opened
 */
export async function createSession(
  graph: string | Uint8Array,
  { threads, sumsFit }: Pick<NetworkConfig, 'threads'> & Sums,
  options: InferenceSession.SessionOptions = {},
): Promise<InferenceSession> {
  const { InferenceSession } = onnxRuntime();
  // 4: fatal alone. Errors are thrown, and warnings are for its developers: both would land on the person's terminal.
  const extra = { session: await calculation({ sumsFit }) };
  const all = { intraOpNumThreads: threads, logSeverityLevel: 4, extra, ...options } as const;
  return typeof graph === 'string'
    ? InferenceSession.create(graph, all)
    : InferenceSession.create(graph, all);
}

/** How a session calculates, which is part of a graph that ONNX Runtime has rewritten. */
export async function calculation({ sumsFit = false }: Sums): Promise<Readonly<Record<string, unknown>>> {
  return {
    // Threads that wait for the next layer by spinning take half as much again of the processors for nothing.
    intra_op: { allow_spinning: '0' },
    // The setting for processors that would cut off sums of products of 8 bits. It is slower, also where it is not needed.
    ...(sumsFit || (await addsBytesExactly()) ? {} : { x64quantprecision: '1' }),
  };
}

/** Runs a graph of whosin's own on numbers: matrix products as fast as the processor can. */

import type { NetworkConfig } from '../config.ts';
import type { Computation, ComputationOptions, NumberArray } from '../models/graph/computation.ts';
import { createSession } from './create-session.ts';
import { onnxRuntime, type Tensor } from './onnx-runtime.ts';

const notRewritten = { graphOptimizationLevel: 'disabled' } as const;

export async function openComputation(
  graph: Uint8Array,
  config: Pick<NetworkConfig, 'threads'>,
  { threads = config.threads, asWritten = false }: ComputationOptions = {},
): Promise<Computation> {
  const most = Math.min(threads, config.threads);
  const session = await createSession(graph, { threads: most }, asWritten ? notRewritten : {});
  return {
    async run(inputs) {
      const results = await session.run(mapValues(inputs, toTensor));
      return mapValues(
        results,
        ({ dims, data }): NumberArray => ({ shape: dims, data: data as NumberArray['data'] }),
      );
    },
    close: () => session.release(),
  };
}

function toTensor({ shape, data }: NumberArray): Tensor {
  const { Tensor } = onnxRuntime();
  if (data instanceof Float32Array) return new Tensor('float32', data, shape);
  if (data instanceof Float64Array) return new Tensor('float64', data, shape);
  return new Tensor('int64', data, shape);
}

function mapValues<T, R>(record: Readonly<Record<string, T>>, map: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}

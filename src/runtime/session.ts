/** Opens a network, checks it against its spec, runs it on bytes of pixels. */

import type { NetworkConfig } from '../config.ts';
import { reasonOf, WhosinError } from '../errors.ts';
import type { NetworkSpec, ValueSpec } from '../models/pack.ts';
import { compiledNetwork } from './model-store.ts';
import { type InferenceSession, Tensor } from './onnx-runtime.ts';
import { openOptimised } from './optimised-graph.ts';
import { stopIfEnding } from './thread-tasks.ts';

export interface Output {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface Network {
  readonly spec: NetworkSpec;
  /** @param pixels n × height × width × 3 bytes; @returns the outputs by the names in the spec */
  run(pixels: Uint8Array, shape: readonly number[]): Promise<Readonly<Record<string, Output>>>;
  close(): Promise<void>;
}

/** Throws `bad-weights` where the file cannot be opened, or its inputs or outputs are not those of the spec. */
export async function openNetwork(spec: NetworkSpec, config: NetworkConfig): Promise<Network> {
  const compiled: Parameters<typeof openSession>[0] = (again) => compiledNetwork(spec, config.home, again);
  const session = await openSession(compiled, config, ofAnySize);
  check(spec, spec.input, session.inputMetadata);
  for (const output of spec.outputs) check(spec, output, session.outputMetadata);
  const runAtOnce: Network['run'] = async (pixels, shape) => {
    stopIfEnding();
    const results = await session.run({ [spec.input.name]: new Tensor('uint8', pixels, shape) });
    return Object.fromEntries(
      spec.outputs.map(({ name }) => {
        const { dims, data } = results[name]!;
        return [name, { shape: dims, data: data as Float32Array }];
      }),
    );
  };
  const [batch] = spec.input.shape;
  return {
    spec,
    run: typeof batch === 'number' ? inBatches(runAtOnce, batch) : runAtOnce,
    close: () => session.release(),
  };
}

/**
 * ONNX Runtime keeps the memory that its largest run took, and plans memory anew for every size of input. Photos come
 * in all sizes, and every thread has networks of its own.
 */
const ofAnySize: InferenceSession.SessionOptions = { enableCpuMemArena: false, enableMemPattern: false };

/** Some graphs were written for a fixed number of pictures, most often one: they run as often as it takes. */
function inBatches(run: Network['run'], batch: number): Network['run'] {
  return async (pixels, [n = 0, ...rest]) => {
    const size = rest.reduce((a, b) => a * b, 1);
    const parts: Readonly<Record<string, Output>>[] = [];
    for (let from = 0; from < n; from += batch) {
      // A last batch that is not full ends in black pictures.
      const own = new Uint8Array(batch * size);
      own.set(pixels.subarray(from * size, Math.min(n, from + batch) * size));
      parts.push(await run(own, [batch, ...rest]));
    }
    return Object.fromEntries(
      Object.entries(parts[0] ?? {}).map(([name, { shape, data }]) => {
        const values = data.length / batch;
        const joined = new Float32Array(n * values);
        for (const [i, part] of parts.entries()) {
          const from = i * batch;
          joined.set(part[name]!.data.subarray(0, Math.min(batch, n - from) * values), from * values);
        }
        return [name, { shape: [n, ...shape.slice(1)], data: joined }];
      }),
    );
  };
}

/**
 * @param compiled the path of the compiled network, which is compiled `again` where it cannot be opened
 * @throws WhosinError `bad-weights`
 */
export async function openSession(
  compiled: (options: { readonly again: boolean }) => Promise<string>,
  config: NetworkConfig,
  options: InferenceSession.SessionOptions = {},
): Promise<InferenceSession> {
  stopIfEnding();
  try {
    return await openOptimised(await compiled({ again: false }), config, options);
  } catch (error) {
    if (error instanceof WhosinError) throw error;
    // A disk that filled up or a crash of the machine may have damaged the stored graph: make it anew, once.
    const path = await compiled({ again: true });
    return await openOptimised(path, config, options).catch((cause: unknown) => {
      throw new WhosinError('bad-weights', `Cannot open ${path}: ${reasonOf(cause)}`, { cause });
    });
  }
}

function check(
  spec: NetworkSpec,
  value: ValueSpec,
  declared: readonly InferenceSession.ValueMetadata[],
): void {
  const found = declared.find((d) => d.name === value.name);
  const seen = found?.isTensor ? `${found.type} [${found.shape.join(', ')}]` : 'nothing of that name';
  const wanted = `${value.type} [${value.shape.join(', ')}]`;
  if (seen !== wanted) {
    throw new WhosinError(
      'bad-weights',
      `Network ${spec.name}: "${value.name}" should be ${wanted}, the file has ${seen}.`,
    );
  }
}

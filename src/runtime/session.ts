/** Opens a network, checks it against its spec, runs it on bytes of pixels. */

import { rm } from 'node:fs/promises';
import type { NetworkConfig } from '../config.ts';
import { WhosinError } from '../errors.ts';
import type { GraphSpec, NetworkSpec, ValueSpec } from '../models/network.ts';
import { type CompiledGraph, compiledGraph, compileOnce } from './compiled-graphs.ts';
import { createSession } from './create-session.ts';
import { faultOf, type InferenceSession, onnxRuntime, type Tensor } from './onnx-runtime.ts';
import { openOptimised } from './optimised-graph.ts';
import { weightBitsHere } from './processor.ts';
import { stopIfEnding } from './thread-tasks.ts';
import { nameOf } from './weight-files.ts';

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
  const session = await openSession(spec, config, ofAnySize);
  check(spec, spec.input, session.inputMetadata);
  for (const output of spec.outputs) check(spec, output, session.outputMetadata);
  const runAtOnce: Network['run'] = (pixels, shape) => runSession(session, spec, pixels, shape);
  const [batch] = spec.input.shape;
  return {
    spec,
    run: typeof batch === 'number' ? inBatches(runAtOnce, batch) : runAtOnce,
    close: () => session.release(),
  };
}

/** As `runGraph`; throws `bad-weights` where the graph does not run. */
export async function runSession(
  session: InferenceSession,
  { files }: GraphSpec,
  pixels: Uint8Array,
  shape: readonly number[],
): Promise<Readonly<Record<string, Output>>> {
  stopIfEnding();
  const input = new (onnxRuntime().Tensor)('uint8', pixels, shape);
  return runGraph(session, input).catch((error: unknown) => {
    throw cannotRun(files, error);
  });
}

/** @returns the outputs by their names */
export async function runGraph(
  session: InferenceSession,
  pixels: Tensor,
): Promise<Readonly<Record<string, Output>>> {
  const results = await session.run({ [session.inputNames[0]!]: pixels });
  return Object.fromEntries(
    Object.entries(results).map(([name, { dims, data }]) => [
      name,
      { shape: dims, data: data as Float32Array },
    ]),
  );
}

function cannotRun(files: GraphSpec['files'], cause: unknown): WhosinError {
  return WhosinError.about('bad-weights', nameOf(files[0]!), `cannot be run: ${faultOf(cause)}`, cause);
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

/** Throws `bad-weights` where the graph cannot be opened. */
export async function openSession(
  spec: GraphSpec,
  config: NetworkConfig,
  options: InferenceSession.SessionOptions = {},
): Promise<InferenceSession> {
  stopIfEnding();
  const own = { ...config, sumsFit: await sumsFit(spec, config) };
  const open = (graph: CompiledGraph): Promise<InferenceSession> =>
    typeof graph === 'string' ? openOptimised(graph, own, options) : createSession(graph, own, options);
  const graph = await compiledGraph(spec, config);
  try {
    return await open(graph);
  } catch (error) {
    if (error instanceof WhosinError) throw error;
    // A disk that filled up or a crash of the machine may have damaged the stored graph: make it anew, once.
    const again = await compiledGraph(spec, config, { again: true });
    return await open(again).catch(async (cause: unknown) => {
      if (typeof again === 'string') await rm(again, { force: true });
      throw cannotRun(spec.files, cause);
    });
  }
}

/** Integers of other people's graphs may have all their bits. */
async function sumsFit({ ranges }: GraphSpec, { weightBits }: NetworkConfig): Promise<boolean> {
  return ranges !== undefined && (await weightBitsHere(weightBits)) === 7;
}

/** For a trial: nothing of it is stored. Throws as `openSession` does. */
export async function openOnce(spec: GraphSpec, config: NetworkConfig): Promise<InferenceSession> {
  stopIfEnding();
  const graph = await compileOnce(spec, config);
  const own = { ...config, sumsFit: await sumsFit(spec, config) };
  return createSession(graph, own).catch((cause: unknown) => {
    throw cannotRun(spec.files, cause);
  });
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

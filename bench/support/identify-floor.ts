/**
 * The floor under `whosin identify`: what ONNX Runtime alone takes for exactly the runs that whosin makes.
 *
 *   node --import RECORDER dist/cli/main.js ...      with WHOSIN_RUNS=FILE: notes network and shapes of every run
 *   node --import tsx bench/support/identify-floor.ts FILE   makes those runs again on tensors that are ready, in one thread
 */

import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { createSession } from '../../src/runtime/create-session.ts';
import { type InferenceSession, onnxRuntime, type Tensor } from '../../src/runtime/onnx-runtime.ts';

/** One run of a network. */
interface Run {
  readonly network: string;
  readonly inputs: readonly {
    readonly name: string;
    readonly type: 'uint8' | 'float32';
    readonly dims: number[];
  }[];
}

export interface Floor {
  readonly runs: number;
  readonly wall: number;
  readonly cpu: number;
}

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('Usage: node --import tsx bench/support/identify-floor.ts FILE');
const runs = (await readFile(file, 'utf8'))
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Run);
const sessions = new Map<string, InferenceSession>();
const tensors = new Map<string, Tensor>();
for (const { network, inputs } of runs) {
  if (!sessions.has(network)) {
    sessions.set(network, await createSession(network, { threads: 1 }));
  }
  for (const { type, dims } of inputs) tensors.set(`${type} ${dims.join(' ')}`, readyTensor(type, dims));
}
const before = process.cpuUsage();
const began = performance.now();
for (const { network, inputs } of runs) {
  const feeds = Object.fromEntries(
    inputs.map(({ name, type, dims }) => [name, tensors.get(`${type} ${dims.join(' ')}`)!]),
  );
  await sessions.get(network)!.run(feeds);
}
const wall = (performance.now() - began) / 1000;
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ runs: runs.length, wall, cpu: (user + system) / 1e6 } satisfies Floor));

/** Noise: what the pixels are makes no difference to the time that convolutions take. */
function readyTensor(type: 'uint8' | 'float32', dims: readonly number[]): Tensor {
  const { Tensor } = onnxRuntime();
  const size = dims.reduce((a, b) => a * b, 1);
  const noise = Uint8Array.from({ length: size }, (_, i) => (i * 2654435761) >>> 24);
  return type === 'uint8'
    ? new Tensor(noise, dims)
    : new Tensor(
        Float32Array.from(noise, (v) => v / 255),
        dims,
      );
}

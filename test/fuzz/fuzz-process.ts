/**
 * A process that fuzzes one reader for a while, so that whatever an input does ends this process and no other. The reader
 * runs in a thread; this one watches it, and knows the input that it does not come back from.
 *
 *   node --import tsx test/fuzz/fuzz-process.ts '{"reader":"onnx","seconds":10,"seed":1,"last":"/tmp/last"}'
 *
 * Writes a `Slice` to standard output as JSON.
 */

import { Worker } from 'node:worker_threads';

/** The task, by the arguments. */
export interface SliceOrder {
  readonly reader: string;
  readonly seconds: number;
  readonly seed: number;
  /** A file for the input that is being read, which is known by it if the process is ended by native code. */
  readonly last: string;
}

/** The outcome. */
export interface Slice {
  readonly inputs: number;
  readonly corpus: number;
  /** Pieces of whosin's code that ran. */
  readonly pieces: number;
  /** Most memory of the process, in MB of 2^20 bytes. */
  readonly peak: number;
  readonly findings: readonly { readonly message: string; readonly base64: string }[];
}

/** Shared with the thread: how many inputs were begun, the length of the last one, and its bytes. */
export const places = { begun: 0, length: 1, bytes: 8 } as const;
export const longestInput = 2 ** 19;

/**
 * Seconds of processor time for one input: how long that takes depends on what else the machine does. The library of HDF5
 * reads some damaged files for ever, and whosin stops it by the clock after ten.
 */
const longest = (reader: string): number => (reader === 'keras-hdf5' ? 12 : 5);
const mostMemory = 2 ** 30;

async function watch(order: SliceOrder): Promise<Slice> {
  const shared = new SharedArrayBuffer(places.bytes + longestInput);
  const numbers = new Int32Array(shared, 0, 2);
  // tsx loads in this thread alone, and not in others by itself.
  const thread = JSON.stringify(new URL('fuzz-thread.ts', import.meta.url));
  const worker = new Worker(`import('tsx/esm/api').then((tsx) => (tsx.register(), import(${thread})))`, {
    eval: true,
    workerData: { order, shared },
    resourceLimits: { maxOldGenerationSizeMb: 900 },
  });
  const most = longest(order.reader);
  let begun = -1;
  let since = processorTime();
  const stopped = (message: string): Slice => {
    const bytes = Buffer.from(shared, places.bytes, Atomics.load(numbers, places.length));
    const findings = [{ message, base64: Buffer.from(bytes).toString('base64') }];
    return { inputs: Atomics.load(numbers, places.begun), corpus: 0, pieces: 0, peak: peak(), findings };
  };
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      const now = Atomics.load(numbers, places.begun);
      if (now !== begun) [begun, since] = [now, processorTime()];
      if (begun > 0 && processorTime() - since > most) end(stopped(`took longer than ${most} s`));
      if (peak() > mostMemory / 2 ** 20) end(stopped('took more than 1 GB'));
    }, 200);
    const end = (slice: Slice): void => {
      clearInterval(timer);
      resolve(slice);
    };
    worker.on('message', (slice: Omit<Slice, 'peak'>) => end({ ...slice, peak: peak() }));
    worker.on('error', (error) => end(stopped(error.stack ?? String(error))));
  });
}

function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function peak(): number {
  return process.resourceUsage().maxRSS / 1024;
}

const [json] = process.argv.slice(2);
if (json !== undefined) {
  const slice = await watch(JSON.parse(json) as SliceOrder);
  process.stdout.write(JSON.stringify(slice), () => process.exit());
}

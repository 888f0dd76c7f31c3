/** The thread of test/fuzz/fuzz-process.ts in which a reader runs. */

import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { openCoverage } from './coverage.ts';
import { longestInput, places, type SliceOrder } from './fuzz-process.ts';
import { fuzzReader } from './fuzz-reader.ts';
import { openReaders } from './readers.ts';

const { order, shared } = workerData as { readonly order: SliceOrder; readonly shared: SharedArrayBuffer };
const numbers = new Int32Array(shared, 0, 2);
const input = new Uint8Array(shared, places.bytes);
const folder = await mkdtemp(join(tmpdir(), 'whosin-fuzz-'));
try {
  const reader = (await openReaders(folder)).find(({ name }) => name === order.reader)!;
  const coverage = openCoverage((url) => /\/src\/(?!.*_pb)/.test(url));
  const until = Date.now() + order.seconds * 1000;
  const fuzzed = await fuzzReader(reader, {
    seed: order.seed,
    coverage,
    goOn: () => Date.now() < until,
    before: (bytes) => {
      if (reader.isNative) writeFileSync(order.last, bytes);
      input.set(bytes.subarray(0, longestInput));
      Atomics.store(numbers, places.length, Math.min(bytes.length, longestInput));
      Atomics.add(numbers, places.begun, 1);
    },
  });
  const findings = fuzzed.findings.map(({ message, bytes }) => ({
    message,
    base64: Buffer.from(bytes).toString('base64'),
  }));
  const { inputs, corpus } = fuzzed;
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- of a thread, not of a window
  parentPort!.postMessage({ inputs, corpus, pieces: coverage.count(), findings });
  coverage.close();
} finally {
  await rm(folder, { recursive: true, force: true });
}

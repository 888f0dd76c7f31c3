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

/** Code runs many times as fast where V8 does not count what has run: the rest of the time. */
const searchingShare = 0.2;

const { order, shared } = workerData as { readonly order: SliceOrder; readonly shared: SharedArrayBuffer };
const numbers = new Int32Array(shared, 0, 2);
const input = new Uint8Array(shared, places.bytes);
const folder = await mkdtemp(join(tmpdir(), 'whosin-fuzz-'));
try {
  const reader = (await openReaders(folder)).find(({ name }) => name === order.reader)!;
  const coverage = openCoverage((url) => /\/src\/(?!.*_pb)/.test(url));
  const [began, milliseconds] = [Date.now(), order.seconds * 1000];
  const before = (bytes: Uint8Array): void => {
    if (reader.isNative) writeFileSync(order.last, bytes);
    input.set(bytes.subarray(0, longestInput));
    Atomics.store(numbers, places.length, Math.min(bytes.length, longestInput));
    Atomics.add(numbers, places.begun, 1);
  };
  const until = (share: number) => (): boolean => Date.now() - began < share * milliseconds;
  const searched = await fuzzReader(reader, {
    seed: order.seed,
    coverage,
    goOn: until(searchingShare),
    before,
  });
  const pieces = coverage.count();
  coverage.close();
  const { corpus } = searched;
  const more = await fuzzReader({ ...reader, seeds: corpus }, { seed: ~order.seed, goOn: until(1), before });
  const findings = [...searched.findings, ...more.findings].map(({ message, bytes }) => ({
    message,
    base64: Buffer.from(bytes).toString('base64'),
  }));
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- of a thread, not of a window
  parentPort!.postMessage({ inputs: searched.inputs + more.inputs, corpus: corpus.length, pieces, findings });
} finally {
  await rm(folder, { recursive: true, force: true });
}

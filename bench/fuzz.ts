/**
 * Changed files for every reader of bytes that others may have written (test/fuzz/readers.ts).
 *
 *   npm run fuzz -- [--seconds 300] [--reader NAME] [--seed 1] [--keep]
 *   npm run fuzz -- --reader NAME --input FILE
 *
 * Each reader runs in a process of its own for its share of the seconds. A finding is an input that makes it throw anything
 * but a WhosinError with a sentence, takes longer than 5 seconds (HDF5: 12) or more than 1 GB, or ends the process; it is written to
 * a file, which `--input` reads again. `--keep` adds the figures to bench/results/fuzz.json.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Slice, SliceOrder } from '../test/fuzz/fuzz-process.ts';
import { faultIn, type Reader } from '../test/fuzz/reader.ts';
import { openReaders } from '../test/fuzz/readers.ts';
import { type Row, report, tableOf } from './support/results.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '300' },
    reader: { type: 'string' },
    seed: { type: 'string', default: '1' },
    input: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
const found = join(tmpdir(), 'whosin-fuzz-findings');
const scratch = await mkdtemp(join(tmpdir(), 'whosin-bench-'));
try {
  const all = await openReaders(scratch);
  const readers = values.reader === undefined ? all : all.filter(({ name }) => name === values.reader);
  if (readers.length === 0) throw new Error(`The readers are: ${all.map(({ name }) => name).join(', ')}`);
  if (values.input === undefined) await fuzzAll(readers);
  else console.log((await faultIn(readers[0]!, await readFile(values.input)))?.message ?? 'No fault.');
} finally {
  await rm(scratch, { recursive: true });
}

async function fuzzAll(readers: readonly Reader[]): Promise<void> {
  const rows: Row[] = [];
  let [inputs, findings] = [0, 0];
  for (const { name, seeds } of readers) {
    const seconds = Number(values.seconds) / readers.length;
    const slice = await fuzzOne({ reader: name, seconds, seed, last: join(scratch, 'last') });
    inputs += slice.inputs;
    findings += slice.findings.length;
    rows.push({
      reader: name,
      inputs: slice.inputs,
      seeds: seeds.length,
      'with those found': slice.corpus,
      'pieces of code': slice.pieces,
      'peak MB': Math.round(slice.peak),
      findings: slice.findings.length,
    });
    console.log(`${name}: ${slice.inputs} inputs, ${slice.findings.length} findings`);
    for (const [i, finding] of slice.findings.entries()) {
      await mkdir(found, { recursive: true });
      const file = join(found, `${name}-${seed}-${i}`);
      await writeFile(file, Buffer.from(finding.base64, 'base64'));
      console.log(`${file}\n${finding.message.split('\n').slice(0, 4).join('\n')}`);
    }
  }
  const title = `Fuzzing: ${inputs.toLocaleString('en-GB')} inputs for ${readers.length} readers, ${findings} findings, seed ${seed}`;
  if (values.keep) await report('fuzz', { title, rows });
  else console.log([title, ...tableOf(rows)].join('\n'));
  if (findings > 0) process.exitCode = 1;
}

async function fuzzOne(order: SliceOrder): Promise<Slice> {
  const program = fileURLToPath(new URL('../test/fuzz/fuzz-process.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', program, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  const [status, signal] = (await once(child, 'close')) as [number | null, string | null];
  const [stdout, stderr] = await said;
  if (status === 0) return JSON.parse(stdout) as Slice;
  const base64 = await readFile(order.last, 'base64').catch(() => '');
  const message = `ended with ${status ?? signal}: ${stderr.slice(-2000)}`;
  return { inputs: 0, corpus: 0, pieces: 0, peak: 0, findings: [{ message, base64 }] };
}

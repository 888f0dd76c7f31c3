/**
 * The networks of faces with 32 bits, with 8, and with the weights that processors without VNNI get: milliseconds of the
 * processor a run, one thread.
 *
 *   npx tsx bench/byte-speed.ts                  on this processor
 *   npx tsx bench/byte-speed.ts --without-vnni   as if it had AVX2 alone (x86)
 *
 * "Exact" is 8 bits with ONNX Runtime's setting for such processors, "cut off" without it: the answers are wrong there. The
 * variants take turns; the least of nine rounds counts, since others on the machine can only add to it.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { faceApiPack } from '../src/models/face-api.ts';
import type { NetworkSpec } from '../src/models/network.ts';
import { compileOnce } from '../src/runtime/compiled-graphs.ts';
import { createSession } from '../src/runtime/create-session.ts';
import { onnxRuntime } from '../src/runtime/onnx-runtime.ts';
import { isQuick, type Row, report, runNode, takeTurns } from './support/results.ts';
import { copyWithoutVnni } from './support/without-vnni.ts';

const isCopy = process.argv.includes('--measure');

/** The shapes of a photo of 4 to 3, and of the looks at one face. */
const inputs: readonly (readonly [spec: NetworkSpec, shape: readonly number[], runs: number])[] = [
  [faceApiPack.detector, [1, 384, 512, 3], 3],
  ...faceApiPack.embedders.map(({ network, looks }) => {
    const [, height, width] = network.input.shape.map(Number) as [number, number, number];
    return [network, [looks.length, height, width, 3], 6] as const;
  }),
];

const variants = {
  '32 bits': { bits: undefined, exactly: '0' },
  '8 bits, exact': { bits: 8, exactly: '1' },
  '8 bits, cut off': { bits: 8, exactly: '0' },
  '7 bits': { bits: 7, exactly: '0' },
} as const;

if (isCopy) console.log(JSON.stringify(await measure()));
else {
  const without = process.argv.includes('--without-vnni');
  const rows = without ? await measureCopy() : await measure();
  const where = without ? 'AVX2 alone' : 'this processor';
  await report('byte-speed', { title: `Networks of faces with ${where}: CPU ms a run`, rows });
}

async function measureCopy(): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'whosin-without-vnni-'));
  try {
    await copyWithoutVnni(folder);
    const { stdout } = await runNode(['--import', 'tsx', join(folder, 'bench/byte-speed.ts'), '--measure']);
    return JSON.parse(stdout) as readonly Row[];
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measure(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const [spec, shape, runs] of inputs) {
    const turns: Record<string, () => Promise<number>> = {};
    for (const [name, { bits, exactly }] of Object.entries(variants)) {
      turns[name] = await timed(spec, shape, runs, bits, exactly);
    }
    const measured = await takeTurns(turns, isQuick ? 3 : 9);
    const least = Object.entries(measured).map(([name, times]) => [name, Math.min(...times).toFixed(1)]);
    rows.push({ network: `${spec.name}, ${shape.join(' × ')}`, ...Object.fromEntries(least) });
  }
  return rows;
}

async function timed(
  { ranges, ...spec }: NetworkSpec,
  shape: readonly number[],
  runs: number,
  bits: 7 | 8 | undefined,
  exactly: '0' | '1',
): Promise<() => Promise<number>> {
  const graph = await compileOnce(bits && ranges ? { ...spec, ranges } : spec, { weightBits: bits });
  const session = await createSession(
    graph,
    { threads: 1 },
    {
      enableCpuMemArena: false,
      enableMemPattern: false,
      extra: { session: { x64quantprecision: exactly } },
    },
  );
  const size = shape.reduce((a, b) => a * b, 1);
  const noise = Uint8Array.from({ length: size }, (_, i) => (i * 2654435761) >>> 24);
  const feeds = { [session.inputNames[0]!]: new (onnxRuntime().Tensor)('uint8', noise, shape) };
  return async () => {
    const before = process.cpuUsage();
    for (let i = 0; i < runs; i++) await session.run(feeds);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000 / runs;
  };
}

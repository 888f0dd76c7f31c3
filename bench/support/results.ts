/**
 * The benchmarks share this: variants that take turns, so that a busy machine is busy for all of them alike;
 * what a process cost; one table; and `bench/results/NAME.json`, where the results stay with machine, date and commit.
 *
 * Times of this machine mean little elsewhere, and hardly more here an hour later: only ratios of one run are quoted.
 */

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, release, totalmem } from 'node:os';
import { performance } from 'node:perf_hooks';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describeProcessor } from '../../src/runtime/processor.ts';

/** Columns by name, as they are to be read. */
export type Row = Readonly<Record<string, string | number>>;

export interface Result {
  /** The table's heading: what is measured, on what. */
  readonly title: string;
  readonly rows: readonly Row[];
  /** Ratios and caveats, a sentence each, printed below the table. */
  readonly notes?: readonly string[];
}

/** `--quick` among the arguments: a smaller run for a first look, printed and not kept. */
export const isQuick = process.argv.includes('--quick');

/** The commit when the script began: the working tree may be another one by the time it ends. */
const begun = commit();

/** The arguments that are no flags. */
export const places = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));

/** Every variant once a round, each round in the opposite order; measured one after another, never side by side. */
export async function takeTurns<T, K extends string>(
  variants: Readonly<Record<K, () => T | Promise<T>>>,
  rounds: number,
): Promise<Record<K, T[]>> {
  const names = Object.keys(variants) as K[];
  const measured = Object.fromEntries(names.map((name) => [name, [] as T[]])) as Record<K, T[]>;
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      measured[name].push(await variants[name]());
    }
  }
  return measured;
}

/** @returns seconds of wall time */
export async function seconds(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

/** If the number of values is even, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}

/** The cost of a process of its own, from its start to its end. */
export interface ProcessCost {
  /** Seconds of wall time. */
  readonly wall: number;
  /** Seconds of user and system time over all its threads. */
  readonly cpu: number;
  /** Most memory it held at one time, in MB of 2^20 bytes. */
  readonly peak: number;
  readonly stdout: string;
}

/** Says on file descriptor 3 what the process used. VmHWM, because the maximum of getrusage starts with the parent's. */
const probe = `
  import { readFileSync, writeSync } from 'node:fs';
  import { isMainThread } from 'node:worker_threads';
  if (isMainThread) process.on('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    let kilobytes = maxRSS;
    try { kilobytes = Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]); } catch {}
    writeSync(3, JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1e6, peak: kilobytes / 1024 }));
  });`;

/**
 * Runs Node in a process of its own. Throws with its standard error where its exit status is another one.
 *
 * @param args as on Node's command line; TypeScript is run by adding `--import tsx` in front
 * @param cores the process sees and gets so many (Linux: taskset), from the first one on
 * @param input what it reads on standard input
 */
export async function runNode(
  args: readonly string[],
  {
    cores,
    env = {},
    input = '',
    status = 0,
  }: {
    readonly cores?: number;
    readonly env?: Readonly<Record<string, string>>;
    readonly input?: string;
    readonly status?: number;
  } = {},
): Promise<ProcessCost> {
  const probed = ['--import', `data:text/javascript,${encodeURIComponent(probe)}`, ...args];
  const pinned = cores === undefined ? [] : ['taskset', '-c', cores === 1 ? '0' : `0-${cores - 1}`];
  const [command, ...rest] = [...pinned, process.execPath, ...probed] as [string, ...string[]];
  const began = performance.now();
  const child = spawn(command, rest, {
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(input);
  const used = child.stdio[3] as NodeJS.ReadableStream;
  const said = Promise.all([text(child.stdout), text(child.stderr), text(used)]);
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  const ended = code ?? signal;
  const wall = (performance.now() - began) / 1000;
  const [stdout, stderr, usage] = await said;
  if (ended !== status) throw new Error(`${args.join(' ')} ended with ${ended}:\n${stderr}`);
  return { wall, ...(JSON.parse(usage) as { readonly cpu: number; readonly peak: number }), stdout };
}

/** Prints the table and its notes; unless `--quick`, adds them to what `bench/results/NAME.json` holds already. */
export async function report(name: string, { title, rows, notes = [] }: Result): Promise<void> {
  console.log([`\n${title}`, ...tableOf(rows), ...notes].join('\n'));
  if (isQuick) return;
  const folder = new URL('../results/', import.meta.url);
  const file = new URL(`${name}.json`, folder);
  const earlier = await readFile(file, 'utf8').then(
    (kept) => JSON.parse(kept) as unknown[],
    () => [],
  );
  const run = {
    date: new Date().toISOString(),
    commit: begun,
    machine: await machine(),
    title,
    rows,
    notes,
  };
  await mkdir(folder, { recursive: true });
  await writeFile(file, `${JSON.stringify([...earlier, run], null, 2)}\n`);
  console.log(`Kept in ${fileURLToPath(file)}`);
}

/** As Markdown, which reads as a table in a terminal too. */
export function tableOf(rows: readonly Row[]): string[] {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? '')))];
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i]!.length)));
  const lines = cells.map((line) => `| ${line.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`);
  return [lines[0]!, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...lines.slice(1)];
}

/** They decide which of ONNX Runtime's kernels run; virtual machines call very different processors by one name. */
const instructions = ['avx2', 'avx512f', 'avx512_vnni', 'avx_vnni', 'amx_int8', 'asimd', 'asimddp', 'i8mm'];

async function machine(): Promise<Readonly<Record<string, string | number>>> {
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  const abilities = new Set((await describeProcessor()).join(' ').split(/\s+/));
  const system = `${process.platform} ${release()} ${process.arch}`;
  return {
    processor: cpus()[0]?.model ?? '',
    instructions: instructions.filter((name) => abilities.has(name)).join(' '),
    cores: cpus().length,
    gigabytes,
    system,
    node: process.version,
  };
}

/** With a + where the working tree held more than the commit. */
function commit(): string {
  const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();
  const changed = git(
    'status',
    '--porcelain',
    '--untracked-files=no',
    '--',
    'src',
    'bench/**/*.ts',
    'package.json',
  );
  return git('rev-parse', '--short', 'HEAD') + (changed === '' ? '' : '+');
}

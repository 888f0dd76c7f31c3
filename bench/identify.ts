/**
 * Files to names, whole processes: whosin against what people use from Node now, and against the floor, the bare run time
 * of its networks.
 *
 *   npx tsx bench/identify.ts [FOLDER=../shared/data/faces/sports-dev] [--without-vnni] [--quick]
 *
 * FOLDER: a folder of photos for each person. Everybody learns from the first 15 photos of each person, which is not
 * timed, and is asked about the rest. A photo is right where its person's name is given to a face, and wrong where any
 * face gets another name. All decode the same photos with the same sharp to the same pixels. TensorFlow.js WASM has SIMD
 * and no threads under Node (github.com/tensorflow/tfjs/issues/3830; forced to, it spins and takes many times as
 * long): its way to use two cores is two processes with half of the photos each. Build first: whosin is dist/.
 * `--without-vnni`: whosin as on a processor with AVX2 alone; the others take what the processor has.
 */

import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { costOfNetworks } from './support/bare-networks.ts';
import {
  isQuick,
  median,
  type ProcessCost,
  places,
  type Row,
  report,
  runNode,
  takeTurns,
} from './support/results.ts';
import type { NamedPhoto } from './support/rival.ts';
import { copyWithoutVnni } from './support/without-vnni.ts';

const [folder = '../shared/data/faces/sports-dev'] = places;
const [lessonsEach, questionsEach, rounds] = isQuick ? [3, 2, 1] : [15, Infinity, 3];
const withoutVnni = process.argv.includes('--without-vnni');
const scratch = await mkdtemp(join(tmpdir(), 'whosin-bench-'));
const root = withoutVnni ? join(scratch, 'whosin') : fileURLToPath(new URL('..', import.meta.url));
if (withoutVnni) await copyWithoutVnni(root);
const main = join(root, 'dist/cli/main.js');
const home = join(scratch, 'home');
const env = { WHOSIN_HOME: home, ...(withoutVnni && { WHOSIN_WEIGHT_BITS: '7' }) };
const model = join(scratch, 'people.onnx');
const runsFile = join(scratch, 'runs');

try {
  const { lessons, questions } = await splitPhotos();
  await runNode([main, 'train', join(scratch, 'lessons'), '-o', model, '--validation-percentage', '0'], {
    env,
  });
  for (const rival of ['face-api', 'human']) {
    await runNode(rivalArgs(rival, 'enrol'), { input: lessons.join('\n') });
  }
  const halves = [0, 1].map((half) => questions.filter((_, i) => i % 2 === half));
  const rows = await takeTurns(
    {
      'whosin, 1 core': () => whosin(questions, 1),
      'whosin, 2 cores': () => whosin(questions, 2),
      'face-api, 1 core': () => rivals('face-api', [questions], 1),
      'face-api, 2 cores': () => rivals('face-api', [questions], 2),
      'face-api, 2 cores, 2 processes': () => rivals('face-api', halves, 2),
      'human, 1 core': () => rivals('human', [questions], 1),
      'human, 2 cores': () => rivals('human', [questions], 2),
      'human, 2 cores, 2 processes': () => rivals('human', halves, 2),
      'bare networks of whosin, 1 core': () => floor(questions),
    },
    rounds,
  );
  const numbers = Object.entries(rows).map(([what, runs]) => numbersOf(what, runs, questions.length));
  const of = (what: string): Numbers => numbers.find((row) => row.what === what)!;
  const faster = (rival: string): string => {
    const rate = of('whosin, 2 cores').rate;
    const [one, two] = [of(`${rival}, 2 cores`).rate, of(`${rival}, 2 cores, 2 processes`).rate];
    return `On 2 cores whosin answers ${(rate / one).toFixed(2)} × as many photos a second as ${rival} (${(rate / two).toFixed(2)} × two processes of it), with ${(of('whosin, 1 core').cpu / of(`${rival}, 1 core`).cpu).toFixed(2)} × its CPU time.`;
  };
  const bare = of('bare networks of whosin, 1 core').cpu;
  await report('identify', {
    title: `${withoutVnni ? 'With AVX2 alone, identify' : 'Identify'}: ${questions.length} photos of ${folder}, ${lessons.length} learnt from, medians of ${rounds}`,
    rows: numbers.map(rowOf),
    notes: [
      faster('face-api'),
      faster('human'),
      `CPU time of whosin: ${(of('whosin, 1 core').cpu / bare).toFixed(2)} × that of its bare networks on 1 core, ${(of('whosin, 2 cores').cpu / bare).toFixed(2)} × on 2.`,
    ],
  });
} finally {
  await rm(scratch, { recursive: true });
}

/** Lessons as lines of "person<tab>photo" and as a folder of links; questions as paths. */
async function splitPhotos(): Promise<{ readonly lessons: string[]; readonly questions: string[] }> {
  const lessons: string[] = [];
  const questions: string[] = [];
  for (const person of (await readdir(folder)).toSorted()) {
    const photos = (await readdir(join(folder, person)))
      .toSorted()
      .map((name) => resolve(folder, person, name));
    await mkdir(join(scratch, 'lessons', person), { recursive: true });
    for (const photo of photos.slice(0, lessonsEach)) {
      lessons.push(`${person}\t${photo}`);
      await symlink(photo, join(scratch, 'lessons', person, basename(photo)));
    }
    questions.push(...photos.slice(lessonsEach).slice(0, questionsEach));
  }
  return { lessons, questions };
}

interface Measured extends Omit<ProcessCost, 'stdout'> {
  /** Nothing for the floor, which names nobody. */
  readonly photos?: readonly NamedPhoto[];
}

/** With its networks compiled, and nothing known of the photos. */
async function whosin(
  questions: readonly string[],
  cores: number,
  recorder: readonly string[] = [],
  recording: Readonly<Record<string, string>> = {},
): Promise<Measured> {
  for (const name of await readdir(home)) {
    if (name === 'bottlenecks' || name === 'seen') await rm(join(home, name), { recursive: true });
  }
  const { stdout, ...cost } = await runNode([...recorder, main, 'identify', '-', '-m', model, '--json'], {
    cores,
    env: { ...env, ...recording },
    input: questions.join('\n'),
  });
  const photos = linesOf(stdout).map((line) => {
    const { file, faces, error } = line as {
      readonly file: string;
      readonly faces: readonly { readonly person: string | null }[];
      readonly error?: { readonly message: string };
    };
    if (error) throw new Error(error.message);
    return { photo: file, names: faces.map(({ person }) => person) };
  });
  return { ...cost, photos };
}

/** @param parts the photos of each process; all run at once */
async function rivals(
  rival: string,
  parts: readonly (readonly string[])[],
  cores: number,
): Promise<Measured> {
  const runs = await Promise.all(
    parts.map((part) => runNode(rivalArgs(rival, 'name'), { cores, input: part.join('\n') })),
  );
  const sum = (key: 'cpu' | 'peak'): number => runs.reduce((total, run) => total + run[key], 0);
  const photos = runs.flatMap(({ stdout }) => linesOf(stdout) as NamedPhoto[]);
  return { wall: Math.max(...runs.map(({ wall }) => wall)), cpu: sum('cpu'), peak: sum('peak'), photos };
}

function rivalArgs(rival: string, task: 'enrol' | 'name'): string[] {
  const program = fileURLToPath(new URL(`support/rival-${rival}.ts`, import.meta.url));
  return ['--import', 'tsx', program, task, join(scratch, `${rival}.json`)];
}

function floor(questions: readonly string[]): Promise<Measured> {
  return costOfNetworks(root, runsFile, (recorder, recording) => whosin(questions, 1, recorder, recording));
}

function linesOf(stdout: string): unknown[] {
  // TensorFlow.js greets on standard output.
  return stdout.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
}

interface Numbers {
  readonly what: string;
  /** Photos a second. */
  readonly rate: number;
  /** CPU seconds a photo. */
  readonly cpu: number;
  readonly peak: number;
  readonly right: number | undefined;
  readonly wrong: number | undefined;
}

function numbersOf(what: string, runs: readonly Measured[], total: number): Numbers {
  const counted = (is: (names: readonly (string | null)[], person: string) => boolean): number | undefined =>
    runs[0]!.photos?.filter(({ photo, names }) => is(names, basename(dirname(photo)))).length;
  return {
    what,
    rate: total / median(runs.map(({ wall }) => wall)),
    cpu: median(runs.map(({ cpu }) => cpu)) / total,
    peak: Math.max(...runs.map(({ peak }) => peak)),
    right: counted((names, person) => names.includes(person)),
    wrong: counted((names, person) => names.some((name) => name !== null && name !== person)),
  };
}

function rowOf({ what, rate, cpu, peak, right, wrong }: Numbers): Row {
  return {
    what,
    'photos a second': rate.toFixed(2),
    'CPU s a photo': cpu.toFixed(3),
    'peak MB': Math.round(peak),
    right: right ?? '',
    wrong: wrong ?? '',
  };
}

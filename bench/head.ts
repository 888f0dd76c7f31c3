/**
 * How soon a softmax layer reaches the same loss: whosin, scikit-learn's LogisticRegression(lbfgs) where Python has
 * it, TensorFlow.js. All minimise the same: the mean cross-entropy + ½·l2·|W|² on standardised inputs, and the clock
 * runs from the features as they are. The loss to reach is the optimum's + 0.01 %.
 *
 *   npx tsx bench/head.ts [--quick]
 */

import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import type { LabelledVectors } from '../src/learn/layer/labelled-vectors.ts';
import { fitAtStrength } from '../src/learn/layer/softmax-regression.ts';
import type { OpenComputation } from '../src/models/graph/computation.ts';
import { openComputation } from '../src/runtime/computation.ts';
import { madeFeatures } from './support/made-features.ts';
import { isQuick, median, type Row, report, runNode, seconds, takeTurns } from './support/results.ts';

interface Problem {
  readonly examples: number;
  readonly size: number;
  readonly classes: number;
  readonly l2: number;
}

const small = { examples: 1000, size: 2048, classes: 3 };
const large = isQuick
  ? { examples: 2000, size: 2048, classes: 20 }
  : { examples: 10_000, size: 2048, classes: 100 };
/** Held back as is usual, and so little that a fit takes long. */
const problems: readonly Problem[] = [
  { ...small, l2: 0.1 },
  ...(isQuick ? [] : [{ ...small, l2: 0.01 }]),
  { ...large, l2: 0.1 },
];

/** A loss that is over the optimum by a smaller share than this counts as the same. */
const nearness = 1e-4;
/** TensorFlow.js is stopped after so many times what whosin took. */
const cap = 20;
const rounds = isQuick ? 2 : 3;
/** The first one alone where a step takes seconds. */
const settings = [
  ['adam', 0.01],
  ['adam', 0.001],
  ['momentum', 0.03],
  ['momentum', 0.3],
] as const;

/** Seconds to the loss, and to the end that a fit finds by itself. */
interface Timing {
  readonly reached: number;
  readonly ended: number;
  readonly steps: number;
  readonly loss: number;
}

const threads = availableParallelism();
const open: OpenComputation = (graph, how) => openComputation(graph, { threads }, how);
const python = '/usr/bin/python3';
const sklearn = sklearnVersion();
const folder = await mkdtemp(join(tmpdir(), 'head-'));
const rows: Row[] = [];
try {
  for (const problem of problems) {
    console.error(`${problem.examples} × ${problem.size}, ${problem.classes} classes, l2 ${problem.l2}`);
    rows.push(...(await compare(problem)));
  }
} finally {
  await rm(folder, { recursive: true });
}
await report('head', {
  title: `Softmax layer, seconds until the loss is within ${nearness * 100} % of the optimum`,
  rows,
  notes: [
    `Medians of ${rounds} rounds that took turns; the ratio is the median of each round's. ${threads} threads each.`,
    `scikit-learn ${sklearn ?? 'is not here'}. TensorFlow.js: full batches, once, stopped after ${cap} times ` +
      `whosin's time; the best of ${settings.length} settings (Adam, Nesterov momentum), of the large problem the first one.`,
  ],
});

async function compare(problem: Problem): Promise<Row[]> {
  const { examples, size, classes, l2 } = problem;
  const name = `${examples} × ${size}, ${classes} classes, l2 ${l2}`;
  const data = await madeFeatures(examples, size, classes);
  const features = new Float32Array(examples * size);
  for (const [i, input] of data.inputs.entries()) features.set(input, i * size);
  const files = [join(folder, 'features'), join(folder, 'labels')];
  await writeFile(files[0]!, features);
  await writeFile(files[1]!, Int32Array.from(data.labels));

  const first = await ours(data, problem, 0);
  const reference = sklearn === undefined ? first.loss : theirs(problem, 0, files).loss;
  const target = Math.min(first.loss, reference) * (1 + nearness);
  const timings = await takeTurns<Timing, 'ours' | 'theirs'>(
    {
      ours: () => ours(data, problem, target),
      theirs: () => (sklearn === undefined ? first : theirs(problem, target, files)),
    },
    rounds,
  );
  const whosin = median(timings.ours.map(({ reached }) => reached));
  const found = [rowOf(name, 'whosin', timings.ours, timings.ours)];
  if (sklearn !== undefined) found.push(rowOf(name, 'scikit-learn', timings.theirs, timings.ours));
  for (const backend of ['wasm', 'cpu']) {
    found.push(await tensorFlow(name, backend, problem, target, whosin, files));
  }
  return found;
}

async function ours(data: LabelledVectors, { classes, l2 }: Problem, target: number): Promise<Timing> {
  let [reached, steps, loss] = [Infinity, 0, Infinity];
  const began = performance.now();
  const onStep = (value: number): void => {
    steps++;
    loss = Math.min(loss, value);
    if (value <= target) reached = Math.min(reached, (performance.now() - began) / 1000);
  };
  const ended = await seconds(() => fitAtStrength(data, classes, l2, { open, balanced: false, onStep }));
  return { reached, ended, steps, loss };
}

function theirs({ examples, size, classes, l2 }: Problem, target: number, files: readonly string[]): Timing {
  const script = fileURLToPath(new URL('support/head-sklearn.py', import.meta.url));
  const args = [script, ...[examples, size, classes, l2, target].map(String), ...files];
  const answer = JSON.parse(execFileSync(python, args, { encoding: 'utf8' })) as {
    readonly reached: number | null;
    readonly ended: number;
    readonly evaluations: number;
    readonly loss: number;
  };
  return { ...answer, reached: answer.reached ?? Infinity, steps: answer.evaluations };
}

async function tensorFlow(
  problem: string,
  backend: string,
  { examples, size, classes, l2 }: Problem,
  target: number,
  whosin: number,
  files: readonly string[],
): Promise<Row> {
  const script = fileURLToPath(new URL('support/head-tfjs.ts', import.meta.url));
  let best: { readonly reached: number | null; readonly steps: number; readonly best: number } | undefined;
  let setting = '';
  for (const [method, rate] of examples > small.examples ? settings.slice(0, 1) : settings) {
    const numbers = [rate, cap * whosin, examples, size, classes, l2, target].map(String);
    const { stdout } = await runNode(['--import', 'tsx', script, backend, method, ...numbers, ...files]);
    const run = JSON.parse(stdout.slice(stdout.indexOf('{'))) as NonNullable<typeof best>;
    const sooner = (run.reached ?? Infinity) < (best?.reached ?? Infinity);
    if (best === undefined || sooner || (best.reached === null && run.best < best.best)) {
      best = run;
      setting = `${method} ${rate}`;
    }
  }
  const { reached, steps, best: loss } = best!;
  return {
    problem,
    who: `TensorFlow.js ${backend}, ${setting}`,
    'to the loss': reached === null ? `not in ${(cap * whosin).toFixed(1)}` : reached.toFixed(2),
    'to its end': '',
    steps,
    loss: loss.toPrecision(6),
    'times whosin': reached === null ? `> ${cap}` : (reached / whosin).toFixed(1),
  };
}

function rowOf(problem: string, who: string, timings: readonly Timing[], whosin: readonly Timing[]): Row {
  const ratios = timings.map(({ reached }, i) => reached / whosin[i]!.reached);
  return {
    problem,
    who,
    'to the loss': median(timings.map(({ reached }) => reached)).toFixed(3),
    'to its end': median(timings.map(({ ended }) => ended)).toFixed(3),
    steps: timings[0]!.steps,
    loss: timings[0]!.loss.toPrecision(6),
    'times whosin': median(ratios).toFixed(1),
  };
}

function sklearnVersion(): string | undefined {
  try {
    const script = 'import sklearn; print(sklearn.__version__)';
    return execFileSync(python, ['-c', script], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return undefined;
  }
}

/**
 * `whosin identify` over a folder of files that are odd, broken or hostile, made by test/torture.
 *
 *   npx tsx bench/torture.ts [--quick]
 *
 * Whether every answer is the right one is for test/torture/torture.slow.test.ts to say: this counts them.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writePortraits } from '../test/demo-people.ts';
import { makeTortureFolder } from '../test/torture/make-folder.ts';
import { type Outcome, outcomesIn } from '../test/torture/outcomes.ts';
import { type Row, report, runNode } from './support/results.ts';

const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const scratch = await mkdtemp(join(tmpdir(), 'whosin-bench-'));
const env = { WHOSIN_HOME: join(scratch, 'home'), WHOSIN_MEMORY: '1GB', WHOSIN_THREADS: '2' };
const [people, odd, model] = ['people', 'odd', 'people.onnx'].map((name) => join(scratch, name)) as [
  string,
  string,
  string,
];

try {
  await writePortraits(people, { mona: ['mona', 2], nell: ['nell', 2] });
  await runNode([main, 'train', people, '-o', model], { env });
  const folder = await makeTortureFolder(odd);
  const run = await runNode([main, 'identify', odd, '-m', model, '--json'], { env, status: 1 });
  await folder.close();
  const outcomes = outcomesIn(run.stdout, odd);
  const kinds = [...new Set(outcomes.map(({ kind }) => kind))].toSorted();
  await report('torture', {
    title: `Odd files: ${outcomes.length} of them, identified in one run`,
    rows: [...kinds.map((kind) => rowOf(kind, outcomes)), rowOf('all', outcomes)],
    notes: [
      'Refused with a reason in plain words: it is cut off or damaged, no photo, not to be read without a copy, too large for the memory that was allowed, or no file.',
      `Two threads were allowed 1,000 MB of memory, and took ${Math.round((run.peak * 2 ** 20) / 1e6)} at most.`,
    ],
  });
} finally {
  await rm(scratch, { recursive: true });
}

function rowOf(kind: string, outcomes: readonly Outcome[]): Row {
  const own = outcomes.filter((one) => kind === 'all' || one.kind === kind);
  const refused = own.filter((one) => one.refused).length;
  const damaged = own.filter(({ answer }) => answer.endsWith(', damaged')).length;
  return {
    kind,
    files: own.length,
    read: own.length - refused - damaged,
    'read as far as possible': damaged,
    'refused with a reason': refused,
  };
}

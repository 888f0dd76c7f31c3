/** The floor under whosin: its networks alone, with exactly the runs that it made. */

import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Floor } from './identify-floor.ts';
import { type ProcessCost, runNode } from './results.ts';

/**
 * Arguments for Node in front of whosin's command: they note each run's network, how it was opened, and the shapes of its inputs in the
 * file that WHOSIN_RUNS names.
 */
export function recorderOf(main: string): readonly string[] {
  // Loaded before the command and before each of its workers.
  const recorder = `
  import { appendFileSync } from 'node:fs';
  import { createRequire } from 'node:module';
  const { InferenceSession } = createRequire(${JSON.stringify(createRequire(main).resolve('onnxruntime-node'))})('onnxruntime-node');
  const create = InferenceSession.create;
  InferenceSession.create = async function (network, options) {
    const session = await create.call(this, network, options);
    const run = session.run;
    session.run = (feeds, ...rest) => {
      const inputs = Object.entries(feeds).map(([name, { type, dims }]) => ({ name, type, dims }));
      appendFileSync(process.env.WHOSIN_RUNS, JSON.stringify({ network, options, inputs }) + '\\n');
      return run.call(session, feeds, ...rest);
    };
    return session;
  };`;
  return ['--import', `data:text/javascript,${encodeURIComponent(recorder)}`];
}

/**
 * @param root the built checkout
 * @param record runs whosin on one core with these arguments before its own, and this setting
 */
export async function costOfNetworks(
  root: string,
  runsFile: string,
  record: (recorder: readonly string[], env: Readonly<Record<string, string>>) => Promise<unknown>,
): Promise<Omit<ProcessCost, 'stdout'>> {
  await rm(runsFile, { force: true });
  await record(recorderOf(join(root, 'dist/cli/main.js')), { WHOSIN_RUNS: runsFile });
  const program = join(root, 'bench/support/identify-floor.ts');
  const { stdout, peak } = await runNode(['--import', 'tsx', program, runsFile], { cores: 1 });
  const { wall, cpu } = JSON.parse(stdout) as Floor;
  return { wall, cpu, peak };
}

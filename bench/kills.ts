/**
 * Every command that writes, killed -9 at random moments (test/kills/).
 *
 *   npx tsx bench/kills.ts [KILLS=200] [BEGINNING_OF_NAME ...] [--quick]
 *
 * Up to ten kills one after another in one folder, then a run to the end; two commands side by side. After each kill every file under its own name is whole.
 * After the last run the answer is that of a folder in which nothing was killed, and no temporary file is left.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openChance } from '../test/fuzz/chance.ts';
import { killTrial, warm } from '../test/kills/kill-trial.ts';
import { emptyPlace, setStage } from '../test/kills/trials.ts';
import { places, type Row, report } from './support/results.ts';

const [kills = '200', ...only] = places;
const root = await mkdtemp(join(tmpdir(), 'whosin-bench-'));
const stage = await emptyPlace(root);
const { trials, close } = await setStage(stage.work);
const rows: Row[] = [];
try {
  await warm(stage);
  const left = trials.filter(({ name }) => only.length === 0 || only.some((begin) => name.startsWith(begin)));
  // Ctrl-C: the rounds at work come to their end, and what was measured is stored.
  let isStopped = false;
  process.once('SIGINT', () => {
    isStopped = true;
    left.splice(0);
  });
  const lane = async (): Promise<void> => {
    for (let trial = left.shift(); trial !== undefined; trial = left.shift()) {
      const {
        kills: killed,
        early,
        faults,
      } = await killTrial(trial, stage, Number(kills), openChance(1), () => isStopped);
      rows.push({
        command: trial.name,
        kills: killed,
        'ended before the kill': early,
        faults: faults.length,
      });
      console.log(
        `${trial.name}: ${killed} kills, ${faults.length} faults\n${faults.slice(0, 10).join('\n')}`,
      );
    }
  };
  await Promise.all([lane(), lane()]);
} finally {
  await close();
  await rm(root, { recursive: true, force: true });
}
const total = (key: 'kills' | 'faults'): number => rows.reduce((sum, row) => sum + Number(row[key]), 0);
// The table of all commands is not replaced by one of a few.
await report(only.length === 0 ? 'kills' : 'kills-again', {
  title: `Kills: ${total('kills')} of ${rows.length} commands, ${total('faults')} faults`,
  rows,
});

/**
 * Nothing that was said is lost: random names, answers, corrections, splits, merges, undos, new and moved photos, restarts,
 * groups made anew and other models, against a second, plain account of what was said.
 *
 *   npx tsx bench/album-said.ts [STEPS=10000] [SEED=1]
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../src/core/random.ts';
import { openTrial } from '../test/album/said-trial.ts';
import { isQuick, places, report } from './support/results.ts';

const steps = Number(places[0] ?? (isQuick ? 300 : 10_000));
const seed = Number(places[1] ?? 1);
/** An album is begun anew after so many steps. */
const stepsEach = 500;
const checkEvery = 5;
const counts = new Map<string, number>();
let [checks, violated] = [0, 0];
for (let done = 0; done < steps; ) {
  const folder = await mkdtemp(join(tmpdir(), 'whosin-bench-'));
  const trial = await openTrial(folder, seededRandom(seed * 1000 + done));
  try {
    for (let n = 0; n < stepsEach && done < steps; n++, done++) {
      const step = await trial.step();
      counts.set(step, (counts.get(step) ?? 0) + 1);
      if (n % checkEvery !== 0) continue;
      checks++;
      await trial.check();
    }
  } catch (error) {
    violated++;
    console.error(`step ${done}:`, error);
    done++;
  } finally {
    await trial.close();
    await rm(folder, { recursive: true });
  }
  console.error(`${done} steps, ${checks} checks, ${violated} violated`);
}
await report('album-said', {
  title: `${steps} random steps on albums (seed ${seed})`,
  rows: [{ steps, checks, violated, ...Object.fromEntries(counts) }],
  notes: [
    'Each check: every entry is there and counts or not, every face is who the second account says, no rejected suggestion and nothing settled is asked, same and different hold, integrity_check.',
  ],
});

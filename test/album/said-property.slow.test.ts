import { expect, test } from 'vitest';
import { seededRandom } from '../../src/core/random.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { openTrial } from './said-trial.ts';

/** The same with 10,000 steps: bench/album-said.ts. */
const steps = 200;

test('nothing that was said is lost, and no rejected suggestion comes back, whatever happens in between', {
  timeout: 600_000,
}, async () => {
  const seed = 1;
  const trial = await openTrial(await temporaryFolder(), seededRandom(seed));
  const done: string[] = [];
  try {
    for (let n = 0; n < steps; n++) {
      done.push(await trial.step());
      if (n % 5 === 0 || n > steps - 10) await trial.check();
    }
  } catch (error) {
    throw new Error(`after ${done.length} steps (seed ${seed}): ${done.slice(-6).join(', ')}`, {
      cause: error,
    });
  } finally {
    await trial.close();
  }
  expect([...trial.counts.values()].reduce((a, b) => a + b)).toBe(steps);
  expect(trial.counts.size).toBeGreaterThan(12);
});

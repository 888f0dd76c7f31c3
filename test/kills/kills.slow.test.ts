/** Commands killed -9 at random moments: a few kills of `bench/kills.ts`. */

import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { build } from '../cli/whosin.ts';
import { openChance } from '../fuzz/chance.ts';
import { sharedFolder } from '../shared-folder.ts';
import { killTrial, warm } from './kill-trial.ts';
import { emptyPlace, type Stage, setStage } from './trials.ts';

const folder = sharedFolder();
let stage: Stage;
let place: { readonly home: string; readonly work: string };

beforeAll(async () => {
  await build();
  place = await emptyPlace(join(folder.path, 'stage'));
  stage = await setStage(place.work);
  await warm(place);
}, 300_000);
afterAll(() => stage.close());

test.each(['train', 'models add', 'album write'])(
  'what %s leaves is whole, and the next run does the work',
  { timeout: 300_000 },
  async (command) => {
    const trial = stage.trials.find(({ name }) => name === command)!;
    const { kills, faults } = await killTrial(trial, place, 2, openChance(3));
    expect(faults.join('\n')).toBe('');
    expect(kills).toBe(2);
  },
);

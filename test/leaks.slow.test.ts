/** A server opens whosin for months: what is closed leaves nothing behind. bench/leaks.ts does a thousand rounds. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { readConfig } from '../src/config.ts';
import { openFaces } from '../src/faces/open-faces.ts';
import { writePortraits } from './demo-people.ts';
import { identifyAgain, leftAfter, openAndClose, type Trial } from './leak-trial.ts';
import { demoPhoto } from './photo-fixtures.ts';
import { sharedFolder } from './shared-folder.ts';
import { warmHome } from './warm-home.ts';

const folder = sharedFolder();
let trial: Trial;

beforeAll(async () => {
  const config = { ...readConfig(), home: join(folder.path, 'home'), threads: 2 };
  await warmHome(config.home);
  const people = join(folder.path, 'people');
  await writePortraits(people, { mona: ['mona', 2], nell: ['nell', 2] });
  const faces = await openFaces({ config });
  const { model } = await faces.train(people);
  await faces.close();
  trial = {
    options: { config },
    model,
    photos: await Promise.all([1, 2].map((n) => readFile(demoPhoto(n)))),
  };
});

test.each([
  ['opened, asked and closed', openAndClose, 5, 20],
  ['asked while it stays open', identifyAgain, 50, 1000],
] as const)(
  'whosin leaves no handle, no open file and no memory behind: %s',
  async (_, work, first, many) => {
    // The libraries take memory for themselves, once.
    await work(trial, first);
    const before = await leftAfter(first);
    await work(trial, many);
    const after = await leftAfter(many);
    expect(after.files).toBeLessThanOrEqual(before.files);
    expect(after.handles).toBeLessThanOrEqual(before.handles + 1);
    // A network that was not freed takes 5 to 30 MB each time.
    expect(after.memory - before.memory).toBeLessThan(80);
  },
);

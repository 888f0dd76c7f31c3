/** The program of leak-trial.ts: opens whosin, asks it and closes it, over and over in one process, and prints what stays behind. */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { readConfig } from '../src/config.ts';
import { openFaces } from '../src/faces/open-faces.ts';
import { openWhosin } from '../src/open-whosin.ts';
import { writePortraits } from './demo-people.ts';
import type { Left, Work } from './leak-trial.ts';
import { demoPhoto } from './photo-fixtures.ts';

const [work, folder, ...parts] = process.argv.slice(2) as [Work, string, ...string[]];
const config = { ...readConfig(), home: join(folder, 'home'), threads: 2 };
const people = join(folder, 'people');
await writePortraits(people, { mona: ['mona', 2], nell: ['nell', 2] });
const faces = await openFaces({ config });
const { model } = await faces.train(people);
await faces.close();
const photos = await Promise.all([1, 2].map((n) => readFile(demoPhoto(n))));

const works: Readonly<Record<Work, (rounds: number) => Promise<void>>> = {
  /** Each opening computes one photo: its networks are opened and freed, and threads where there are several. */
  open: async (rounds) => {
    for (let i = 0; i < rounds; i++) {
      const whosin = await openWhosin({ config: { ...config, home: '/proc/none' } });
      await whosin.identifyPhoto(photos[i % photos.length]!, model);
      await whosin.close();
    }
  },
  /** All photos through one opened whosin, again and again: from its cache after the first time. */
  identify: async (rounds) => {
    const whosin = await openWhosin({ config });
    const asked = (function* () {
      for (let i = 0; i < rounds; i++) yield photos[i % photos.length]!;
    })();
    for await (const { kind } of whosin.identify(asked, model)) {
      if (kind !== 'photo') throw new Error(`a photo could not be identified: ${kind}`);
    }
    await whosin.close();
  },
};

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

async function leftAfter(rounds: number): Promise<Left> {
  // Threads that were told to end need a moment.
  await wait(200);
  collectGarbage();
  collectGarbage();
  const { rss, heapUsed } = process.memoryUsage();
  return {
    rounds,
    handles: process.getActiveResourcesInfo().length,
    files: await readdir('/proc/self/fd').then(
      (open) => open.length,
      () => 0,
    ),
    memory: Math.round(rss / 2 ** 20),
    heap: Math.round(heapUsed / 2 ** 20),
  };
}

const left = [await leftAfter(0)];
for (const part of parts) {
  await works[work](Number(part));
  left.push(await leftAfter(left.at(-1)!.rounds + Number(part)));
}
process.stdout.write(JSON.stringify(left));

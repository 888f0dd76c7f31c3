/** Opens whosin, asks it and closes it, over and over in one process, and counts what stays behind. */

import { readdir } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { PeopleModel } from '../src/faces/people/model-file.ts';
import { openWhosin, type WhosinOptions } from '../src/open-whosin.ts';

export interface Left {
  /** Rounds done so far. */
  readonly rounds: number;
  /** Anything that keeps Node's event loop alive. */
  readonly handles: number;
  /** Open files, pipes and sockets; 0 where the system does not tell. */
  readonly files: number;
  /** MB of 2^20 bytes: all of the process, and JavaScript's share. */
  readonly memory: number;
  readonly heap: number;
}

export interface Trial {
  readonly options: WhosinOptions;
  readonly model: PeopleModel;
  readonly photos: readonly Uint8Array[];
}

/** Each opening computes one photo: its networks are opened and freed, and threads where there are several. */
export async function openAndClose({ options, model, photos }: Trial, rounds: number): Promise<void> {
  for (let i = 0; i < rounds; i++) {
    const whosin = await openWhosin({ ...options, config: { ...options.config, home: '/proc/none' } });
    await whosin.identifyPhoto(photos[i % photos.length]!, model);
    await whosin.close();
  }
}

/** All photos through one opened whosin, again and again: from its cache after the first time. */
export async function identifyAgain({ options, model, photos }: Trial, rounds: number): Promise<void> {
  const whosin = await openWhosin(options);
  const asked = (function* () {
    for (let i = 0; i < rounds; i++) yield photos[i % photos.length]!;
  })();
  for await (const { kind } of whosin.identify(asked, model)) {
    if (kind !== 'photo') throw new Error(`a photo could not be identified: ${kind}`);
  }
  await whosin.close();
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

export async function leftAfter(rounds: number): Promise<Left> {
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

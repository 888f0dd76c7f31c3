/** A thread for the tests of threads: says where and what it read. */

import { setTimeout as wait } from 'node:timers/promises';
import { WhosinError } from '../../src/errors.ts';
import { withMemory } from '../../src/runtime/photo-memory.ts';
import { photoWork, threadSetting } from '../../src/runtime/photo-threads.ts';
import { stopIfEnding } from '../../src/runtime/thread-tasks.ts';

export interface ToySetting {
  readonly place: string;
  /** Milliseconds that a network takes; a photo goes through two. */
  readonly network: number;
}

const { place, network } = threadSetting as ToySetting;

export const readPhoto = photoWork(async (bytes, name) => {
  if (name === 'dies of it') await withMemory(7e8, name, async () => process.exit(1));
  if (bytes.length === 0) throw WhosinError.about('not-a-photo', name, 'is empty');
  for (const _ of ['first', 'second']) {
    stopIfEnding();
    await wait(network);
  }
  return `${place} ${name}`;
});

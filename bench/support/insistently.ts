/** Work on a database that is restarted: done again and again while it is away. */

import { setTimeout as pause } from 'node:timers/promises';
import { WhosinError } from '../../src/errors.ts';

export async function insistently<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof WhosinError && error.code === 'no-database')) throw error;
      await pause(100);
    }
  }
}

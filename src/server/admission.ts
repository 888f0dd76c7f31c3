/** How much work is let in at a time: a flood is told to come back later, and those who are in are answered. */

import { HttpProblem } from './problems.ts';

export interface Admission {
  /**
   * @param bytes that it holds in memory meanwhile
   * @throws HttpProblem 429 if too many wait already, or too large ones
   */
  admit<T>(bytes: number, work: () => Promise<T>): Promise<T>;
  readonly inside: number;
}

export interface Limits {
  /** At a time, those that wait for their turn among them. */
  readonly requests: number;
  /** That they may hold together; one alone is let in whatever it holds. */
  readonly bytes: number;
}

export function openAdmission(most: Limits): Admission {
  let inside = 0;
  let held = 0;
  return {
    get inside() {
      return inside;
    },
    async admit(bytes, work) {
      if (inside >= most.requests || (inside > 0 && held + bytes > most.bytes)) {
        throw new HttpProblem(
          429,
          'too-many',
          `${inside} requests are being worked on: try again in a few seconds.`,
          { 'retry-after': '3' },
        );
      }
      inside++;
      held += bytes;
      try {
        return await work();
      } finally {
        inside--;
        held -= bytes;
      }
    },
  };
}

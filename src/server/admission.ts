/** How much work is let in at a time: a flood is told to come back later, and those who are in are answered. */

import { HttpProblem } from './problems.ts';

export interface Admission {
  /** @throws HttpProblem 429 if too many wait already */
  admit<T>(work: () => Promise<T>): Promise<T>;
  readonly inside: number;
}

/** @param most at a time, those that wait for their turn among them */
export function openAdmission(most: number): Admission {
  let inside = 0;
  return {
    get inside() {
      return inside;
    },
    async admit(work) {
      if (inside >= most) {
        throw new HttpProblem(
          429,
          'too-many',
          `${most} requests are being worked on: try again in a few seconds.`,
          {
            'retry-after': '3',
          },
        );
      }
      inside++;
      try {
        return await work();
      } finally {
        inside--;
      }
    },
  };
}

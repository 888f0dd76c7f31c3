/** How many jobs are taken at once: as many as take half a second, so that those who share a queue end together. */

export interface Pace {
  next(): number;
  /** So many more are done. */
  note(done: number): void;
}

const most = 64;

/** @param clock milliseconds; @param least so many are under way at once */
export function openPace(clock: () => number, least: number): Pace {
  let last = clock();
  let perSecond = 0;
  return {
    next: () => Math.min(most, Math.max(least, Math.ceil(perSecond / 2))),
    note(done) {
      const now = clock();
      perSecond = (done * 1000) / Math.max(1, now - last);
      last = now;
    },
  };
}

/** How long the rest of a job takes, from how fast it went lately. */

/** Seconds before anything is said: the first things of a job are often slow, or cached. */
const silence = 2;

/** Seconds that are looked back on at least; a long job is looked back on by a quarter of its time. */
const shortestMemory = 5;

/**
 * The speed is an average whose weights fall off with time, so one slow photo, or a hundred that were cached, moves the
 * estimate by little and soon by nothing.
 *
 * @param now a clock, in milliseconds
 * @returns seconds, once enough is known; what goes backwards begins anew
 */
export function openTimeLeft(now: () => number): (done: number, total: number) => number | undefined {
  let began = now();
  let last = { at: began, done: 0 };
  let [sum, weight] = [0, 0];
  return (done, total) => {
    const at = now();
    if (done < last.done) {
      [began, sum, weight] = [at, 0, 0];
    } else {
      const seconds = (at - last.at) / 1000;
      const memory = Math.max(shortestMemory, (at - began) / 4000);
      const kept = Math.exp(-seconds / memory);
      // Things that came in no time at all count as those that came within `memory` would.
      const share = seconds > 0 ? (1 - kept) / seconds : 1 / memory;
      sum = sum * kept + share * (done - last.done);
      weight = weight * kept + (1 - kept);
    }
    last = { at, done };
    if (at - began < silence * 1000 || sum === 0) return undefined;
    return ((total - done) * weight) / sum;
  };
}

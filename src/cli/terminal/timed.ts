/** Work along a clip, with a bar that shows how fast it goes, and a line at the end that says how fast it was. */

import { performance } from 'node:perf_hooks';
import { clock } from '../../report/words.ts';
import { err, note } from './output.ts';
import { progressBar } from './progress.ts';

export async function timed<T>(
  label: string,
  work: (onProgress: (time: number, until: number | null) => void) => Promise<T>,
): Promise<T> {
  const bar = progressBar(label);
  const began = performance.now();
  let first: number | undefined;
  let last = 0;
  const speed = (): string =>
    `${((last - (first ?? 0)) / ((performance.now() - began) / 1000)).toFixed(1)}× real time`;
  try {
    const result = await work((time, until) => {
      first ??= time;
      last = time;
      const [from, to] = [Math.floor(time - first), Math.ceil((until ?? time) - first)];
      bar.update(Math.min(from, to), Math.max(to, 1), `seconds, ${speed()},`);
    });
    bar.stop();
    const took = (performance.now() - began) / 1000;
    note(err.dim(`${label}: ${clock(last - (first ?? 0))} in ${clock(took)}, ${speed()}`));
    return result;
  } finally {
    bar.stop();
  }
}

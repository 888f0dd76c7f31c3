/** How far a job is, on one line of standard error. */

import { performance } from 'node:perf_hooks';
import { clock } from '../../report/words.ts';
import { columnsOf, cutTo } from './columns.ts';
import { openStatusLine } from './output.ts';
import { openTimeLeft } from './time-left.ts';

export interface Progress {
  update(done: number, total: number, detail?: string): void;
  stop(): void;
}

export interface Standing {
  readonly label: string;
  /** Counted in any unit. */
  readonly done: number;
  readonly total: number;
  /** How a count is shown, such as bytes as megabytes. */
  readonly unit: (value: number) => string;
  readonly detail: string;
  /** Seconds, if it is known. */
  readonly left: number | undefined;
}

/**
 * A bar on standard error, and nothing if that is not a terminal.
 *
 * @param unit how a count is shown, such as bytes as megabytes
 */
export function progressBar(label: string, unit: (value: number) => string = String): Progress {
  const line = openStatusLine();
  if (line === undefined) return { update() {}, stop() {} };
  const timeLeft = openTimeLeft(() => performance.now());
  return {
    update(done, total, detail = '') {
      const left = timeLeft(done, total);
      line.show((columns) => progressLine({ label, done, total, unit, detail, left }, columns));
    },
    stop: () => line.clear(),
  };
}

const longestBar = 24;
const shortestBar = 6;

/** As much as has room in so many columns: without a bar first, then without details, then without the time. */
export function progressLine({ label, done, total, unit, detail, left }: Standing, columns: number): string {
  const count = `${unit(done)}/${unit(total)}`;
  const time = left === undefined ? '' : `${roughly(left)} left`;
  const lines = [
    [label, count, detail, time],
    [label, count, time],
    [label, count],
  ].map((parts) => parts.filter((part) => part !== ''));
  const fitting = lines.find((parts) => columnsOf(parts.join(' ')) <= columns);
  if (fitting === undefined) return cutTo(`${label} ${count}`, columns);
  const room = Math.min(longestBar, columns - columnsOf(fitting.join(' ')) - 1);
  if (room < shortestBar) return fitting.join(' ');
  const full = total > 0 ? Math.round(room * Math.min(1, done / total)) : 0;
  return [label, '='.repeat(full) + '-'.repeat(room - full), ...fitting.slice(1)].join(' ');
}

/** The longer, the rounder: more digits would promise more than is known, and change with every look. */
function roughly(seconds: number): string {
  const step = seconds < 60 ? 1 : seconds < 600 ? 5 : 60;
  return clock(Math.ceil(seconds / step) * step);
}

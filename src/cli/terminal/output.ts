/** The only door to the terminal. Results go to standard output, everything about the work to standard error. */

import { createRequire } from 'node:module';
import pc from 'picocolors';
import { reasonOf } from '../../errors.ts';

// picocolors takes CI for a terminal with colours; a log of results is none.
const forced = process.env['FORCE_COLOR'] !== undefined && process.env['FORCE_COLOR'] !== '0';
const coloursOn = (stream: NodeJS.WriteStream): boolean => pc.isColorSupported && (stream.isTTY || forced);

/** Colours for standard output and for standard error: on a terminal, unless NO_COLOR is set. */
export const out = pc.createColors(coloursOn(process.stdout));
export const err = pc.createColors(coloursOn(process.stderr));

let closed = false;

/** Whether nobody reads the results any more: `whosin identify album | head` closes the pipe early. */
export function isOutputClosed(): boolean {
  return closed;
}

let failed = false;

// Work that leaves a file behind goes on; the rest of the results go nowhere.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A stream may fail once for each write that was under way.
  if (!closed && error.code !== 'EPIPE') {
    failed = true;
    note(`${err.red('error:')} Cannot write the results: ${reasonOf(error)}.`);
  }
  closed = true;
});

// Without a reader of notes the results are still wanted.
process.stderr.on('error', () => {});

/** Waits until all results have left the process. @returns false if some could not be written, which was reported */
export async function resultsAreWritten(): Promise<boolean> {
  if (!closed) await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  return !failed;
}

/** One line of result. */
export function print(text = ''): void {
  clearBar();
  if (!closed) process.stdout.write(`${text}\n`);
}

/** One line about the work: never part of the result. */
export function note(text: string): void {
  clearBar();
  process.stderr.write(`${text}\n`);
}

let barIsShown = false;

/** A line of text takes the place of the bar, which comes back below it. */
function clearBar(): void {
  if (barIsShown) process.stderr.write('\r\u001b[K');
}

export function warnOfCache(reason: string): void {
  note(err.yellow(`Faces are not cached in this run: ${reason}`));
}

export interface Progress {
  update(done: number, total: number, detail?: string): void;
  stop(): void;
}

/**
 * A bar on standard error, and nothing where that is not a terminal.
 *
 * @param unit how a count is shown, such as bytes as megabytes
 */
export function progressBar(label: string, unit: (value: number) => string = String): Progress {
  if (!process.stderr.isTTY) return { update() {}, stop() {} };
  // Loaded only where it is seen: most runs in scripts are short.
  const { SingleBar } = createRequire(import.meta.url)('cli-progress') as typeof import('cli-progress');
  const bar = new SingleBar({
    format: `${label} {bar} {value}/{total} {detail} {eta_formatted} left`,
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
    barsize: 24,
    formatValue: (value, _options, type) =>
      type === 'value' || type === 'total' ? unit(value) : String(value),
  });
  let started = false;
  return {
    update(done, total, detail = '') {
      if (!started) bar.start(total, done, { detail });
      else bar.update(done, { detail });
      started = true;
      barIsShown = true;
    },
    stop() {
      if (started) bar.stop();
      barIsShown = false;
    },
  };
}

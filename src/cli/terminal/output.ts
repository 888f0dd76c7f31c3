/** The only door to the terminal. Results go to standard output, everything about the work to standard error. */

import { performance } from 'node:perf_hooks';
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

/** Waits until all results and notes have left the process. @returns false if some results could not be written, which was reported */
export async function allIsWritten(): Promise<boolean> {
  if (!closed) await written(process.stdout);
  await written(process.stderr);
  return !failed;
}

/** Calls back even if nobody reads the stream any more. */
async function written(stream: NodeJS.WriteStream): Promise<void> {
  await new Promise<void>((resolve) => stream.write('', () => resolve()));
}

/** One line of result. */
export function print(text = ''): void {
  clearStatus();
  if (!closed) process.stdout.write(`${text}\n`);
}

/** One line about the work: never part of the result. */
export function note(text: string): void {
  clearStatus();
  process.stderr.write(`${text}\n`);
}

/** The bottom line that is written again and again: what a job shows of itself while it runs. */
export interface StatusLine {
  /** @param text fits into so many columns */
  show(text: (columns: number) => string): void;
  clear(): void;
}

/** Milliseconds between two looks of a line that nothing else was written over. */
const pause = 100;

const status = { isShown: false, at: 0 };

/**
 * Nothing if standard error is no terminal. The line is written where the cursor is and is never longer than a row,
 * so there is nothing to restore: not the cursor, not its place, not the wrapping of long lines.
 */
export function openStatusLine(): StatusLine | undefined {
  if (!process.stderr.isTTY || process.env['TERM'] === 'dumb') return undefined;
  return {
    show(text) {
      if (status.isShown && performance.now() - status.at < pause) return;
      // The last column stays free: a terminal that is written full goes to the next line.
      process.stderr.write(`\r\u001b[K${text((process.stderr.columns || 80) - 1)}`);
      Object.assign(status, { isShown: true, at: performance.now() });
    },
    clear: clearStatus,
  };
}

/** A line of text takes the place of the status, which comes back below it. */
function clearStatus(): void {
  if (status.isShown) process.stderr.write('\r\u001b[K');
  status.isShown = false;
}

process.on('exit', clearStatus);

let isWarned = false;

/** Once: what keeps one network or one result from being stored keeps the others too. */
export function warnNotKept(reason: string): void {
  if (isWarned) return;
  isWarned = true;
  const remedy = 'WHOSIN_HOME names another folder for them.';
  note(err.yellow(`Compiled networks and results are not stored in this run: ${reason} ${remedy}`));
}

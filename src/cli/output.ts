/** The only door to the terminal. Results go to standard output, everything about the work to standard error. */

import { SingleBar } from 'cli-progress';
import pc from 'picocolors';

// picocolors decides once, for standard output: NO_COLOR, FORCE_COLOR, --no-color and whether it is a terminal.
const plain = pc.createColors(false);

/** Colours for standard output and for standard error, each plain where it is not a terminal. */
export const out = pc;
export const err = process.stderr.isTTY && pc.isColorSupported ? pc.createColors(true) : plain;

/** One line of result. */
export function print(text = ''): void {
  process.stdout.write(`${text}\n`);
}

/** One line about the work: never part of the result. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

export function warnOfCache(reason: string): void {
  note(err.yellow(`Faces are not cached in this run: ${reason}`));
}

export interface Progress {
  update(done: number, total: number, detail?: string): void;
  stop(): void;
}

/** A bar on standard error, and nothing where that is not a terminal. */
export function progressBar(label: string): Progress {
  if (!process.stderr.isTTY) return { update() {}, stop() {} };
  const bar = new SingleBar({
    format: `${label} {bar} {value}/{total} {detail} {eta_formatted} left`,
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
    barsize: 24,
  });
  let started = false;
  return {
    update(done, total, detail = '') {
      if (!started) bar.start(total, done, { detail });
      else bar.update(done, { detail });
      started = true;
    },
    stop() {
      if (started) bar.stop();
    },
  };
}

/** `1 photo`, `2 photos`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** A share as a percentage with one decimal. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/**
 * A probability with two decimals, never rounded up to certainty: 0.9999 prints as >0.99. (Calibration is
 * measured in hundredths, so more digits would promise more than is known.)
 */
export function probability(p: number): string {
  if (p > 0.99) return '>0.99';
  if (p < 0.01) return '<0.01';
  return p.toFixed(2);
}

/** Measured numbers as people read them. */

import type { Estimate, Interval, Share } from '../learn/measure/intervals.ts';

/** `95.2 %  (89.9 to 98.0 %)  119 of 125` */
export function share(s: Share | null, blank = '–'): string {
  if (s === null) return blank;
  return `${percentage(s.value).padStart(7)}  ${range(s).padEnd(18)} ${s.hits} of ${s.of}`;
}

export function range({ low, high }: Interval): string {
  return `(${percentage(low).replace(' %', '')} to ${percentage(high)})`;
}

export function estimate(e: Estimate | null | undefined): string {
  if (!e) return '–';
  const interval = e.interval ? `(${e.interval.low.toFixed(3)} to ${e.interval.high.toFixed(3)})` : '';
  return `${e.value.toFixed(3).padStart(7)}  ${interval.padEnd(18)} ${e.of} answers`;
}

export function tooFew(most: number): string {
  return `too few strangers: ${Math.ceil(1 / most - 1e-9)} are needed`;
}

/** A measured share as a percentage: two decimals near the ends, so that only none is 0 and only all is 100. */
export function percentage(value: number): string {
  if (value === 0 || value === 1) return `${value * 100} %`;
  return `${(value * 100).toFixed(value < 0.01 || value > 0.999 ? 2 : 1)} %`;
}

/** A share that was chosen: 0.1 %, 1 %, 10 %. */
export function level(value: number): string {
  return `${Number((value * 100).toPrecision(4))} %`;
}

/** One range of a file (RFC 9110, 14), as players ask for it. */

import { HttpProblem } from './problems.ts';

export interface ByteRange {
  readonly start: number;
  /** The last byte. */
  readonly end: number;
  readonly partial: boolean;
}

/** The whole file if no range is asked for, or several are. Throws 416 for one beyond the end. */
export function byteRange(header: string | undefined, size: number): ByteRange {
  const whole = { start: 0, end: size - 1, partial: false };
  const [, from, until] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (from === undefined || (from === '' && until === '')) return whole;
  const start = from === '' ? Math.max(0, size - Number(until)) : Number(from);
  const end = from === '' || until === '' ? size - 1 : Math.min(Number(until), size - 1);
  if (start <= end && start < size) return { start, end, partial: true };
  throw new HttpProblem(416, 'usage', `The file has ${size} bytes.`, { 'content-range': `bytes */${size}` });
}

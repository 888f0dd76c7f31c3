/** The beginning of the next page, as clients hand it back: without a meaning to them. */

import { z } from 'zod';
import { HttpProblem } from './problems.ts';

export const nextSchema = z.string().nullable().describe('`cursor` of the next page; null on the last one');

export function cursorOf(position: number | null): string | null {
  if (position === null) return null;
  const text = `1:${position}`;
  return Buffer.from(text).toString('base64url');
}

/** Throws 400 for what no page gave. */
export function positionOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const [, position] = /^1:(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (position !== undefined) return Number(position);
  throw new HttpProblem(400, 'usage', 'This cursor is from nowhere: take `next` of the page before.');
}

/** The next one after a page of `offset` and `length`, of `total`. */
export function nextOf(offset: number, length: number, total: number): string | null {
  return offset + length < total ? cursorOf(offset + length) : null;
}

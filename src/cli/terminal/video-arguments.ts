/** What the commands that look at videos share: which part of one is meant. */

import { InvalidArgumentError } from '@commander-js/extra-typings';
import { WhosinError } from '../../errors.ts';

/** `90`, `1:30`, `0:01:30.5`. */
export function moment(text: string): number {
  const parts = /^(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d+)?)$/.exec(text);
  if (parts === null) throw new InvalidArgumentError('Give a time such as 90, 1:30 or 1:02:30.');
  const [, hours = 0, minutes = 0, seconds] = parts;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

export function refuseVideoRange({ start, end }: { readonly start?: number; readonly end?: number }): void {
  if ((end ?? Number.POSITIVE_INFINITY) > (start ?? 0)) return;
  throw new WhosinError('usage', '--end has to lie after --start.');
}

/** What can be wrong with one video while the next one is fine. */
export const videoFaults = new Set(['not-found', 'not-a-video', 'damaged-video']);

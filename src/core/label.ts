/** A box with a name, as it is drawn over a photo. */

import type { Box } from './geometry.ts';

export type Tone = 'known' | 'unknown';

export interface Label {
  /** In pixels of the image. */
  readonly box: Box<'px'>;
  /** Nothing is written if it is empty. */
  readonly text: string;
  readonly tone: Tone;
}

/** Shows how far a reference is read, which may take minutes, and stops it. */

import { WhosinError } from '../../errors.ts';
import type { ReferenceOptions } from '../../faces/packs/embedder-background.ts';
import { warnNotKept } from '../terminal/output.ts';
import type { Progress } from '../terminal/progress.ts';

export function referenceProgress(
  signal: AbortSignal,
  bar: Progress,
): Pick<ReferenceOptions, 'onPhoto' | 'onCacheFailure'> {
  return {
    onPhoto(done, total) {
      if (signal.aborted) {
        throw new WhosinError(
          'cancelled',
          'Stopped. The same command goes on from here: fetched files and read photos are stored.',
        );
      }
      bar.update(done, total ?? done);
    },
    onCacheFailure: warnNotKept,
  };
}

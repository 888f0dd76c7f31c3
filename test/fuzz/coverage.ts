/** Which parts of whosin's code have run in this thread, as V8 counts them. */

import { type Profiler, Session } from 'node:inspector';

export interface Coverage {
  /** Whether code has run since the last look that had not run before it. */
  hasGrown(): boolean;
  /** Takes back what the last look added: its inputs are read again one by one. */
  forgetLast(): void;
  /** How many pieces of code have run. */
  count(): number;
  close(): void;
}

/** @param isOwn whether a file counts, by its address */
export function openCoverage(isOwn: (url: string) => boolean): Coverage {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const known = new Set<string>();
  let last: string[] = [];
  return {
    hasGrown() {
      last = [];
      // In a thread of its own a session answers at once.
      session.post('Profiler.takePreciseCoverage', (_error, { result }) => {
        last = result
          .filter(({ url }) => isOwn(url))
          .flatMap(piecesOf)
          .filter((piece) => !known.has(piece));
      });
      for (const piece of last) known.add(piece);
      return last.length > 0;
    },
    forgetLast() {
      for (const piece of last) known.delete(piece);
    },
    count: () => known.size,
    close: () => session.disconnect(),
  };
}

/** Blocks that have run. */
function piecesOf({ scriptId, functions }: Profiler.ScriptCoverage): string[] {
  return functions.flatMap(({ ranges }) =>
    ranges
      .filter(({ count }) => count > 0)
      .map(({ startOffset, endOffset }) => `${scriptId}:${startOffset}-${endOffset}`),
  );
}

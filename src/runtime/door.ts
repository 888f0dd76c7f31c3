/** Everything that can be closed has a door: closing waits for the work that went in, and none goes in afterwards. */

import { WhosinError } from '../errors.ts';

export interface Door {
  /** Throws WhosinError `usage` where it was closed. */
  readonly requireOpen: () => void;
  /** Does work behind the door; throws as `requireOpen`. */
  readonly enter: <T>(work: () => Promise<T>) => Promise<T>;
  /** Shuts the door, waits until nobody is inside and frees what is behind it, once however often it is called. */
  readonly close: (free: () => Promise<void>) => Promise<void>;
}

export function openDoor(): Door {
  const inside = new Set<Promise<unknown>>();
  let closed: Promise<void> | undefined;
  const requireOpen = (): void => {
    if (closed === undefined) return;
    throw new WhosinError('usage', 'whosin was closed, and answers no more: close it when all is done.');
  };
  return {
    requireOpen,
    async enter(work) {
      requireOpen();
      const under = work();
      inside.add(under);
      try {
        return await under;
      } finally {
        inside.delete(under);
      }
    },
    close(free) {
      closed ??= Promise.allSettled(inside).then(free);
      return closed;
    },
  };
}

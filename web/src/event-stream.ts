/** Events of the server, taken up again after whatever ends them. Runs in a page, or in the worker that all pages share. */

import type { Job } from './api.ts';

export type StreamMessage =
  /** From now on nothing is missed; what happened before, nobody told of. */
  | { readonly name: 'open' }
  | { readonly name: 'job'; readonly data: Job }
  | { readonly name: 'said' }
  /** The server let nobody listen: it is asked again later. */
  | { readonly name: 'refused' };

export interface EventStream {
  readonly isOpen: boolean;
  /** Asks again at once if the server refused. */
  retry(): void;
  close(): void;
}

/** Milliseconds until a refusal is followed by the next try: twice as long each time. */
const [shortest, longest] = [2000, 60_000];

export function openStream(tell: (message: StreamMessage) => void): EventStream {
  let events: EventSource;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let wait = shortest;

  const open = (): void => {
    clearTimeout(waiting);
    waiting = undefined;
    events = new EventSource('/api/v1/events');
    events.addEventListener('open', () => {
      wait = shortest;
      tell({ name: 'open' });
    });
    events.addEventListener('job', ({ data }) => tell({ name: 'job', data: JSON.parse(data) as Job }));
    events.addEventListener('said', () => tell({ name: 'said' }));
    events.addEventListener('error', () => {
      // A browser comes back by itself after a lost connection, and never after a refusal (HTML standard, 9.2.3).
      if (events.readyState !== EventSource.CLOSED) return;
      waiting = setTimeout(open, wait);
      wait = Math.min(2 * wait, longest);
      tell({ name: 'refused' });
    });
  };
  open();
  return {
    get isOpen() {
      return events.readyState === EventSource.OPEN;
    },
    retry() {
      if (waiting !== undefined) open();
    },
    close() {
      clearTimeout(waiting);
      events.close();
    },
  };
}

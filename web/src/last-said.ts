/** The thing that undo takes back, in words, before it does. */

import { answered, client } from './api.ts';
import { useLoaded } from './load.ts';
import { me } from './me.ts';
import { message, takenBack } from './said.ts';
import { inWords } from './said-words.ts';

export interface Undoable {
  readonly text: string;
  /** The numbers to take it back by. */
  readonly said: readonly number[];
}

/** What was just said on this page, else the last entry of the log that counts. */
export function useUndoable(): Undoable | undefined {
  const { answer } = useLoaded(
    () => answered(client.GET('/api/v1/said', { params: { query: { limit: 20 } } })),
    'undoable',
  );
  const current = message.value;
  if (current && current.said.length > 0) return current;
  const last = answer?.said.find(
    ({ kind, undone, number, who }) =>
      kind !== 'undo' && !undone && who === me.value.name && !takenBack.value.has(number),
  );
  return last && { text: inWords(last), said: [last.number] };
}

/** Answers that a screen reads from the server: shown as it was until the new answer is there. */

import { useEffect, useState } from 'preact/hooks';
import { revision } from './changes.ts';

export interface Loaded<T> {
  readonly answer: T | undefined;
  readonly error: Error | undefined;
}

/** @param key when it changes, or the album does, `read` is asked again */
export function useLoaded<T>(read: () => Promise<T>, key: string): Loaded<T> {
  const [state, setState] = useState<Loaded<T> & { readonly key: string }>({
    answer: undefined,
    error: undefined,
    key,
  });
  const turn = revision.value;
  useEffect(() => {
    let isOver = false;
    read().then(
      (answer) => isOver || setState({ answer, error: undefined, key }),
      (error: unknown) => isOver || setState((old) => ({ ...old, error: error as Error, key })),
    );
    return () => {
      isOver = true;
    };
  }, [key, turn]);
  return state.key === key ? state : { answer: undefined, error: undefined };
}

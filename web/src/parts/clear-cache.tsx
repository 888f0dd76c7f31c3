/** Clears a part of the cache, after a question. */

import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { answered, client } from '../api.ts';
import { revision } from '../changes.ts';
import { tell, told } from '../said.ts';
import { count, fileSize } from '../words.ts';

export function ClearCache(props: {
  readonly what: 'photos' | 'networks';
  readonly name: string;
  readonly isEmpty: boolean;
}) {
  const { what, name, isEmpty } = props;
  const [isAsked, setAsked] = useState(false);
  const confirm = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => confirm.current?.focus(), [isAsked]);
  const clear = async (): Promise<void> => {
    setAsked(false);
    try {
      const { files, bytes } = await answered(
        client.DELETE('/api/v1/cache/{what}', { params: { path: { what } } }),
      );
      tell(`Cleared: ${count(files, 'file')}, ${fileSize(bytes)}.`);
      revision.value++;
    } catch (error) {
      told(error);
    }
  };
  if (!isAsked) {
    return (
      <button type="button" disabled={isEmpty} aria-label={`Clear: ${name}`} onClick={() => setAsked(true)}>
        Clear
      </button>
    );
  }
  return (
    <div class="asked" role="alertdialog" aria-label={`Clear: ${name}?`}>
      <span>It costs time only.</span>
      <button ref={confirm} type="button" class="first" onClick={() => void clear()}>
        Clear it
      </button>
      <button type="button" class="plain" onClick={() => setAsked(false)}>
        Cancel
      </button>
    </div>
  );
}

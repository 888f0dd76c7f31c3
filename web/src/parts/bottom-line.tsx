/** The line at the bottom: what was just done, and undo. */

import { useLayoutEffect } from 'preact/hooks';
import { route } from '../route.ts';
import { message, takeBack } from '../said.ts';

export function BottomLine() {
  const current = message.value;
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isUndo = event.key.toLowerCase() === 'z' && (event.ctrlKey || event.metaKey) && !event.shiftKey;
      // A field takes back its own letters; the screen of questions takes back by itself.
      if (!isUndo || event.target instanceof HTMLInputElement || route.value.pathname === '/questions')
        return;
      event.preventDefault();
      void takeBack();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return (
    <div class="bottom-line" role="status" aria-live="polite">
      {current && (
        <p class={current.tone}>
          <span>{current.text}</span>
          {current.said.length > 0 && (
            <button
              type="button"
              aria-label={`Undo: ${current.text}`}
              title={`Undo: ${current.text}`}
              onClick={() => void takeBack()}
            >
              Undo
            </button>
          )}
        </p>
      )}
    </div>
  );
}

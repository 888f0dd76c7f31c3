/** The line at the bottom: what was just done, and undo. */

import { message, takeBack } from '../said.ts';

export function BottomLine() {
  const current = message.value;
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

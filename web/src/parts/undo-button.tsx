/** Undo in the bar of screens, once the message that offers it has gone: it names what it takes back. */

import { useUndoable } from '../last-said.ts';
import { message, takeBack } from '../said.ts';

export function UndoButton() {
  const undoable = useUndoable();
  const isOffered = (message.value?.said.length ?? 0) > 0;
  if (!undoable || isOffered) return null;
  const text = `Undo: ${undoable.text}`;
  return (
    <button
      type="button"
      class="plain undo-last"
      aria-label={text}
      title={`${text} (Ctrl Z)`}
      onClick={() => void takeBack(undoable.said)}
    >
      <span aria-hidden="true">↶</span>
    </button>
  );
}

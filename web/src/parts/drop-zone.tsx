/** A place to drop files and folders onto, which shows when they are above it. */

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

export function DropZone(props: {
  readonly onDropped: (files: DataTransfer) => void;
  readonly children: ComponentChildren;
}) {
  const { onDropped, children } = props;
  const [isOver, setOver] = useState(false);
  return (
    <div
      class={`drop-zone ${isOver ? 'over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        if (event.dataTransfer) onDropped(event.dataTransfer);
      }}
    >
      {children}
    </div>
  );
}

/** A box over a picture that somebody draws, moves and resizes: with a pointer, a finger or the arrow keys. */

import { useRef } from 'preact/hooks';
import type { Box } from '../api.ts';
import { percent } from '../words.ts';

const corners = ['nw', 'ne', 'sw', 'se'] as const;
type Grip = (typeof corners)[number] | 'inside' | 'new';

/** Parts of the picture: no face is smaller, and a key moves so far. */
const least = 0.01;
const step = 0.005;

interface Drag {
  readonly grip: Grip;
  readonly from: Box;
  readonly x: number;
  readonly y: number;
}

export function BoxEditor({ box, onChange }: { readonly box: Box; readonly onChange: (box: Box) => void }) {
  const area = useRef<HTMLDivElement>(null);
  const drag = useRef<Drag>();
  const at = ({ clientX, clientY }: PointerEvent): { readonly x: number; readonly y: number } => {
    const { left, top, width, height } = area.current!.getBoundingClientRect();
    return { x: (clientX - left) / width, y: (clientY - top) / height };
  };
  const begin = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const { dataset } = event.target as HTMLElement;
    area.current!.setPointerCapture(event.pointerId);
    drag.current = { grip: (dataset['grip'] as Grip | undefined) ?? 'new', from: box, ...at(event) };
  };
  const move = (event: PointerEvent): void => {
    if (drag.current) onChange(dragged(drag.current, at(event)));
  };
  const end = (): void => {
    drag.current = undefined;
  };
  const onKey = (event: KeyboardEvent): void => {
    const [x, y] = arrows[event.key] ?? [0, 0];
    if (x === 0 && y === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const far = event.ctrlKey || event.metaKey ? 10 * step : step;
    onChange(
      event.shiftKey
        ? fitted({ ...box, width: box.width + x * far, height: box.height + y * far })
        : shifted(box, x * far, y * far),
    );
  };
  return (
    <div
      ref={area}
      class="box-editor"
      onPointerDown={begin}
      onPointerMove={move}
      onPointerUp={end}
      onPointerCancel={end}
    >
      <button
        type="button"
        class="edited"
        data-grip="inside"
        style={placeOf(box)}
        aria-label={`The box of the face: ${percent(box.left)} from the left, ${percent(box.top)} from above, ${percent(box.width)} wide, ${percent(box.height)} high. Arrow keys move it; with Shift they change its size.`}
        onKeyDown={onKey}
        ref={(button) => {
          if (button && document.activeElement === document.body) button.focus({ preventScroll: true });
        }}
      >
        {corners.map((corner) => (
          <span key={corner} class={`grip ${corner}`} data-grip={corner} />
        ))}
      </button>
    </div>
  );
}

export function placeOf({ left, top, width, height }: Box): Record<string, string> {
  return {
    left: `${left * 100}%`,
    top: `${top * 100}%`,
    width: `${width * 100}%`,
    height: `${height * 100}%`,
  };
}

const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

function dragged({ grip, from, x, y }: Drag, to: { readonly x: number; readonly y: number }): Box {
  if (grip === 'inside') return shifted(from, to.x - x, to.y - y);
  if (grip === 'new') return between(x, y, to.x, to.y);
  const [right, bottom] = [from.left + from.width, from.top + from.height];
  // The opposite corner stays.
  return between(
    grip.endsWith('w') ? right : from.left,
    grip.startsWith('n') ? bottom : from.top,
    to.x,
    to.y,
  );
}

function between(x: number, y: number, x2: number, y2: number): Box {
  const [left, top] = [Math.min(x, x2), Math.min(y, y2)];
  return fitted({ left, top, width: Math.abs(x2 - x), height: Math.abs(y2 - y) });
}

function shifted(box: Box, x: number, y: number): Box {
  const inside = (value: number, size: number): number => Math.min(Math.max(value, 0), 1 - size);
  return { ...box, left: inside(box.left + x, box.width), top: inside(box.top + y, box.height) };
}

/** Within the picture. */
function fitted({ left, top, width, height }: Box): Box {
  const [l, t] = [Math.min(Math.max(left, 0), 1 - least), Math.min(Math.max(top, 0), 1 - least)];
  return {
    left: l,
    top: t,
    width: Math.min(Math.max(least, left + width - l), 1 - l),
    height: Math.min(Math.max(least, top + height - t), 1 - t),
  };
}

/** A grid of equal cells of which only those that can be seen exist: it holds a hundred thousand. */

import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

/** Rows above and below what can be seen. */
const ahead = 3;
const gap = 6;

function cellsOf(width: number, least: number): { readonly columns: number; readonly side: number } {
  const columns = Math.max(1, Math.floor((width + gap) / (least + gap)));
  return { columns, side: width === 0 ? least : (width - gap * (columns - 1)) / columns };
}

export function VirtualGrid(props: {
  readonly total: number;
  /** Pixels; a cell is at least so wide. */
  readonly least: number;
  readonly cell: (index: number) => ComponentChildren;
  /** Told which cells exist. */
  readonly onRange: (from: number, until: number) => void;
}) {
  const { total, least, cell, onRange } = props;
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  // Drawn anew for each row that comes, and not for each pixel.
  const [{ top, seen }, setView] = useState({ top: 0, seen: 8 });

  useLayoutEffect(() => {
    const measure = (): void => {
      const { top: above, width: wide } = box.current!.getBoundingClientRect();
      setWidth(wide);
      const row = cellsOf(wide, least).side + gap;
      const now = { top: Math.floor(Math.max(0, -above) / row), seen: Math.ceil(innerHeight / row) + 1 };
      setView((old) => (old.top === now.top && old.seen === now.seen ? old : now));
    };
    measure();
    let frame = 0;
    const onScroll = (): void => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(measure);
    };
    addEventListener('scroll', onScroll, { passive: true });
    const watching = new ResizeObserver(onScroll);
    watching.observe(box.current!);
    return () => {
      removeEventListener('scroll', onScroll);
      watching.disconnect();
    };
  }, []);

  const { columns, side } = cellsOf(width, least);
  const rows = Math.ceil(total / columns);
  const first = Math.max(0, top - ahead);
  const last = Math.min(rows, top + seen + ahead);
  const from = first * columns;
  const until = Math.min(total, last * columns);
  useEffect(() => onRange(from, until), [from, until, total]);

  return (
    <div ref={box} class="virtual" style={`height:${rows * (side + gap)}px`}>
      {width > 0 &&
        Array.from({ length: Math.max(0, until - from) }, (_, i) => {
          const index = from + i;
          const place = {
            width: side,
            height: side,
            transform: `translate(${(index % columns) * (side + gap)}px, ${Math.floor(index / columns) * (side + gap)}px)`,
          };
          return (
            <div key={index} class="cell" style={place}>
              {cell(index)}
            </div>
          );
        })}
    </div>
  );
}

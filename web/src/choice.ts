/** The faces that are chosen on a screen: by pointer, by range, and by keyboard. */

import { useLayoutEffect, useState } from 'preact/hooks';
import type { AlbumFace } from './api.ts';

type Chosen = ReadonlySet<string>;

/** @param key of the screen: when it changes, nothing is chosen any more. Faces that are gone are not chosen either */
export function useChoice(faces: readonly AlbumFace[], key: string) {
  const [picked, setChosen] = useState<Chosen>(new Set());
  /** Ranges begin at the tile that was chosen last. */
  const [last, setLast] = useState(0);
  useLayoutEffect(() => setChosen(new Set()), [key]);
  // An album that is read meanwhile changes all the time: who is choosing goes on.
  const chosen: Chosen = new Set(faces.flatMap(({ face }) => (picked.has(face) ? face : [])));

  const none = (): void => setChosen(new Set());
  const all = (): void => setChosen(new Set(faces.map(({ face }) => face)));
  const others = (): void => setChosen(new Set(faces.flatMap(({ face }) => (chosen.has(face) ? [] : face))));
  const range = (to: number, adds: boolean): void => {
    const next = new Set(chosen);
    for (const { face } of faces.slice(Math.min(to, last), Math.max(to, last) + 1)) {
      if (adds) next.add(face);
      else next.delete(face);
    }
    setChosen(next);
  };
  const choose = (at: number, isRange: boolean): void => {
    const adds = !chosen.has(faces[at]!.face);
    if (isRange) range(at, adds);
    else {
      const next = new Set(chosen);
      if (adds) next.add(faces[at]!.face);
      else next.delete(faces[at]!.face);
      setChosen(next);
    }
    setLast(at);
  };

  /** Arrow keys go from tile to tile; with Shift they choose those between. */
  const onArrow = (event: KeyboardEvent): void => {
    const tiles = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('.tile')];
    const at = tiles.indexOf(document.activeElement as HTMLElement);
    const to = at < 0 ? undefined : tileBeside(tiles, at, event.key);
    if (to === undefined) return;
    event.preventDefault();
    tiles[to]!.focus();
    if (event.shiftKey) range(to, true);
    else setLast(to);
  };

  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.target instanceof HTMLInputElement) return;
      const isA = event.key.toLowerCase() === 'a';
      const isCommand = event.ctrlKey || event.metaKey;
      if (event.key === 'Escape') none();
      else if (isA && isCommand) all();
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [faces]);
  return { chosen, choose, all, others, none, onArrow };
}

/** The tile that an arrow key leads to; undefined where there is none. */
function tileBeside(tiles: readonly HTMLElement[], at: number, key: string): number | undefined {
  const top = tiles[0]!.offsetTop;
  const columns = tiles.findIndex((tile) => tile.offsetTop !== top);
  const row = columns < 0 ? tiles.length : columns;
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -row,
    ArrowDown: row,
  };
  const to = at + (steps[key] ?? 0);
  return to !== at && to >= 0 && to < tiles.length ? to : undefined;
}

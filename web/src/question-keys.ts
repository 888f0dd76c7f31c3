/** The keys that answer questions: two mappings, each for one hand alone, without a key that is held down. */

import { signal } from '@preact/signals';

export type Act = 'yes' | 'no' | 'name' | 'not-sure' | 'stranger' | 'not-a-face' | 'undo' | 'help';

export type Mapping = 'usual' | 'left';

/** As they are printed on the keys. */
export const keysOf: Readonly<Record<Mapping, Readonly<Record<Act, string>>>> = {
  usual: {
    yes: 'Enter',
    no: 'N',
    name: '/',
    'not-sure': 'U',
    stranger: 'S',
    'not-a-face': 'X',
    undo: 'Z',
    help: '?',
  },
  /** Around F, where a left hand lies. */
  left: {
    yes: 'F',
    no: 'D',
    name: 'E',
    'not-sure': 'S',
    stranger: 'W',
    'not-a-face': 'A',
    undo: 'Z',
    help: 'Q',
  },
};

const place = 'whosin-keys';

export const mapping = signal<Mapping>(localStorage.getItem(place) === 'left' ? 'left' : 'usual');

export function chooseMapping(chosen: Mapping): void {
  mapping.value = chosen;
  localStorage.setItem(place, chosen);
}

/** Undefined for a key of something else: of a field, of a button that is in focus, or of the browser. */
export function actOf(event: KeyboardEvent): Act | undefined {
  const { key, target } = event;
  if (target instanceof HTMLInputElement || event.altKey) return undefined;
  const isHeld = event.ctrlKey || event.metaKey;
  // It takes back in every program.
  if (isHeld) return key.toLowerCase() === 'z' && !event.shiftKey ? 'undo' : undefined;
  if (key === 'Enter' && target instanceof HTMLElement && target.closest('button, a, summary'))
    return undefined;
  if (key === '?') return 'help';
  const acts = Object.entries(keysOf[mapping.value]) as [Act, string][];
  return acts.find(([, printed]) => printed.toLowerCase() === key.toLowerCase())?.[0];
}

/** What became of long work, in a sentence. */

import type { Job } from './api.ts';
import { tell } from './said.ts';
import { count } from './words.ts';

/** As docs/JSON.md has the answer of `album add`. */
interface Added {
  readonly photos: number;
  readonly faces: number;
  readonly failed: readonly { readonly message: string }[];
}

export function tellOfEnd({ kind, state, error, result }: Job): void {
  if (state === 'failed') return tell(error?.detail ?? 'The work failed.', [], 'failed');
  if (kind !== 'add' || state !== 'done') return;
  const { photos, faces, failed } = result as unknown as Added;
  const text = `Read: ${count(photos, 'new photo')}, ${count(faces, 'face')}.`;
  const [first] = failed;
  if (first === undefined) return tell(text);
  const more = failed.length > 1 ? ` (and ${failed.length - 1} more)` : '';
  tell(`${text} Could not be read: ${first.message}${more}`, [], 'failed');
}

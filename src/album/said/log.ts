/** RECIPE: what was said, the newest first. */

import type { SaidKind, SaidSource } from '../../catalog/said.ts';
import type { AlbumContext } from '../context.ts';

export interface LogEntry {
  /** The number to take it back by. */
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly who: string;
  readonly source: SaidSource;
  readonly kind: SaidKind;
  /** As the person was called when it was said. */
  readonly person: string | null;
  /** For `merge`: as the other person is called now. */
  readonly into: string | null;
  /** For `born` and `died`; empty: it is not known. */
  readonly date: string | null;
  readonly faces: number;
  readonly photos: number;
  /** For `undo`: the number of what was taken back. */
  readonly undoes: number | null;
  readonly undone: boolean;
}

export interface LogOptions {
  readonly limit?: number;
  /** Before this number. */
  readonly before?: number;
}

export async function saidLog(
  { catalog }: AlbumContext,
  { limit = 20, before }: LogOptions = {},
): Promise<readonly LogEntry[]> {
  return catalog.read(async ({ said, people }) => {
    const names = new Map((await people.all()).map(({ uid, shown }) => [uid, shown]));
    const entries: LogEntry[] = [];
    for (const entry of await said.newest(limit, before)) {
      const undoes = entry.undoes === undefined ? undefined : await said.byUid(entry.undoes);
      const { id, at, who, source, kind, person, other, date = null, faces, undone } = entry;
      entries.push({
        number: id,
        at,
        who,
        source,
        kind,
        person: (kind === 'merge' ? names.get(person!.uid) : person?.name) ?? null,
        into: other === undefined ? null : (names.get(other) ?? null),
        date,
        // The second place of a corrected box is the same face.
        faces: faces.filter(({ box, part }) => box !== null && !(kind === 'box' && part === 1)).length,
        photos: new Set(faces.map(({ sha256 }) => sha256)).size,
        undoes: undoes?.id ?? null,
        undone,
      });
    }
    return entries;
  });
}

/** The verdict that follows from everything said about a face. */

import type { Mention } from '../../catalog/mentions-table.ts';
import type { SaidKind, SaidSource } from '../../catalog/said.ts';

export interface Verdict {
  /** Who it is. */
  readonly person: number | null;
  readonly dismissed: 'stranger' | 'not-a-face' | null;
  /** Who it is not. */
  readonly rejected: ReadonlySet<number>;
  /** Somebody was asked and was not sure. */
  readonly unsure: boolean;
  /** Anything that counts tells that there is a face. */
  readonly spoken: boolean;
}

/** The kinds of entries that tell how a face is shown, and nothing of who it is. */
export const aboutLooks: ReadonlySet<SaidKind> = new Set<SaidKind>(['box', 'cover']);

/** A person's answer goes before names in files, whichever came first. */
const rank: Readonly<Record<SaidSource, number>> = { folder: 0, xmp: 1, api: 2, person: 2 };

/**
 * The later entry goes before the earlier one.
 *
 * @param mentions of one face, the oldest first
 * @param personOf the person whom a uid means now, those that were merged into another one too
 */
export function verdictOf(
  mentions: readonly Mention[],
  personOf: (uid: string) => number | undefined,
): Verdict {
  let person: number | null = null;
  let dismissed: Verdict['dismissed'] = null;
  let unsure = false;
  const rejected = new Set<number>();
  for (const { kind, part, person: uid } of mentions.toSorted((a, b) => rank[a.source] - rank[b.source])) {
    const about = uid === null ? undefined : personOf(uid);
    if (kind === 'is' && about !== undefined) {
      [person, dismissed, unsure] = [about, null, false];
      rejected.delete(about);
    } else if (kind === 'is-not' && about !== undefined) {
      rejected.add(about);
      if (person === about) person = null;
    } else if (kind === 'not-a-face' || kind === 'stranger') {
      [person, dismissed] = [null, kind];
    } else if (kind === 'not-sure') {
      unsure = true;
    } else if (kind === 'split' && about === undefined) {
      // The first seed stays who it is; the others were named together with it, and they are several people.
      if (part !== 1) person = null;
    } else if (kind === 'split' && about !== undefined) {
      if (part === 1) {
        [person, dismissed, unsure] = [about, null, false];
        rejected.delete(about);
      } else {
        if (person === about) person = null;
        if (part > 1) rejected.add(about);
      }
    }
  }
  const spoken = mentions.some(({ kind }) => !aboutLooks.has(kind));
  return { person, dismissed, rejected, unsure, spoken };
}

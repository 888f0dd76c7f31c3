/**
 * The state of a set follows from its journal and from the files on the disk. If the two differ, a person has moved a
 * file, and a decision of a person is not touched again.
 */

import type { Entry, MovedEntry, PhotoEntry, Reason, Untimed } from './journal.ts';
import type { LyingFile } from './set-files.ts';

export interface SetPhoto {
  readonly name: string;
  readonly sha256: string;
  /** Relative to the set; null if a person deleted the file. */
  readonly path: string | null;
  /** Null if it is part of the set. */
  readonly reason: Reason | null;
  readonly why?: string;
  /** A person put it where it is: it stays there. */
  readonly fixed: boolean;
  /** Nothing is known of photos that a person put into the set. */
  readonly provenance?: PhotoEntry;
}

export interface SetState {
  /** By `keyOf`. */
  readonly photos: Map<string, SetPhoto>;
  /** Addresses that were fetched or given up, each with the keys of what came of it; by name and by address. */
  readonly addresses: Map<string, Set<string>>;
  /** Addresses that gave no photo. */
  readonly failed: Set<string>;
  /** Whether a run was cut short while it moved files. */
  readonly judging: boolean;
}

export function keyOf(name: string, sha256: string): string {
  return `${name}/${sha256}`;
}

/** Reads the state off the journal, line after line. */
export function replay(entries: readonly Entry[]): SetState {
  const photos = new Map<string, SetPhoto>();
  const addresses = new Map<string, Set<string>>();
  const failed = new Set<string>();
  let judging = false;
  for (const entry of entries) {
    if (entry.event === 'photo' || entry.event === 'copy' || entry.event === 'failed') {
      const names = addresses.get(entry.address) ?? new Set();
      addresses.set(entry.address, names.add(entry.name));
    }
    if (entry.event === 'failed') failed.add(entry.address);
    if (entry.event === 'photo') photos.set(keyOf(entry.name, entry.sha256), photoOf(entry));
    if (entry.event === 'moved') applyMove(photos, entry);
    if (entry.event === 'judging') judging = true;
    if (entry.event === 'round' || entry.event === 'end') judging = false;
  }
  return { photos, addresses, failed, judging };
}

export function photoOf(entry: PhotoEntry): SetPhoto {
  const { name, sha256, path, reason, why } = entry;
  return { name, sha256, path, reason, fixed: false, provenance: entry, ...(why !== undefined && { why }) };
}

/** A photo that a person moved to another name's folder is that name's from then on. */
export function applyMove(photos: Map<string, SetPhoto>, entry: Omit<MovedEntry, 'time'>): void {
  const { name, sha256, from, path, reason, why, by } = entry;
  const old = [...photos].find(([, photo]) => photo.sha256 === sha256 && photo.path === from);
  if (old) photos.delete(old[0]);
  const provenance = old?.[1].provenance;
  photos.set(keyOf(name, sha256), {
    name,
    sha256,
    path,
    reason,
    fixed: by === 'person',
    ...(why !== undefined && { why }),
    ...(provenance && { provenance }),
  });
}

/**
 * Compares with the disk. Photos that nobody fetched are the person's own and join the set where they lie.
 *
 * @returns the moves that a person made since
 */
export function reconcile(photos: Map<string, SetPhoto>, lying: readonly LyingFile[]): Untimed<MovedEntry>[] {
  const unclaimed = new Map(lying.map((file) => [file.path, file]));
  const displaced: (SetPhoto & { readonly path: string })[] = [];
  for (const { path, ...photo } of photos.values()) {
    if (path === null) continue;
    if (unclaimed.get(path)?.sha256 === photo.sha256) unclaimed.delete(path);
    else displaced.push({ ...photo, path });
  }
  const moves = displaced.map(({ name, sha256, path: from, reason }): Untimed<MovedEntry> => {
    const candidates = [...unclaimed.values()].filter((file) => file.sha256 === sha256);
    const there = candidates.find((file) => file.name === name) ?? candidates[0];
    if (there) unclaimed.delete(there.path);
    const to = there ?? { name, path: null, reason: reason ?? 'removed' };
    return { event: 'moved', name: to.name, sha256, from, path: to.path, reason: to.reason, by: 'person' };
  });
  for (const move of moves) applyMove(photos, move);
  for (const { path, name, reason, sha256 } of unclaimed.values()) {
    const key = keyOf(name, sha256);
    // A second copy of a photo that is in its place is left alone.
    if ((photos.get(key)?.path ?? null) === null)
      photos.set(key, { name, sha256, path, reason, fixed: true });
  }
  return moves;
}

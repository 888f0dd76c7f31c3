/** A plain account of what was said to an album, kept beside it: what counts, and what that comes to. */

/** A face, whatever its row is: the photo's content, and which one it is from the left. */
export type FaceName = string;

/** One entry as the second account has it. */
export interface Account {
  /** The album's number. */
  readonly number: number;
  readonly kind: string;
  readonly parts: readonly (readonly FaceName[])[];
  /** Names the person for ever; nobody else was ever called so. */
  readonly person?: string;
  /** As the person was shown then. */
  readonly shown?: string;
  readonly into?: string;
  /** For `undo`. */
  readonly undoes?: number;
}

export function isUndone(account: readonly Account[], entry: Account): boolean {
  return account.some((other) => other.undoes === entry.number && !isUndone(account, other));
}

/** @returns the person whom somebody is now */
export function mergedInto(entries: readonly Account[], person: string): string {
  const merged = new Map<string, string>();
  const end = (of: string): string => {
    let at = of;
    for (let next = merged.get(at); next !== undefined; next = merged.get(at)) at = next;
    return at;
  };
  for (const { kind, person: from, into } of entries) {
    if (kind === 'merge' && end(into!) !== end(from!)) merged.set(end(from!), end(into!));
  }
  return end(person);
}

/** @returns the name that the person is shown by */
export function renamed(entries: readonly Account[], person: string): string {
  const end = mergedInto(entries, person);
  const last = entries.findLast(({ kind, person: of }) => kind === 'rename' && of === end);
  // Else the name that was used first, as far as that counts.
  const first = entries.find(
    ({ person: of, into, shown }) => (of === end || into === end) && shown !== undefined,
  );
  return last?.into ?? first?.shown ?? end;
}

export interface AccountVerdict {
  readonly person: string | undefined;
  readonly dismissed: string | undefined;
  readonly rejected: ReadonlySet<string>;
  readonly unsure: boolean;
}

/** @returns what counts about a face, told from the first word to the last */
export function verdict(entries: readonly Account[], face: FaceName): AccountVerdict {
  let person: string | undefined;
  let dismissed: string | undefined;
  let unsure = false;
  const rejected = new Set<string>();
  for (const { kind, parts, person: named } of entries) {
    const part = parts.findIndex((own) => own.includes(face));
    if (part < 0) continue;
    const about = named === undefined ? undefined : mergedInto(entries, named);
    if (kind === 'is') {
      person = about;
      dismissed = undefined;
      unsure = false;
      rejected.delete(about!);
    }
    if (kind === 'is-not') {
      rejected.add(about!);
      if (person === about) person = undefined;
    }
    if (kind === 'stranger' || kind === 'not-a-face') {
      dismissed = kind;
      person = undefined;
    }
    if (kind === 'not-sure') unsure = true;
    if (kind === 'split' && part === 1) {
      person = about;
      dismissed = undefined;
      unsure = false;
      rejected.delete(about!);
    }
    if (kind === 'split' && part !== 1 && person === about) person = undefined;
    if (kind === 'split' && part > 1) rejected.add(about!);
  }
  return { person, dismissed, rejected, unsure };
}

/** Everything that counts about all faces: also what follows from who is the same person, and who is not. */
export function verdicts(
  entries: readonly Account[],
  faces: readonly FaceName[],
): ReadonlyMap<FaceName, AccountVerdict> {
  const all = new Map(faces.map((face) => [face, verdict(entries, face)]));
  const sets = faces.map((face) => new Set([face]));
  const setOf = (face: FaceName): Set<FaceName> => sets.find((set) => set.has(face))!;
  const nameOf = (set: ReadonlySet<FaceName>): string | undefined =>
    [...set].map((face) => all.get(face)!.person).find((person) => person !== undefined);
  for (const [i, { kind, parts }] of [...entries.entries()].toReversed()) {
    if (kind !== 'same') continue;
    const later = entries
      .slice(i + 1)
      .filter((entry) => entry.kind === 'different' || entry.kind === 'split');
    const place = (face: FaceName): string =>
      JSON.stringify(later.map((entry) => entry.parts.findIndex((own) => own.includes(face))));
    const [a, b] = parts.flat();
    if (!all.has(a!) || !all.has(b!) || place(a!) !== place(b!)) continue;
    const [one, other] = [setOf(a!), setOf(b!)];
    const names = new Set([nameOf(one), nameOf(other)].filter((name) => name !== undefined));
    if (one === other || names.size > 1) continue;
    for (const face of other) one.add(face);
    other.clear();
  }
  for (const set of sets) {
    const person = nameOf(set);
    for (const face of set) {
      const own = all.get(face)!;
      if (person === undefined || own.person !== undefined || own.dismissed !== undefined) continue;
      if (!own.rejected.has(person)) all.set(face, { ...own, person });
    }
  }
  // Faces that were told apart are not one person: whoever is beside Ann is not Ann.
  for (const { kind, parts } of entries) {
    if (kind !== 'different' && kind !== 'split') continue;
    for (const [p, own] of parts.entries()) {
      for (const [q, others] of parts.entries()) {
        if (p === q || (kind === 'split' && (p === 0 || q === 0))) continue;
        for (const face of own) {
          const verdictOf = all.get(face);
          if (verdictOf === undefined) continue;
          const named = others.flatMap((other) => all.get(other)?.person ?? []);
          all.set(face, { ...verdictOf, rejected: new Set([...verdictOf.rejected, ...named]) });
        }
      }
    }
  }
  return all;
}

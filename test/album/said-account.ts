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
    if (kind === 'merge' && end(into!) !== from) merged.set(from!, into!);
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
    if (kind === 'split' && part !== 1) person = undefined;
  }
  return { person, dismissed, rejected, unsure };
}

/** Whether an album answers what the account beside it comes to. */

import type { Album } from '../../src/album/open-album.ts';
import type { Answer } from '../../src/catalog/answers-table.ts';
import { placeOf } from './made-album.ts';
import { type Account, type FaceName, isUndone, renamed, verdicts } from './said-account.ts';

export interface KnownFace extends Answer {
  readonly name: FaceName;
}
export interface Look {
  readonly faces: ReadonlyMap<number, KnownFace>;
  /** Names of people by their ids. */
  readonly shown: ReadonlyMap<number, string>;
}

export function lookAt(album: Album): Promise<Look> {
  return album.catalog.read(async (tables) => {
    const answers: Answer[] = [];
    for await (const part of tables.answers.each()) answers.push(...part);
    const rows = new Map((await tables.faces.byIds(answers.map(({ face }) => face))).map((f) => [f.id, f]));
    const ids = [...new Set(answers.map(({ photo }) => photo))];
    const hashes = new Map((await tables.photos.byIds(ids)).map(({ id, sha256 }) => [id, sha256]));
    const faces = new Map(
      answers.map((answer) => {
        const { box } = rows.get(answer.face)!;
        const index = Math.round((box.left - placeOf(0).left) / 0.18);
        return [answer.face, { ...answer, name: `${hashes.get(answer.photo)!.slice(0, 12)}#${index}` }];
      }),
    );
    const shown = new Map(
      (await tables.people.all()).map(({ id, shown: name, merged }) => [merged ?? id, name] as const),
    );
    for (const { id, merged, shown: name } of await tables.people.all())
      if (merged === null) shown.set(id, name);
    return { faces, shown };
  });
}

/** The name of a face to the album. */
export async function keyOf(album: Album, face: KnownFace): Promise<string> {
  const rows = await album.catalog.read(async (tables) => ({
    photo: (await tables.photos.byIds([face.photo]))[0]!,
    box: (await tables.faces.byIds([face.face]))[0]!.box,
  }));
  const { left, top, width, height } = rows.box;
  return `${rows.photo.sha256}@${[left, top, width, height].map((v) => v.toFixed(4)).join(',')}`;
}

/** Throws where the album and the account disagree. */
export async function checkAlbum(album: Album, account: readonly Account[]): Promise<void> {
  const entries = account.filter((entry) => !isUndone(account, entry));
  // Everything that was said is there, and counts or does not, as it should.
  const log = new Map((await album.log({ limit: 1_000_000 })).map((entry) => [entry.number, entry]));
  if (log.size !== account.length) throw new Error(`${log.size} entries, not ${account.length}`);
  for (const entry of account) {
    const found = log.get(entry.number);
    if (found?.kind !== entry.kind) throw new Error(`#${entry.number}: ${found?.kind}, not ${entry.kind}`);
    if (found.undone !== isUndone(account, entry))
      throw new Error(`#${entry.number} undone: ${found.undone}`);
  }
  const { faces, shown } = await lookAt(album);
  const all = [...faces.values()];
  const byName = verdicts(
    entries,
    all.map(({ name }) => name),
  );
  const verdictOf = new Map(all.map(({ face, name }) => [face, byName.get(name)!]));
  for (const face of faces.values()) {
    const { person, dismissed, rejected } = verdictOf.get(face.face)!;
    const says = face.person === null ? undefined : shown.get(face.person);
    const state = person ? 'confirmed' : (dismissed ?? 'open');
    const isOpen = !['confirmed', 'stranger', 'not-a-face'].includes(face.state);
    if (isOpen ? state !== 'open' : state !== face.state)
      throw new Error(`${face.name} is ${face.state}, not ${state}`);
    if (person && says !== renamed(entries, person)) {
      throw new Error(`${face.name} is ${says}, not ${renamed(entries, person)}`);
    }
    const denied = [...rejected].map((one) => renamed(entries, one));
    if (isOpen && says !== undefined && denied.includes(says))
      throw new Error(`${face.name} is suggested as ${says}`);
  }
  for (const question of await album.questions({ limit: 1000, singles: true })) {
    for (const id of question.about) {
      const { person, dismissed, rejected, unsure } = verdictOf.get(id)!;
      const denied = [...rejected].map((one) => renamed(entries, one));
      const isSettled = person !== undefined || dismissed !== undefined || unsure;
      if (isSettled) throw new Error(`${faces.get(id)!.name} is asked about, and was settled`);
      if (question.person !== null && denied.includes(question.person)) {
        throw new Error(`${faces.get(id)!.name} is asked about again: ${question.person}`);
      }
    }
  }
  const groupOf = new Map([...faces.values()].map(({ name, grp }) => [name, grp]));
  const personOf = new Map([...faces.values()].map(({ face, name }) => [name, verdictOf.get(face)!]));
  for (const [i, { kind, parts }] of entries.entries()) {
    if (kind !== 'different' && kind !== 'same') continue;
    const names = parts.flat();
    const [a, b] = [names[0]!, names[1]!];
    const later = entries.slice(i + 1).some((entry) => {
      const own = new Set(entry.parts.flat());
      return ['same', 'different', 'split'].includes(entry.kind) && (own.has(a) || own.has(b));
    });
    const placed = groupOf.get(a) !== null && groupOf.get(b) !== null;
    if (later || !placed) continue;
    const together = groupOf.get(a) === groupOf.get(b);
    const bound = entries.some(
      (entry) => entry.kind === 'same' && parts.flat().some((name) => entry.parts.flat().includes(name)),
    );
    const isNone = [a, b].some((name) => personOf.get(name)!.dismissed === 'not-a-face');
    if (kind === 'different' && together && !bound && !isNone)
      throw new Error(`${a} and ${b} are in one group`);
    const [one, other] = [personOf.get(a)!, personOf.get(b)!];
    const mayDiffer =
      one.person !== other.person ||
      one.dismissed !== undefined ||
      other.dismissed !== undefined ||
      entries.some((entry) => entry.kind === 'split' && [a, b].some((n) => entry.parts.flat().includes(n)));
    if (kind === 'same' && !together && !mayDiffer) throw new Error(`${a} and ${b} are in two groups`);
  }
  const problems = await album.check();
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

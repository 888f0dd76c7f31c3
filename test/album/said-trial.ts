/**
 * An album to which anything is said, in any order, with undos, new photos, moved files, other models and restarts in
 * between; and a second, plain account of what was said, kept beside it. The album's answers have to agree with it.
 */

import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setGrouping } from '../../src/album/facts/grouping.ts';
import type { Album } from '../../src/album/open-album.ts';
import { openAlbum } from '../../src/album/open-album.ts';
import type { Correction } from '../../src/album/said/correct.ts';
import { type MadeFace, madeConfig, madeFaces, writeMadePhoto } from './made-album.ts';
import { type Account, isUndone, mergedInto, renamed } from './said-account.ts';
import { checkAlbum, type KnownFace, keyOf, lookAt } from './said-check.ts';

export interface Trial {
  /** Does one thing. @returns what it was */
  step(): Promise<string>;
  /** Throws where the album and the account disagree. */
  check(): Promise<void>;
  readonly counts: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

const people = 7;

/** @param place the album, if it is not a file in the folder */
export async function openTrial(folder: string, random: () => number, place?: string): Promise<Trial> {
  const home = join(folder, '.home');
  const root = join(folder, 'photos');
  const account: Account[] = [];
  const counts = new Map<string, number>();
  let version = 1;
  let [photos, named, takes] = [0, 0, 0];
  const int = (n: number): number => Math.floor(random() * n);
  const pick = <T>(items: readonly T[]): T => items[int(items.length)]!;
  const openIt = (): Promise<Album> =>
    openAlbum(place ?? join(home, 'album.db'), {
      config: madeConfig(home),
      now: () => Date.now() + 3_600_000,
      faces: async () => madeFaces(home, { version }),
      // As a large album and as a small one: new faces join groups that stand, or all are grouped anew.
      wholeUpTo: int(2) * 5000,
    });
  const addPhotos = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n++) {
      const faces = Array.from({ length: 1 + int(3) }, (): MadeFace => ({ who: int(people), take: takes++ }));
      await writeMadePhoto(join(root, pick(['a', 'b']), `${photos++}.jpg`), faces);
    }
  };
  await addPhotos(40);
  let album = await openIt();
  await album.add([root]);

  const look = () => lookAt(album);
  const note = (entry: Omit<Account, 'number'>, numbers: readonly number[]): void => {
    account.push({ ...entry, number: numbers[0]! });
  };
  const counting = (): readonly Account[] => account.filter((entry) => !isUndone(account, entry));
  const newName = (): string => `person ${++named}`;
  const someName = (): string => {
    const living = [
      ...new Set(counting().flatMap(({ kind, person }) => (kind === 'is' && person ? [person] : []))),
    ];
    return living.length === 0 || random() < 0.3 ? newName() : pick(living);
  };
  /** The person as the album shows them now. */
  const shownAs = async (person: string): Promise<string | undefined> => {
    const { shown } = await look();
    const names = new Set(shown.values());
    const now = renamed(counting(), mergedInto(counting(), person));
    return names.has(now) ? now : undefined;
  };
  /** Somebody whom the album shows, or somebody new: a name that counts no more is not used again. */
  const somebody = async (): Promise<{ readonly person: string; readonly shown: string }> => {
    const person = someName();
    const shown = await shownAs(person);
    if (shown !== undefined) return { person, shown };
    const fresh = newName();
    return { person: fresh, shown: fresh };
  };
  const correct = async (kind: Correction['kind'], faces: readonly KnownFace[]): Promise<void> => {
    const keys: string[] = [];
    for (const face of faces) keys.push(await keyOf(album, face));
    const own = faces.map(({ name }) => name);
    if (kind === 'is' || kind === 'is-not') {
      const { person, shown } = await somebody();
      if (kind === 'is-not' && (await shownAs(person)) === undefined) return;
      const numbers = await album.correct({ kind, person: shown, faces: keys });
      note({ kind, person: mergedInto(counting(), person), shown, parts: [own] }, numbers);
    } else if (kind === 'different') {
      note({ kind, parts: own.map((name) => [name]) }, await album.correct({ kind, faces: keys }));
    } else if (kind === 'same' || kind === 'stranger' || kind === 'not-a-face') {
      note({ kind, parts: [own] }, await album.correct({ kind, faces: keys }));
    }
  };

  const steps: Readonly<Record<string, () => Promise<void>>> = {
    async 'name a group'() {
      const { groups } = await album.groups({ least: 1, limit: 50 });
      if (groups.length === 0) return;
      const { group } = pick(groups);
      const { faces } = await look();
      const own = [...faces.values()].filter(
        ({ grp, state }) => grp === group && state !== 'confirmed' && state !== 'not-a-face',
      );
      const { person, shown } = await somebody();
      const { said } = await album.name(group, shown, { merge: true });
      note(
        { kind: 'is', person: mergedInto(counting(), person), shown, parts: [own.map(({ name }) => name)] },
        [said],
      );
    },
    async 'answer a question'() {
      const questions = await album.questions({ limit: 5, singles: true });
      if (questions.length === 0) return;
      const question = pick(questions);
      const { faces } = await look();
      const parts = [question.about.map((face) => faces.get(face)!.name)];
      const about = personOfShown(question.person);
      const kinds = ['yes', 'no', 'not-sure', 'not-a-face', 'stranger', 'is'] as const;
      const kind = pick(question.kind === 'person' ? kinds : kinds.slice(2));
      if (kind === 'is') {
        const { person, shown } = await somebody();
        const { said } = await album.answer(question, { kind, person: shown });
        note({ kind: 'is', person: mergedInto(counting(), person), shown, parts }, [said]);
        return;
      }
      const { said } = await album.answer(question, { kind });
      const meant = { yes: 'is', no: 'is-not', 'not-sure': 'not-sure' }[kind as string] ?? kind;
      note({ kind: meant, parts, ...(about !== undefined && { person: about, shown: question.person! }) }, [
        said,
      ]);
    },
    async 'correct a face'() {
      const { faces } = await look();
      const kind = pick(['is', 'is', 'is-not', 'is-not', 'stranger', 'not-a-face'] as const);
      const some = Array.from({ length: 1 + int(2) }, () => pick([...faces.values()]));
      const distinct = [...new Map(some.map((face) => [face.face, face])).values()];
      await correct(kind, distinct);
    },
    async 'tell people apart'() {
      const { faces } = await look();
      const [a, b] = [pick([...faces.values()]), pick([...faces.values()])];
      if (a.face !== b.face) await correct('different', [a, b]);
    },
    async 'put people together'() {
      const { faces } = await look();
      const [a, b] = [pick([...faces.values()]), pick([...faces.values()])];
      if (a.face !== b.face && a.photo !== b.photo) await correct('same', [a, b]);
    },
    async 'split a person'() {
      const { faces, shown } = await look();
      const confirmed = [...faces.values()].filter(({ state }) => state === 'confirmed');
      if (confirmed.length === 0) return;
      const first = pick(confirmed);
      const own = [...faces.values()].filter(
        ({ person, state }) => person === first.person && (state === 'confirmed' || state === 'automatic'),
      );
      const second = pick(own);
      if (second.face === first.face) return;
      const seeds = [await keyOf(album, first), await keyOf(album, second)];
      const numbers = await album.correct({ kind: 'split', from: shown.get(first.person!)!, seeds });
      const rest = own.filter(({ face }) => face !== first.face && face !== second.face);
      const name = shown.get(first.person!)!;
      const person = personOfShown(name)!;
      note(
        {
          kind: 'split',
          person,
          shown: name,
          parts: [rest.map((face) => face.name), [first.name], [second.name]],
        },
        numbers,
      );
    },
    async 'merge two people'() {
      const [a, b] = [someName(), someName()];
      const [from, into] = [await shownAs(a), await shownAs(b)];
      if (from === undefined || into === undefined || from === into) return;
      const numbers = await album.correct({ kind: 'merge', person: from, into });
      note(
        {
          kind: 'merge',
          person: mergedInto(counting(), a),
          shown: into,
          into: mergedInto(counting(), b),
          parts: [],
        },
        numbers,
      );
    },
    async 'rename a person'() {
      const person = someName();
      const shown = await shownAs(person);
      if (shown === undefined) return;
      const name = newName();
      const numbers = await album.correct({ kind: 'rename', person: shown, name });
      note({ kind: 'rename', person: mergedInto(counting(), person), into: name, parts: [] }, numbers);
    },
    async 'hide or show a person'() {
      const person = someName();
      const shown = await shownAs(person);
      if (shown === undefined) return;
      const kind = pick(['hide', 'show'] as const);
      const numbers = await album.correct({ kind, person: shown });
      note({ kind, person: mergedInto(counting(), person), parts: [] }, numbers);
    },
    async 'call a photo a collage'() {
      const { faces } = await look();
      const { photo } = pick([...faces.values()]);
      const where = await album.catalog.read((tables) => tables.paths.ofPhotos([photo]));
      const path = where.get(photo)?.[0]?.path;
      if (path === undefined) return;
      note({ kind: 'collage', parts: [] }, await album.correct({ kind: 'collage', photos: [path] }));
    },
    async 'restore elsewhere'() {
      // Another computer: the same photos, and what was said.
      const said = join(folder, 'said.jsonl');
      await album.backup(said);
      const other = await openAlbum(join(folder, `${counts.get('restore elsewhere')}.db`), {
        config: madeConfig(home),
        now: () => Date.now() + 3_600_000,
        faces: async () => madeFaces(home, { version }),
      });
      try {
        if (random() < 0.5) await other.add([root]);
        await other.restore(said);
        await other.add([root]);
        await checkAlbum(other, account);
      } finally {
        await other.close();
      }
    },
    async undo() {
      const open = counting();
      if (open.length === 0) return;
      const target = pick(open.slice(-30));
      await album.undo(target.number);
      const [last] = await album.log({ limit: 1 });
      note({ kind: 'undo', undoes: target.number, parts: [] }, [last!.number]);
    },
    async 'add photos'() {
      if (photos < 150) await addPhotos(1 + int(3));
      await album.add([root]);
    },
    async 'move a file'() {
      const from = pick(['a', 'b']);
      const files = await readdir(join(root, from)).catch(() => []);
      if (files.length === 0) return;
      const file = pick(files);
      await rename(join(root, from, file), join(root, from === 'a' ? 'b' : 'a', file));
      await album.add([root]);
    },
    async 'group anew'() {
      await album.catalog.write(async (tables) => {
        for await (const part of tables.answers.each()) {
          await tables.answers.save(part.map((answer) => ({ ...answer, grp: null })));
        }
        await setGrouping(tables, null);
      });
      await album.add([root]);
    },
    async 'drop all answers'() {
      // Answers of the machine may be dropped at any time.
      await album.rebuild();
    },
    async restart() {
      await album.close();
      album = await openIt();
    },
    async 'another model'() {
      await album.close();
      version = version === 1 ? 2 : 1;
      album = await openIt();
      await album.add([root]);
    },
  };
  const weights: readonly (readonly [keyof typeof steps, number])[] = [
    ['name a group', 8],
    ['answer a question', 16],
    ['correct a face', 12],
    ['tell people apart', 4],
    ['put people together', 4],
    ['split a person', 3],
    ['merge two people', 2],
    ['rename a person', 3],
    ['hide or show a person', 1],
    ['call a photo a collage', 0.5],
    ['restore elsewhere', 0.5],
    ['undo', 16],
    ['add photos', 4],
    ['move a file', 3],
    ['group anew', 1],
    ['drop all answers', 1],
    ['restart', 2],
    ['another model', 0.5],
  ];
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);

  function personOfShown(shown: string | null): string | undefined {
    if (shown === null) return undefined;
    const known = counting().flatMap(({ person }) => person ?? []);
    return known.find(
      (person) => mergedInto(counting(), person) === person && renamed(counting(), person) === shown,
    );
  }

  return {
    counts,
    async step() {
      let at = random() * total;
      const [name] = weights.find(([, weight]) => {
        at -= weight;
        return at < 0;
      })!;
      counts.set(name, (counts.get(name) ?? 0) + 1);
      await steps[name]!();
      return name;
    },

    check: () => checkAlbum(album, account),

    close: () => album.close(),
  };
}

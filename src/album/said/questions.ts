/** RECIPE: whom shall somebody be asked about? First what settles most; nothing twice, and nothing that is certain. */

import type { Tables } from '../../catalog/catalog.ts';
import type { GroupSummary } from '../../catalog/groups-table.ts';
import type { AlbumContext } from '../context.ts';
import { type FaceView, faceViews } from '../facts/face-views.ts';
import { likenessesOf } from '../naming/group-likeness.ts';

export interface Question {
  /** `person`: is it this person? `who`: who is it? */
  readonly kind: 'person' | 'who';
  readonly group: number;
  /** Whom the question is about: as shown, with the probability. */
  readonly person: string | null;
  readonly probability: number | null;
  /** Others who it may be, the likeliest first. */
  readonly likely: readonly { readonly person: string; readonly probability: number }[];
  /** So many faces an answer settles. */
  readonly faces: number;
  readonly photos: number;
  /** The faces that an answer is about, and some of them to look at. */
  readonly about: readonly number[];
  readonly shown: readonly FaceView[];
}

export interface QuestionOptions {
  readonly limit?: number;
  /** Ask who single faces are too, for which nobody is likely. */
  readonly singles?: boolean;
}

/** Pictures of a group are enough to tell who it is. */
const mostShown = 12;

/** One for each key from 1 to 9. */
const mostLikely = 9;

/** From this probability on it is easier to say yes than to choose a name. */
const askYesFrom = 0.5;

/** The larger a group, the likelier it is somebody whom somebody knows: of as many faces, every second one. */
const halfKnown = 4;

export async function nextQuestions(
  album: AlbumContext,
  { limit = 20, singles = false }: QuestionOptions = {},
): Promise<readonly Question[]> {
  return album.catalog.read(async (tables) => {
    const suggested = await tables.groups.suggested(limit);
    const unnamed = await tables.groups.unnamed(limit, singles ? 1 : 2);
    const known = new Set(suggested.map(({ id }) => id));
    const all = [...suggested, ...unnamed.filter(({ id }) => !known.has(id))].map(ask);
    const best = all.toSorted((a, b) => b.worth - a.worth || a.group.id - b.group.id).slice(0, limit);
    const questions = await questionsAbout(tables, best);
    return questions.filter(({ about }) => about.length > 0);
  });
}

/** The question about a group as it is now; undefined if all its faces are settled. */
export async function questionOfGroup(
  album: AlbumContext,
  kind: Question['kind'],
  group: number,
): Promise<Question | undefined> {
  return album.catalog.read(async (tables) => {
    const summary = await tables.groups.summary(group);
    if (summary === undefined) return undefined;
    const [question] = await questionsAbout(tables, [{ kind, group: summary }]);
    return question!.about.length > 0 ? question : undefined;
  });
}

interface Asked {
  readonly kind: Question['kind'];
  readonly group: GroupSummary;
  /** Faces that an answer is expected to settle. */
  readonly worth: number;
}

function ask(group: GroupSummary): Asked {
  const { faces, probability } = group;
  const p = probability ?? 0;
  if (p >= askYesFrom) return { kind: 'person', group, worth: faces * p };
  const isKnown = p + ((1 - p) * faces) / (faces + halfKnown);
  return { kind: 'who', group, worth: faces * isKnown };
}

async function questionsAbout(
  tables: Tables,
  asked: readonly Pick<Asked, 'kind' | 'group'>[],
): Promise<Question[]> {
  const { groups: likenesses } = await likenessesOf(
    tables,
    asked.map(({ group }) => group.id),
  );
  const answers = asked.map(({ kind }, i) => {
    const states = kind === 'person' ? ['suggested'] : ['suggested', 'unnamed'];
    return likenesses[i]!.faces.filter(({ state, unsure }) => states.includes(state) && unsure === 0);
  });
  const shown = answers.map((own) => evenly(own, mostShown).map(({ face }) => face));
  const views = new Map((await faceViews(tables, shown.flat())).map((view) => [view.face, view]));
  const meant = asked.flatMap(({ group }, i) => [
    ...(group.guess === null ? [] : [group.guess]),
    ...likenesses[i]!.likely.map(({ person }) => person),
  ]);
  const people = await tables.people.byIds([...new Set(meant)]);
  const names = new Map(people.map((person) => [person.id, person.shown]));
  return asked.map(({ kind, group: { id, guess, probability } }, i) => ({
    kind,
    group: id,
    person: kind === 'person' && guess !== null ? names.get(guess)! : null,
    probability: kind === 'person' ? probability : null,
    likely: likenesses[i]!.likely.slice(0, mostLikely).map(({ person, probability: p }) => ({
      person: names.get(person)!,
      probability: p,
    })),
    faces: answers[i]!.length,
    photos: new Set(answers[i]!.map(({ photo }) => photo)).size,
    about: answers[i]!.map(({ face }) => face),
    shown: shown[i]!.flatMap((face) => views.get(face) ?? []),
  }));
}

/** So many of them, from the first to the last. */
function evenly<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, i) => items[Math.floor((i * items.length) / most)]!);
}

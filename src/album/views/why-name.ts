/** RECIPE: why has a face its name? The confirmed faces that speak for it, and the person who comes next. */

import type { Tables } from '../../catalog/catalog.ts';
import type { PlacedFace } from '../../catalog/faces-table.ts';
import type { SaidSource } from '../../catalog/said.ts';
import { WhosinError } from '../../errors.ts';
import type { Faces } from '../../faces/open-faces.ts';
import { likeliest, likeness, type PersonShare, pooled, templateOf } from '../../faces/people/likeness.ts';
import { sameOdds } from '../../faces/people/verify.ts';
import type { AlbumContext } from '../context.ts';
import { chooseFaces, type FaceChoice } from '../facts/choose-faces.ts';
import { type FaceView, faceViews } from '../facts/face-views.ts';
import { likenessesOf } from '../naming/group-likeness.ts';
import { likenessSetting } from '../naming/likeness-setting.ts';
import { knownFaces, placesOfPeople, templatesOf } from '../naming/templates.ts';
import { type AlbumFace, withAnswers } from './face-list.ts';

/** A confirmed face, beside the face that is asked about. */
export interface SpeakingFace {
  readonly face: FaceView;
  /** Natural logarithm of P(both faces | one person) / P(both faces | two people), by these two alone. */
  readonly logOdds: number;
}

export interface LikelyPerson {
  readonly uid: string;
  readonly person: string;
  readonly probability: number;
  /** The most alike of the person's confirmed faces, the most alike first. */
  readonly speakers: readonly SpeakingFace[];
}

export interface WhyName {
  readonly face: AlbumFace;
  /** Who said it, if somebody did: the last entry that counts. */
  readonly said: { readonly number: number; readonly at: number; readonly source: SaidSource } | null;
  /** So many faces were judged together: those of a group that nobody confirmed; 1 for a confirmed face. */
  readonly together: number;
  /**
   * The likeliest people, by the odds that decide; for a confirmed face, by those of the others alone, as if nobody had
   * said who it is. None if whosin does not see the face itself.
   */
  readonly likely: readonly LikelyPerson[];
}

/** More faces tell a person who looks at them no more. */
const mostSpeakers = 6;
const mostPeople = 3;

/** @throws WhosinError `not-found`, or `usage` if several faces are meant */
export async function whyName(album: AlbumContext, choice: FaceChoice): Promise<WhyName> {
  const { reader } = await album.faces();
  const asked = await album.catalog.read(async (tables) => {
    const faces = await chooseFaces(tables, choice);
    if (faces.length !== 1) throw new WhosinError('usage', 'Name one face.');
    const [answer] = await tables.answers.of(faces);
    const [view] = await withAnswers(tables, [answer!]);
    const [placed] = await tables.faces.placed(faces, reader.recipe);
    return { answer: answer!, view: view!, placed, said: await saidOf(tables, answer!.face) };
  });
  const { answer, view, placed, said } = asked;
  const isConfirmed = answer.state === 'confirmed';
  const judged = isConfirmed
    ? { together: 1, likely: placed ? await likelyWithout(album, placed, answer.person!) : [] }
    : await album.catalog.read((tables) => judgedByGroup(tables, answer.grp));
  // Whoever the face is comes first.
  const first = judged.likely.find(({ person }) => person === answer.person);
  const others = judged.likely.filter((one) => one !== first);
  const likely = [...(first ? [first] : []), ...others].slice(0, mostPeople);
  return {
    face: view,
    said: isConfirmed ? said : null,
    together: judged.together,
    likely: placed ? await withSpeakers(album, placed, likely) : [],
  };
}

async function saidOf(tables: Tables, face: number): Promise<WhyName['said']> {
  const entry = (await tables.mentions.about([face])).findLast(
    ({ kind, part }) => kind === 'is' || kind === 'same' || (kind === 'split' && part === 1),
  );
  return entry ? { number: entry.said, at: entry.at, source: entry.source } : null;
}

async function judgedByGroup(
  tables: Tables,
  group: number | null,
): Promise<{ readonly together: number; readonly likely: readonly PersonShare[] }> {
  const own = group === null ? undefined : (await likenessesOf(tables, [group])).groups[0];
  return { together: own?.open.length ?? 1, likely: own?.likely ?? [] };
}

/** The likeliest people for a confirmed face, as if it had not been confirmed. */
async function likelyWithout(
  album: AlbumContext,
  face: PlacedFace,
  own: number,
): Promise<readonly PersonShare[]> {
  const { background } = await album.faces();
  const people = await placesOfPeople(album);
  const templates = new Map(await templatesOf(album, [...people.keys()]));
  const [person] = await album.catalog.read(async (tables) =>
    (await tables.people.all()).filter(({ id }) => id === own),
  );
  const faces = (await knownFaces(album, [person!])).get(own) ?? [];
  const others = faces.filter(({ id }) => id !== face.id);
  if (others.length === 0) templates.delete(own);
  else templates.set(own, templateOf(background, others));
  const place = pooled([face]);
  const odds = [...templates].map(([id, template]) => ({
    person: id,
    likeness: likeness(template, place),
    besides: 0,
  }));
  const setting = await album.catalog.read((tables) => likenessSetting(tables));
  return likeliest(odds, face.quality, setting);
}

async function withSpeakers(
  album: AlbumContext,
  face: PlacedFace,
  likely: readonly PersonShare[],
): Promise<LikelyPerson[]> {
  const { background } = await album.faces();
  const all = await album.catalog.read(({ people }) => people.all());
  const rows = likely.map(({ person }) => all.find(({ id }) => id === person)!);
  const known = await knownFaces(album, rows);
  const nearest = rows.map(({ id }) => nearestOf(background, face, known.get(id) ?? []));
  return album.catalog.read(async (tables) => {
    const people: LikelyPerson[] = [];
    for (const [i, { uid, shown }] of rows.entries()) {
      const views = await faceViews(
        tables,
        nearest[i]!.map(({ id }) => id),
      );
      const oddsOf = new Map(nearest[i]!.map(({ id, logOdds }) => [id, logOdds]));
      const speakers = views.map(({ face: id, ...view }) => ({ face: view, logOdds: oddsOf.get(id)! }));
      people.push({ uid, person: shown, probability: likely[i]!.probability, speakers });
    }
    return people;
  });
}

function nearestOf(
  background: Faces['background'],
  face: PlacedFace,
  known: readonly PlacedFace[],
): readonly { readonly id: number; readonly logOdds: number }[] {
  return known
    .filter(({ id }) => id !== face.id)
    .map((other) => ({ id: other.id, logOdds: sameOdds(background, face, other) }))
    .toSorted((a, b) => b.logOdds - a.logOdds)
    .slice(0, mostSpeakers);
}

/** RECIPE: what the album has got wrong is put right. Each of these can be taken back, in any order. */

import type { Tables } from '../../catalog/catalog.ts';
import type { PersonRow } from '../../catalog/people-table.ts';
import type { SaidEntry } from '../../catalog/said.ts';
import type { Box } from '../../core/geometry.ts';
import { WhosinError } from '../../errors.ts';
import type { AlbumContext } from '../context.ts';
import { chooseFaces, type FaceChoice } from '../facts/choose-faces.ts';
import { givenDate, requireLife } from '../facts/lives.ts';
import { findPerson, livingPeople, personOrNew, refer } from '../facts/people.ts';
import { mergeInto, renameTo } from './change-person.ts';
import { boxStatement, type DrawnFace, drawFace, photoGiven } from './draw-face.ts';
import { type Statement, say } from './say.ts';

export type Correction =
  | { readonly kind: 'is' | 'is-not'; readonly person: string; readonly faces: readonly FaceChoice[] }
  | { readonly kind: 'not-a-face' | 'stranger' | 'same'; readonly faces: readonly FaceChoice[] }
  /** Each one is another person than the others. */
  | { readonly kind: 'different'; readonly faces: readonly FaceChoice[] }
  /** `from` is a person, or a group by its number: each seed is another person, the first one keeps the name. */
  | { readonly kind: 'split'; readonly from: string; readonly seeds: readonly FaceChoice[] }
  /** Photos by their paths. */
  | { readonly kind: 'collage'; readonly photos: readonly string[] }
  /** A face that was missed. */
  | ({ readonly kind: 'draw' } & DrawnFace)
  /** The face lies there, in the upright photo. */
  | { readonly kind: 'box'; readonly face: FaceChoice; readonly box: Box<'ratio'> }
  /** The face that shows the person in lists. */
  | { readonly kind: 'cover'; readonly person: string; readonly face: FaceChoice }
  | { readonly kind: 'merge'; readonly person: string; readonly into: string }
  | { readonly kind: 'rename'; readonly person: string; readonly name: string }
  | { readonly kind: 'hide' | 'show'; readonly person: string }
  /** `2015-03-02`, `2015-03`, `2015` or `unknown`. */
  | { readonly kind: 'born' | 'died'; readonly person: string; readonly date: string };

/** @returns what was said. Throws `not-found` or `usage` where it is not clear who or what is meant */
export async function correct(album: AlbumContext, correction: Correction): Promise<readonly SaidEntry[]> {
  if (correction.kind === 'draw') return drawFace(album, correction);
  return say(album, [await statementOf(album, correction)]);
}

async function statementOf(
  album: AlbumContext,
  correction: Exclude<Correction, { readonly kind: 'draw' }>,
): Promise<Statement> {
  const choose = (
    choices: readonly FaceChoice[],
    person?: PersonRow,
  ): Promise<readonly (readonly number[])[]> =>
    album.catalog.read(async (tables) => {
      const parts: (readonly number[])[] = [];
      for (const choice of choices) parts.push(await chooseFaces(tables, choice, person?.id));
      return parts;
    });
  const { kind } = correction;
  switch (kind) {
    case 'is': {
      const { uid, name } = await personOrNew(album, correction.person);
      return { kind, person: { uid, name }, parts: [(await choose(correction.faces)).flat()] };
    }
    case 'is-not': {
      const person = await findPerson(album, correction.person);
      return { kind, person: refer(person), parts: [(await choose(correction.faces, person)).flat()] };
    }
    case 'not-a-face':
    case 'stranger':
    case 'same':
      return { kind, parts: [(await choose(correction.faces)).flat()] };
    case 'different': {
      const parts = await choose(correction.faces);
      if (parts.length < 2)
        throw new WhosinError('usage', 'Name at least two faces or groups that are different people.');
      return { kind, parts };
    }
    case 'split': {
      const seeds = await choose(correction.seeds);
      if (seeds.length < 2)
        throw new WhosinError('usage', 'Name at least two faces to split by, one of each person.');
      const taken = new Set(seeds.flat());
      const { faces, person } = await facesOf(album, correction.from);
      const rest = faces.filter((face) => !taken.has(face));
      return { kind, ...(person && { person: refer(person) }), parts: [rest, ...seeds] };
    }
    case 'collage':
      return { kind, photos: await album.catalog.read((tables) => contentOf(tables, correction.photos)) };
    case 'box':
      return album.catalog.read((tables) => boxStatement(tables, correction.face, correction.box));
    case 'cover': {
      const person = await findPerson(album, correction.person);
      const face = (await choose([correction.face], person)).flat();
      return {
        kind,
        person: refer(person),
        parts: [await album.catalog.read((t) => ownFace(t, person, face))],
      };
    }
    case 'merge': {
      const [person, into] = [
        await findPerson(album, correction.person),
        await findPerson(album, correction.into),
      ];
      if (person.id === into.id) throw new WhosinError('usage', `${person.shown} is one person already.`);
      return mergeInto(person, into);
    }
    case 'rename': {
      const person = await findPerson(album, correction.person);
      return renameTo(person, correction.name, await livingPeople(album));
    }
    case 'born':
    case 'died': {
      const person = await findPerson(album, correction.person);
      const date = givenDate(correction.date);
      requireLife(person.shown, { ...person, [kind]: date || null });
      return { kind, person: refer(person), date };
    }
    case 'hide':
    case 'show':
    default:
      return { kind, person: refer(await findPerson(album, correction.person)) };
  }
}

/** The faces of a group by its number, or of a person. */
async function facesOf(
  album: AlbumContext,
  from: string,
): Promise<{ readonly faces: readonly number[]; readonly person?: PersonRow }> {
  if (/^\d+$/.test(from)) return { faces: await album.catalog.read((tables) => chooseFaces(tables, from)) };
  const person = await findPerson(album, from);
  return album.catalog.read(async ({ answers }) => {
    const faces: number[] = [];
    for (let last = 0; ; ) {
      const part = await answers.ofPerson(person.id, 5000, last);
      faces.push(...part.map(({ face }) => face));
      if (part.length < 5000) return { faces, person };
      last = part.at(-1)!.face;
    }
  });
}

async function contentOf(tables: Tables, given: readonly string[]): Promise<string[]> {
  const hashes: string[] = [];
  for (const path of given) hashes.push((await photoGiven(tables, path)).sha256);
  return hashes;
}

/** The one face, if it is the person. */
async function ownFace(
  { answers }: Tables,
  { id, shown }: PersonRow,
  faces: readonly number[],
): Promise<readonly number[]> {
  const [answer, ...others] = await answers.of(faces);
  const isOwn = answer?.person === id && (answer.state === 'confirmed' || answer.state === 'automatic');
  if (isOwn && others.length === 0) return faces;
  throw new WhosinError('usage', `Name one face of ${shown}: it shows ${shown} in lists.`);
}

/** RECIPE: which photos show what is asked for? */

import { sep } from 'node:path';
import type { Tables } from '../../catalog/catalog.ts';
import type { FoundPhoto, PhotoCondition } from '../../catalog/find-table.ts';
import type { PersonRow } from '../../catalog/people-table.ts';
import type { AnswerState } from '../../catalog/schema.ts';
import { groupedBy } from '../../core/grouped.ts';
import { WhosinError } from '../../errors.ts';
import type { AlbumContext } from '../context.ts';
import { ageIn, timeOfAges } from '../facts/lives.ts';
import { parseQuery, type Vocabulary } from '../query/parse-query.ts';
import type { Ages, Query } from '../query/query.ts';
import { queryInWords } from '../query/query-words.ts';

export interface FindOptions {
  readonly limit?: number;
  readonly offset?: number;
  /** Names that somebody gave count, and no others. */
  readonly confirmed?: boolean;
}

export interface Found {
  /** The query as understood, a sentence for each condition. */
  readonly meaning: readonly string[];
  readonly total: number;
  readonly photos: readonly FoundInAlbum[];
}

export interface FoundInAlbum {
  readonly path: string;
  readonly sha256: string;
  readonly kind: 'photo' | 'video';
  readonly taken: string | null;
  /** Those who were asked for, with the probability that they are in it; 1 where somebody said so. */
  readonly people: readonly {
    readonly person: string;
    readonly probability: number;
    readonly time: number | null;
    /** Full years, if the birth and a camera's time are known. */
    readonly age: number | null;
  }[];
  /** The least of them; null where nobody was asked for. */
  readonly probability: number | null;
}

const defaultLimit = 1000;

export async function findPhotos(
  { catalog, settings }: AlbumContext,
  text: string,
  { limit = defaultLimit, offset = 0, confirmed = false }: FindOptions = {},
): Promise<Found> {
  return catalog.read(async (tables) => {
    const { query, condition, people, named } = await understood(tables, text, confirmed);
    const { total, photos } = await tables.find.photos(condition, { limit, offset });
    const asked = people.filter(({ shown }) => namesIn(query).has(shown));
    return {
      meaning: queryInWords(query, { confirmed, automaticFrom: settings.automaticFrom }),
      total,
      photos: await inWords(tables, photos, asked, named),
    };
  });
}

/** A query with what it means in this album. */
export async function understood(tables: Tables, text: string, confirmed: boolean) {
  const people = (await tables.people.all()).filter(({ merged }) => merged === null);
  const folders = await tables.find.folders();
  const query = queryOf(text, {
    names: people.map(({ shown }) => shown),
    isFolder: (name) => folders.some(({ path }) => isCalled(path, name)),
  });
  const named: readonly AnswerState[] = confirmed ? ['confirmed'] : ['confirmed', 'automatic'];
  const condition = conditionOf(query, {
    named,
    maybe: confirmed ? ['confirmed'] : ['confirmed', 'automatic', 'suggested'],
    personOf: (name) => people.find(({ shown }) => shown === name)!,
    foldersOf: (name) => folders.filter(({ path }) => isCalled(path, name)).map(({ id }) => id),
  });
  return { query, condition, people, folders, named };
}

/** Every photo, if nothing is asked for. */
function queryOf(text: string, vocabulary: Vocabulary): Query {
  return text.trim() === '' ? { kind: 'all', of: [] } : parseQuery(text, vocabulary);
}

interface Meaning {
  /** States in which a face has a name. */
  readonly named: readonly AnswerState[];
  /** States in which it may be somebody. */
  readonly maybe: readonly AnswerState[];
  readonly personOf: (name: string) => PersonRow;
  readonly foldersOf: (name: string) => readonly number[];
}

function conditionOf(query: Query, meaning: Meaning, negated = false): PhotoCondition {
  switch (query.kind) {
    case 'all':
    case 'any':
      return { kind: query.kind, of: query.of.map((part) => conditionOf(part, meaning, negated)) };
    case 'not':
      return { kind: 'not', of: conditionOf(query.of, meaning, !negated) };
    case 'person': {
      // "Not Bob" leaves out photos in which Bob is likely, too.
      const states = query.confirmed ? (['confirmed'] as const) : negated ? meaning.maybe : meaning.named;
      const person = meaning.personOf(query.name);
      const isIn: PhotoCondition = { kind: 'person', person: person.id, states };
      return query.ages === undefined ? isIn : { kind: 'all', of: [isIn, whenOfAges(person, query.ages)] };
    }
    case 'only': {
      const people = query.names.map((name) => meaning.personOf(name).id);
      const states = meaning.named;
      const each = people.map((person): PhotoCondition => ({ kind: 'person', person, states }));
      return { kind: 'all', of: [...each, { kind: 'nobody-but', people, states }] };
    }
    case 'unknown':
      return { kind: 'unknown' };
    case 'folder':
      return { kind: 'folders', folders: meaning.foldersOf(query.name) };
    case 'faces':
    case 'taken':
    case 'media':
    default:
      return query;
  }
}

/** Throws `usage` if the birth is not known. */
function whenOfAges({ shown, born }: PersonRow, { least, most }: Ages): PhotoCondition {
  if (born === null) {
    throw new WhosinError(
      'usage',
      `It is not known when ${shown} was born (whosin album correct born ${JSON.stringify(shown)} 2015-03-02).`,
    );
  }
  return { kind: 'taken', ...timeOfAges(born, least, most), photographed: true };
}

/** Whether a folder, or one above it, has this name. */
function isCalled(path: string, name: string): boolean {
  const wanted = name.normalize('NFC').toLowerCase();
  return path.split(sep).some((part) => part !== '' && part.normalize('NFC').toLowerCase() === wanted);
}

/** Those who have to be in the photo. */
function namesIn(query: Query): ReadonlySet<string> {
  if (query.kind === 'person') return new Set([query.name]);
  if (query.kind === 'only') return new Set(query.names);
  if (query.kind === 'all' || query.kind === 'any')
    return new Set(query.of.flatMap((part) => [...namesIn(part)]));
  return new Set();
}

async function inWords(
  tables: Tables,
  photos: readonly FoundPhoto[],
  asked: readonly PersonRow[],
  states: readonly AnswerState[],
): Promise<FoundInAlbum[]> {
  const ids = photos.map(({ id }) => id);
  const paths = await tables.paths.ofPhotos(ids);
  const named = await tables.find.named(
    ids,
    asked.map(({ id }) => id),
    states,
  );
  const faces = new Map(
    (await tables.faces.byIds(named.map(({ face }) => face))).map((face) => [face.id, face]),
  );
  const inPhoto = groupedBy(named, ({ photo }) => photo);
  const rows = new Map(asked.map((row) => [row.id, row]));
  return photos.map(({ id, sha256, kind, taken, taken_from }) => {
    const people = (inPhoto.get(id) ?? []).map(({ person, probability, face }) => ({
      person: rows.get(person)!.shown,
      probability,
      time: faces.get(face)?.time?.from ?? null,
      age: ageIn(rows.get(person)!, { taken, taken_from }),
    }));
    return {
      path: paths.get(id)!.find(({ gone }) => !gone)!.path,
      sha256,
      kind,
      taken,
      people,
      probability: people.length === 0 ? null : Math.min(...people.map(({ probability }) => probability)),
    };
  });
}

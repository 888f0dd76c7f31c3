/** A catalog of very many faces, made in a minute: row by row through prepared statements; half of the names were given. */

import Database from 'libsql';
import { openSqliteCatalog } from '../../src/catalog/open-sqlite.ts';
import { toHalfFloats } from '../../src/core/half-float.ts';
import { seededRandom } from '../../src/core/random.ts';
import { sumOfGroup } from '../../src/learn/cluster/evidence.ts';
import type { EnrolledFace, TwoCovariance } from '../../src/learn/odds/two-covariance.ts';
import { drawPerson, drawPhoto, drawVector, seededNormal } from '../../test/synthetic-people.ts';

/** The length of the embeddings of the shipped networks. */
const dimensions = 1152;

/** Their faces follow Zipf's law, as in albums. */
const people = 1000;
const facesOfGroup = 20;
const photosAtOnce = 5000;
export const bytesOfPhoto = 4_000_000;

/** As many faces of a person as are looked at. */
const mostFaces = 100;
const box = [0.2, 0.08, 0.1] as const;

export interface MadeCatalog {
  /** Three faces in a photo on average; else fewer than two. */
  readonly crowded?: boolean;
  /** Each face has its embedding, which is most of the bytes; else the first 50 alone. */
  readonly embedded?: boolean;
}

/**
 * @param place of a catalog that is not there yet
 * @param background people are as different as it says
 * @param recipe that the photos were read with
 * @param root of the folders that the photos are said to lie in
 * @returns the paths of the photos; each is said to have `bytesOfPhoto` bytes
 */
export async function fillCatalog(
  place: string,
  faces: number,
  background: TwoCovariance,
  recipe: string,
  root = '/photos',
  { crowded = false, embedded = true }: MadeCatalog = {},
): Promise<readonly string[]> {
  await (await openSqliteCatalog(place)).close();
  const db = new Database(place);
  db.exec('pragma synchronous = off');
  const insert = insertsInto(db);
  const random = seededRandom(faces);
  const normal = seededNormal(faces);
  const embeddings = Array.from({ length: 50 }, () => toHalfFloats(drawVector(dimensions, normal)));
  const known = Array.from({ length: people }, () => drawPerson(background, normal));
  const shares = Array.from({ length: people }, (_, i) => 1 / (i + 1));
  const until = shares.map((_, i) => shares.slice(0, i + 1).reduce((a, b) => a + b));
  const somebody = (): number => {
    const at = random() * until.at(-1)!;
    return until.findIndex((end) => at < end);
  };
  const folders = new Map<string, number>();
  const paths: string[] = [];
  /** The entry to which the next faces of each person belong, and how many it has. */
  const saying = Array.from({ length: people }, () => ({ entry: 0, faces: facesOfGroup }));
  const confirmed = Array.from({ length: people }, (): EnrolledFace[] => []);
  let [photo, face, entries, group, inGroup] = [0, 0, 0, 0, 0];
  let stranger = known[0]!;

  db.exec('begin');
  for (let i = 0; i < people; i++) insert.people(i + 1, `p${i}`, `Person ${i}`, `Person ${i}`);
  for (let made = 0; made < faces; made += addPhoto()) {
    if (++photo % photosAtOnce === 0) db.exec('commit; begin');
  }
  // An album stores them when people get their names.
  for (const [i, own] of confirmed.entries()) {
    if (own.length === 0) continue;
    const { weight, trust, mean } = sumOfGroup(own);
    insert.peopleSums(i + 1, weight, trust, toHalfFloats(mean));
  }
  db.exec('commit');
  db.close();
  const catalog = await openSqliteCatalog(place);
  await catalog.write(({ answers }) => answers.recount());
  await catalog.close();
  return paths;

  /** @returns how many faces it shows */
  function addPhoto(): number {
    const day = new Date(Date.UTC(2005, 0, 1) + Math.floor(random() * 7300) * 86_400_000);
    const taken = day.toISOString().slice(0, 10);
    const sha256 = photo.toString(16).padStart(64, '0');
    insert.photos(photo, sha256, photo.toString(16).padStart(16, '0'), `${taken}T12:00:00`, recipe);
    const folder = `${root}/${taken.slice(0, 4)}/${taken}`;
    if (!folders.has(folder)) {
      folders.set(folder, folders.size + 1);
      insert.folders(folders.size, folder);
    }
    paths.push(`${folder}/${photo}.jpg`);
    insert.paths(folders.get(folder)!, `${photo}.jpg`, photo, `1:${photo}:${bytesOfPhoto}:1:1`);
    const seen = 1 + Math.floor(random() * (crowded ? 1 : random()) * 5);
    for (let i = 0; i < seen; i++) addFace(sha256, i / 10, random() < 0.6 ? somebody() : undefined);
    return seen;
  }

  function addFace(sha256: string, left: number, who: number | undefined): void {
    face++;
    if (who === undefined && inGroup++ % facesOfGroup === 0) addGroup();
    const z = drawPhoto(who === undefined ? stranger : known[who]!, normal);
    insert.faces(face, photo, left, ...box);
    insert.coordinates(face, toHalfFloats(z));
    if (embedded || face <= embeddings.length) insert.embeddings(face, embeddings[face % embeddings.length]!);
    if (who === undefined) insert.answers(face, photo, group, 'unnamed', null, null);
    else if (random() < 0.5) insert.answers(face, photo, null, 'automatic', who + 1, 0.95 + 0.05 * random());
    else {
      insert.answers(face, photo, null, 'confirmed', who + 1, 1);
      if (confirmed[who]!.length < mostFaces) confirmed[who]!.push({ z, quality: 0.9 });
      const said = saying[who]!;
      if (said.faces++ === facesOfGroup) {
        Object.assign(said, { entry: ++entries, faces: 1 });
        insert.said(entries, `s${entries}`, 1e12 + entries, `p${who}`, `Person ${who}`);
      }
      insert.saidFaces(said.entry, sha256, left, ...box, face);
    }
  }

  function addGroup(): void {
    stranger = drawPerson(background, normal);
    insert.groups(++group, toHalfFloats(stranger), toHalfFloats(stranger.map((v) => v * v + 1)));
  }
}

type Value = string | number | null | Uint8Array;
type Insert<V extends readonly Value[]> = (...values: V) => void;

function insertsInto(db: Database.Database) {
  const into =
    (text: string) =>
    (...values: readonly Value[]): void =>
      void statement(text).run(...values);
  const statements = new Map<string, Database.Statement>();
  const statement = (text: string): Database.Statement => {
    const known = statements.get(text) ?? db.prepare(`insert into ${text}`);
    statements.set(text, known);
    return known;
  };
  type Box = readonly [left: number, top: number, width: number, height: number];
  return {
    people: into(
      'people (id, uid, name, shown, hidden, revision, learnt) values (?, ?, ?, ?, 0, 1, 1)',
    ) as Insert<[number, string, string, string]>,
    folders: into('folders values (?, ?)') as Insert<[number, string]>,
    photos: into(
      `photos (id, sha256, kind, bytes, width, height, phash, taken, taken_offset, taken_from, camera, recipe) values (?, ?, 'photo', ${bytesOfPhoto}, 4000, 3000, ?, ?, 60, 'exif', 'Camera 1', ?)`,
    ) as Insert<[number, string, string, string, string]>,
    paths: into('paths (folder, name, photo, state, pending, gone) values (?, ?, ?, ?, 0, 0)') as Insert<
      [number, string, number, string]
    >,
    faces: into("faces values (?, ?, ?, ?, ?, ?, 0.9, 0.9, null, null, null, 'machine')") as Insert<
      [number, number, ...Box]
    >,
    coordinates: into('coordinates values (?, ?)') as Insert<[number, Uint8Array]>,
    embeddings: into('embeddings values (?, ?)') as Insert<[number, Uint8Array]>,
    answers: into('answers values (?, ?, ?, ?, ?, ?, 0)') as Insert<
      [number, number, number | null, string, number | null, number | null]
    >,
    peopleSums: into('people_sums values (?, 1, ?, ?, ?)') as Insert<[number, number, number, Uint8Array]>,
    said: into(
      "said (id, uid, at, who, source, kind, person, name) values (?, ?, ?, '', 'person', 'is', ?, ?)",
    ) as Insert<[number, string, number, string, string]>,
    saidFaces: into(
      'said_faces (said, part, sha256, "left", top, width, height, face) values (?, 0, ?, ?, ?, ?, ?, ?)',
    ) as Insert<[number, string, ...Box, number]>,
    groups: into('groups (id, z, squares, quality, revision, learnt) values (?, ?, ?, 0.9, 1, 1)') as Insert<
      [number, Uint8Array, Uint8Array]
    >,
  };
}

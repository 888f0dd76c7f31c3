/** An album of photos and videos and the people in them, behind one door. */

import type { Catalog } from '../catalog/catalog.ts';
import type { QueueRoom } from '../catalog/queue-room.ts';
import { type Config, readConfig } from '../config.ts';
import { type Faces, openFaces } from '../faces/open-faces.ts';
import type { PeopleModel } from '../faces/people/model-file.ts';
import type { ReadQueue } from '../jobs/read-queue.ts';
import { openAlbumCatalog } from './album-catalog.ts';
import { albumPlace } from './album-place.ts';
import type { AlbumContext, AlbumSettings } from './context.ts';
import { chooseFaces, type FaceChoice } from './facts/choose-faces.ts';
import { type AlbumFigures, albumFigures } from './figures.ts';
import { backUp, type Restored, restore } from './files/backup.ts';
import { exportCsv } from './files/export-csv.ts';
import type { ExportedPeople } from './files/export-people.ts';
import { exportPicasa, type PicasaOptions } from './files/export-picasa.ts';
import { type WriteOptions, type Written, writeNames } from './files/write-names.ts';
import { type ForgetOptions, type Forgotten, forget } from './forget.ts';
import { openGroupPlaces } from './grouping/group-places.ts';
import { type Moved, type MoveOptions, moveAlbum } from './move.ts';
import { learn } from './naming/learn.ts';
import { rebuild } from './rebuild.ts';
import { type Answered, answerQuestion, type QuestionAnswer } from './said/answer.ts';
import { type ChangeOptions, changePerson, type PersonChange } from './said/change-person.ts';
import { type Correction, correct } from './said/correct.ts';
import { type LogEntry, type LogOptions, saidLog } from './said/log.ts';
import { type Named, type NameOptions, nameGroup } from './said/name.ts';
import { nextQuestions, type Question, type QuestionOptions, questionOfGroup } from './said/questions.ts';
import { lastSaid, undo, undoNamesFromFiles } from './said/undo.ts';
import { type Added, type AddOptions, addPhotos } from './scan/add.ts';
import { type WatchOptions, watchPhotos } from './scan/watch.ts';
import { type Facets, facetsOf } from './search/facets.ts';
import { type FindOptions, type Found, findPhotos } from './search/find.ts';
import { type AlbumStatus, albumStatus } from './status.ts';
import { type AlbumUsers, albumUsers } from './users.ts';
import { type AlbumFaces, albumFaces, type FacesOf, type FacesOptions } from './views/face-list.ts';
import { type AlbumGroups, type GroupsOptions, unnamedGroups } from './views/groups.ts';
import {
  type AlbumPeople,
  type AlbumPerson,
  albumPeople,
  albumPerson,
  type PeopleOptions,
} from './views/people-list.ts';
import { personYears, type YearOfPerson } from './views/person-years.ts';
import { type AlbumPhoto, albumPhoto, albumPhotos } from './views/photo-view.ts';
import { type VideoTrack, videoTracks } from './views/video-tracks.ts';
import { type WhyName, whyName } from './views/why-name.ts';
import { waitingFile } from './work/find-file.ts';
import { type WorkerOptions, workOnAlbum } from './work/work.ts';
import type { WorkDone } from './work/work-off.ts';

export interface Album {
  /** The file that holds it, or the address of its database without a password. */
  readonly place: string;
  /** By this `openAlbum` opens it again; a password may stand in it. */
  readonly address: string;
  /** @internal for recipes, tests and measurements: its tables may change with every version */
  readonly catalog: Catalog;
  /** Files and folders of photos and videos. A file that was read before costs a look at its times, and no more. */
  add(paths: readonly string[], options?: AddOptions): Promise<Added>;
  /** Reads what waits, beside other workers: for an album in a PostgreSQL database. */
  work(options?: WorkerOptions): Promise<WorkDone>;
  /** A file that waits to be read and holds this, if this machine sees it. */
  waitingFile(sha256: string): Promise<string | undefined>;
  status(): Promise<AlbumStatus>;
  /** Everybody who has a name, the most frequent first; hidden ones too. */
  people(options?: PeopleOptions): Promise<AlbumPeople>;
  /** @param uid stays when the name changes */
  person(uid: string): Promise<AlbumPerson>;
  /** How somebody looked, year by year. */
  years(uid: string): Promise<readonly YearOfPerson[]>;
  groups(options?: GroupsOptions): Promise<AlbumGroups>;
  faces(of: FacesOf, options?: FacesOptions): Promise<AlbumFaces>;
  /** @param sha256 of its content */
  photo(sha256: string): Promise<AlbumPhoto>;
  /** All photos and videos that are there, one after another, with their faces. */
  photos(): AsyncIterable<AlbumPhoto>;
  /** The places of each face of a video, moment by moment. */
  tracks(sha256: string): Promise<readonly VideoTrack[]>;
  /** Why a face has its name: the confirmed faces that speak for it, and who comes next. */
  why(face: FaceChoice): Promise<WhyName>;
  name(group: number, name: string, options?: NameOptions): Promise<Named>;
  /** The questions to ask next; none if all is settled. */
  questions(options?: QuestionOptions): Promise<readonly Question[]>;
  /** The question about a group as it is now; undefined if all its faces are settled. */
  question(kind: Question['kind'], group: number): Promise<Question | undefined>;
  answer(question: Pick<Question, 'kind' | 'person' | 'about'>, answer: QuestionAnswer): Promise<Answered>;
  /** As in `Grandma and Ann, not Bob, 2019`. */
  find(query: string, options?: FindOptions): Promise<Found>;
  /** With what a search could go on, and how many photos would be left. */
  facets(query: string, options?: Pick<FindOptions, 'confirmed'>): Promise<Facets>;
  /** Name, birth, death, hidden or not: all of it is said, or nothing. @returns the numbers to take it back by */
  changePerson(uid: string, change: PersonChange, options?: ChangeOptions): Promise<readonly number[]>;
  /** @returns the numbers to take it back by */
  correct(correction: Correction): Promise<readonly number[]>;
  /** Takes back what was said last, or what has these numbers, in any order. @returns the numbers */
  undo(...numbers: readonly number[]): Promise<readonly number[]>;
  /** Takes back, as one, the names that were read from files. @returns the numbers */
  undoNamesFromFiles(): Promise<readonly number[]>;
  log(options?: LogOptions): Promise<readonly LogEntry[]>;
  /** The people whose faces were confirmed, as a model for `identify`. */
  model(): Promise<PeopleModel>;
  /** Writes that model to a file. */
  export(path: string): Promise<ExportedPeople>;
  /** Writes a table of all names in all photos to a file. @returns how many rows */
  exportCsv(path: string): Promise<number>;
  /** Writes the names of confirmed faces into Picasa's lists, `.picasa.ini` in the folders of the photos. */
  exportPicasa(options?: PicasaOptions): Promise<Written>;
  /** Writes the names of confirmed faces beside the photos, or into them. */
  write(options?: WriteOptions): Promise<Written>;
  /** Writes all that was said. @returns how many entries */
  backup(path: string): Promise<number>;
  restore(path: string): Promise<Restored>;
  /** Writes everything into another album, which must be empty or not there yet; this one stays as it is. */
  move(where: string, options?: MoveOptions): Promise<Moved>;
  /** Keeps up with what changes, until the signal says to stop. */
  watch(paths: readonly string[], options: WatchOptions): Promise<void>;
  /** Makes everything anew that follows from photos and from what was said. */
  rebuild(): Promise<void>;
  forget(what: readonly string[] | 'gone', options?: ForgetOptions): Promise<Forgotten>;
  /** The best face of a track in a video, as a JPEG file, by its key; undefined where there is none. */
  still(key: string): Promise<Uint8Array | undefined>;
  /**
   * Whether it can be used now.
   *
   * @throws WhosinError `no-database` if its database cannot be reached, `album-too-new` if a newer whosin has changed it
   */
  ready(): Promise<void>;
  /** The same album, in which somebody else speaks. Both are closed together. */
  as(who: string, options?: SpeakerOptions): Album;
  /** Those who may use it through a server, besides its owner. */
  readonly users: AlbumUsers;
  /** How much has come into it, and what waits for workers: counts that only grow, for rates. */
  figures(): Promise<AlbumFigures>;
  /** Faults of the file, a sentence each; none if it is whole. */
  check(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface AlbumOptions extends Partial<AlbumSettings> {
  /** Make the album where it is not there yet; true if left out. */
  readonly create?: boolean;
  readonly config?: Config;
  /** How faces are found and compared; the default models if left out. Called when they are needed first, and closed with
   * the album. */
  readonly faces?: () => Promise<Faces>;
  /** The user, where several share an album. */
  readonly who?: string;
  /** Milliseconds since 1970, for what is said. */
  readonly now?: () => number;
}

export interface SpeakerOptions {
  /** They may take back what they said themselves, and nothing else. */
  readonly ownWordsOnly?: boolean;
}

/** A face is named without asking where that is nineteen times likelier than not. */
const automaticFrom = 0.95;
const suggestFrom = 0.1;

/** To group so many faces takes a second. */
const wholeUpTo = 5000;

/**
 * @param where a name (`family`), the path of a file (`./family.db`), or a PostgreSQL database
 *   (`postgres://user@host/database`, with `?album=NAME` for one of several in it); the album called `default` if left out
 * @throws WhosinError `not-found`, `cannot-write`, `not-an-album`, `album-too-new`, `in-use`; of a database also
 *   `no-database`, `refused`
 */
export async function openAlbum(where?: string, options: AlbumOptions = {}): Promise<Album> {
  const { create = true, config = readConfig(), who = '', now = Date.now } = options;
  const address = albumPlace(where, config);
  const catalog = await openAlbumCatalog(address, { create });
  let opened: Promise<Faces> | undefined;
  let queue: Promise<ReadQueue> | undefined;
  const album: AlbumContext = {
    catalog,
    queue: async () => {
      const { queueRoom } = catalog;
      return queueRoom && (queue ??= openQueue(queueRoom, album));
    },
    config,
    faces: () => (opened ??= (options.faces ?? (() => openFaces({ config })))()),
    now,
    who,
    settings: {
      automaticFrom: options.automaticFrom ?? automaticFrom,
      suggestFrom: options.suggestFrom ?? suggestFrom,
      wholeUpTo: options.wholeUpTo ?? wholeUpTo,
    },
    known: new Map(),
    unstored: new Set(),
    places: openGroupPlaces(),
    learning: { current: Promise.resolve(), next: undefined },
  };
  return albumOn(album, address, async () => {
    await (await opened?.catch(() => undefined))?.close();
    await catalog.close();
  });
}

function albumOn(album: AlbumContext, address: string, close: () => Promise<void>): Album {
  const { catalog } = album;
  /** Draws the consequences of everything said, if a process was ended before it had done so. */
  const upToDate = async <T>(work: () => Promise<T>): Promise<T> => {
    await learn(album);
    return work();
  };
  return {
    place: catalog.place,
    address,
    catalog,
    add: (paths, addOptions) => addPhotos(album, paths, addOptions),
    work: (workOptions) => workOnAlbum(album, workOptions),
    waitingFile: (sha256) => waitingFile(catalog, sha256),
    status: () => upToDate(() => albumStatus(album)),
    people: (peopleOptions) => upToDate(() => albumPeople(album, peopleOptions)),
    person: (uid) => upToDate(() => albumPerson(album, uid)),
    years: (uid) => upToDate(() => personYears(album, uid)),
    groups: (groupsOptions) => upToDate(() => unnamedGroups(album, groupsOptions)),
    faces: (of, facesOptions) => upToDate(() => albumFaces(album, of, facesOptions)),
    photo: (sha256) => upToDate(() => albumPhoto(album, sha256)),
    async *photos() {
      await learn(album);
      yield* albumPhotos(album);
    },
    tracks: (sha256) => upToDate(() => videoTracks(album, sha256)),
    why: (face) => upToDate(() => whyName(album, face)),
    name: (group, name, nameOptions) => nameGroup(album, group, name, nameOptions),
    questions: (questionOptions) => upToDate(() => nextQuestions(album, questionOptions)),
    question: (kind, group) => upToDate(() => questionOfGroup(album, kind, group)),
    answer: (question, answer) => answerQuestion(album, question, answer),
    find: (query, findOptions) => upToDate(() => findPhotos(album, query, findOptions)),
    facets: (query, facetOptions) => upToDate(() => facetsOf(album, query, facetOptions)),
    changePerson: async (uid, change, changeOptions) =>
      (await changePerson(album, uid, change, changeOptions)).map(({ id }) => id),
    correct: async (correction) => (await correct(album, correction)).map(({ id }) => id),
    undo: async (...numbers) => {
      const ids = numbers.length > 0 ? [...new Set(numbers)] : [(await lastSaid(album)).id];
      return (await undo(album, ids)).map(({ id }) => id);
    },
    undoNamesFromFiles: async () => (await undoNamesFromFiles(album)).map(({ id }) => id),
    log: (logOptions) => saidLog(album, logOptions),
    model: () => upToDate(async () => (await exporter()).peopleModel(album)),
    export: (path) => upToDate(async () => (await exporter()).exportPeople(album, path)),
    exportCsv: (path) => upToDate(() => exportCsv(album, path)),
    exportPicasa: (picasaOptions) => exportPicasa(album, picasaOptions),
    write: (writeOptions) => writeNames(album, writeOptions),
    backup: (path) => backUp(album, path),
    restore: (path) => restore(album, path),
    move: (to, moveOptions) => upToDate(() => moveAlbum(album, to, moveOptions)),
    watch: (paths, watchOptions) => watchPhotos(album, paths, watchOptions),
    rebuild: () => rebuild(album),
    forget: (what, forgetOptions) => forget(album, what, forgetOptions),
    still: (key) => catalog.read(async (tables) => tables.faces.still((await chooseFaces(tables, key))[0]!)),
    figures: () => albumFigures(album),
    ready: () => catalog.ready(),
    check: async () => [
      ...(await catalog.check()),
      ...(await catalog.read(({ answers }) => answers.miscounts())),
    ],
    as: (who, { ownWordsOnly = false } = {}) => albumOn({ ...album, who, ownWordsOnly }, address, close),
    users: albumUsers(album),
    close,
  };
}

async function openQueue(room: QueueRoom, { faces }: Pick<AlbumContext, 'faces'>): Promise<ReadQueue> {
  // Loaded with its library by those who have such a database.
  const { openPostgresQueue } = await import('../jobs/postgres-queue.ts');
  return openPostgresQueue(room, { recipe: (await faces()).reader.recipe });
}

/** Loaded here: what writes model files, and fits them, is a fifth of the modules of an album. */
function exporter() {
  return import('./files/export-people.ts');
}

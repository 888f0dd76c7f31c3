/**
 * What the catalog holds, table by table. Three kinds that are never mixed: what is in the files (folders, paths, photos,
 * faces and what goes with them), what was said (said, said_faces: appended, never changed), and what follows from
 * both (undone, people, people_sums, groups, group_sums, answers, candidates: may be dropped and made again at any time).
 * Beside them stands what whosin has written into files (written), and who may use the album (users).
 *
 * Boxes are fractions of the upright photo. Times of the clock are milliseconds since 1970, as double precision, which
 * every database returns as a number.
 */

import type { Generated } from 'kysely';

/** Blobs come back as `ArrayBuffer` from libsql and as `Buffer` from PostgreSQL. */
export type Bytes = Uint8Array | ArrayBuffer;

export interface MetaTable {
  readonly key: string;
  readonly value: string;
}

export interface FoldersTable {
  readonly id: Generated<number>;
  readonly path: string;
}

export interface PathsTable {
  readonly id: Generated<number>;
  readonly folder: number;
  readonly name: string;
  /** The photo that the file held when it was read last. */
  readonly photo: number | null;
  /** Device, inode, size and time of change as they were then; null where they cannot be trusted. */
  readonly state: string | null;
  /** 1: to be read. */
  readonly pending: number;
  /** Its content, where it waits in the queue to be read. */
  readonly sha256: string | null;
  /** When somebody took it, and who that was. */
  readonly claimed: number | null;
  readonly claimer: string | null;
  /** 1: no longer there; remembered until it is forgotten. */
  readonly gone: number;
  /** Why it could not be read. */
  readonly code: string | null;
  readonly reason: string | null;
  /** The file and those beside it that may hold names, as they were when names were read last. */
  readonly names: string | null;
}

export interface PhotosTable {
  readonly id: Generated<number>;
  readonly sha256: string;
  readonly kind: 'photo' | 'video';
  readonly bytes: number;
  /** Pixels, upright. */
  readonly width: number;
  readonly height: number;
  /** Seconds. */
  readonly duration: number | null;
  readonly phash: string | null;
  /** `2019-07-04T18:30:00`, as clocks showed it there. */
  readonly taken: string | null;
  /** Minutes east of Greenwich, where that is known. */
  readonly taken_offset: number | null;
  /** `digitised`: when it was scanned, as far as a scanner wrote it. */
  readonly taken_from: 'exif' | 'digitised' | 'video' | 'file' | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly camera: string | null;
  /** The recipe that its faces were found with. */
  readonly recipe: string;
  /** 1: no file that is there holds it. */
  readonly absent: Generated<number>;
  /** Answers about its faces, counted (`answer-counts.ts`). */
  readonly faces: Generated<number>;
  readonly unknown: Generated<number>;
}

export interface FacesTable {
  readonly id: Generated<number>;
  readonly photo: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly score: number | null;
  readonly quality: number | null;
  /** Seconds of a video: where the face is seen from and to, and when it is where the box says. */
  readonly time_from: number | null;
  readonly time_to: number | null;
  readonly time_at: number | null;
  /** `said`: somebody spoke of this place, and the machine finds no face there. */
  readonly origin: 'machine' | 'said';
}

/** The coordinates that the odds use, as 16-bit floats. */
export interface CoordinatesTable {
  readonly face: number;
  readonly z: Bytes;
}

/** Cold: read where a model is exported or coordinates are made anew. */
export interface EmbeddingsTable {
  readonly face: number;
  readonly embedding: Bytes;
}

/** Cold: the best face of a track, as a JPEG file. */
export interface StillsTable {
  readonly face: number;
  readonly jpeg: Bytes;
}

/** Cold: the places where a face of a video is seen, in the order of time: seconds, left, top, width, height, as 32-bit floats. */
export interface SightingsTable {
  readonly face: number;
  readonly places: Bytes;
}

export interface SaidTable {
  readonly id: Generated<number>;
  readonly uid: string;
  readonly at: number;
  readonly who: string;
  readonly source: string;
  readonly kind: string;
  /** The uid of a person, and the name that was used. */
  readonly person: string | null;
  readonly name: string | null;
  /** Another person, into whom the first one is merged. */
  readonly other: string | null;
  /** The uid of the entry that this one takes back. */
  readonly undoes: string | null;
  /** For `born` and `died`; empty: it is not known. */
  readonly date: string | null;
}

export interface SaidFacesTable {
  readonly id: Generated<number>;
  readonly said: number;
  /** Faces of two parts are told apart, or faces that are split and the seeds of the split. */
  readonly part: number;
  readonly sha256: string;
  /** Null: the whole photo. */
  readonly left: number | null;
  readonly top: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly time: number | null;
  /** The machine's answer when this was said. */
  readonly was: string | null;
  readonly was_probability: number | null;
  /** Which face that is now; found by overlap, and made anew after each scan. */
  readonly face: number | null;
}

/** Entries that are taken back. */
export interface UndoneTable {
  readonly said: number;
}

/** Names that whosin has written into files, and may take out again. */
export interface WrittenTable {
  readonly id: Generated<number>;
  /** The photo's content. */
  readonly sha256: string;
  /** The file that has the name: the photo, a sidecar, or Picasa's list; without the folder. */
  readonly file: string;
  readonly form: 'mwg' | 'microsoft' | 'people' | 'keywords' | 'picasa';
  readonly name: string;
  /** 1: the region is whosin's too. */
  readonly made: number;
  /** Null: a name without a place. */
  readonly left: number | null;
  readonly top: number | null;
  readonly width: number | null;
  readonly height: number | null;
}

export interface PeopleTable {
  readonly id: Generated<number>;
  readonly uid: string;
  readonly name: string;
  /** The name, with a number where two people share it. */
  readonly shown: string;
  readonly hidden: number;
  /** The person whom this one was merged into. */
  readonly merged: number | null;
  /** `2015-03-02`, `2015-03` or `2015`. */
  readonly born: string | null;
  readonly died: string | null;
  /** Counts changes of the faces that are confirmed; `learnt`: up to which one it is known who resembles the person. */
  readonly revision: number;
  readonly learnt: number;
  /** Answers that name the person, counted (`answer-counts.ts`), and the photos that they are about. */
  readonly confirmed: Generated<number>;
  readonly automatic: Generated<number>;
  readonly photos: Generated<number>;
}

/** The confirmed faces of a person added up, as of a revision of the person. */
export interface PeopleSumsTable {
  readonly person: number;
  readonly revision: number;
  /** Qualities of the occasions on which they were taken, added up, and the best of them. */
  readonly weight: number;
  readonly trust: number;
  /** The mean of their coordinates, each as far as it is clear; empty if there is no face. */
  readonly mean: Bytes;
}

/** Faces that are probably one person. A number is given once. */
export interface GroupsTable {
  readonly id: Generated<number>;
  /** Its faces that nobody confirmed, taken together: means of coordinates and of their squares; null: there are none. */
  readonly z: Bytes | null;
  readonly squares: Bytes | null;
  readonly quality: number | null;
  /** Counts changes of its faces; `learnt`: up to which one its likeliest person is known. */
  readonly revision: number;
  readonly learnt: number;
  /** The likeliest person for them. */
  readonly guess: number | null;
  readonly probability: number | null;
  /** When the place was stored, counted over all groups. */
  readonly placed: Generated<number>;
  /** Its faces without a name that somebody could be asked about, and those for which somebody is likely, counted (`answer-counts.ts`). */
  readonly nameless: Generated<number>;
  readonly suggested: Generated<number>;
}

/** All faces of a group, named or not, added up, as of a revision of the group. */
export interface GroupSumsTable {
  readonly grp: number;
  readonly revision: number;
  readonly faces: number;
  /** Their qualities added up, and the best of them. */
  readonly weight: number;
  readonly trust: number;
  /** The mean of their coordinates, each as far as it is clear; empty if there is no face. */
  readonly mean: Bytes;
}

/** How likely people are for a group, as log odds. */
export interface CandidatesTable {
  readonly grp: number;
  readonly person: number;
  readonly odds: number;
}

/**
 * Said: `confirmed`, `stranger`, `not-a-face`. Found out: `automatic` is named, `suggested` is asked about, `ignored` is
 * in a group of a stranger, `unnamed` is none of these.
 */
export type AnswerState =
  | 'confirmed'
  | 'stranger'
  | 'not-a-face'
  | 'automatic'
  | 'suggested'
  | 'ignored'
  | 'unnamed';

export interface AnswersTable {
  readonly face: number;
  readonly photo: number;
  readonly grp: number | null;
  readonly state: AnswerState;
  readonly person: number | null;
  readonly probability: number | null;
  /** 1: somebody was not sure, and is not asked again. */
  readonly unsure: number;
}

/** Those who may use the album through a server, besides its owner. Secrets are stored as their SHA-256. */
export interface UsersTable {
  readonly name: string;
  readonly role: 'look' | 'answer' | 'own';
  /** Sent by programs. */
  readonly token: string;
  /** Lets a browser in once, until then; null: it was used. */
  readonly link: string | null;
  readonly link_until: number;
  readonly added: number;
}

export interface Schema {
  readonly meta: MetaTable;
  readonly folders: FoldersTable;
  readonly paths: PathsTable;
  readonly photos: PhotosTable;
  readonly faces: FacesTable;
  readonly coordinates: CoordinatesTable;
  readonly embeddings: EmbeddingsTable;
  readonly stills: StillsTable;
  readonly sightings: SightingsTable;
  readonly said: SaidTable;
  readonly said_faces: SaidFacesTable;
  readonly undone: UndoneTable;
  readonly written: WrittenTable;
  readonly users: UsersTable;
  readonly people: PeopleTable;
  readonly people_sums: PeopleSumsTable;
  readonly groups: GroupsTable;
  readonly group_sums: GroupSumsTable;
  readonly candidates: CandidatesTable;
  readonly answers: AnswersTable;
}

/** The `--json` forms of albums; documented in docs/JSON.md. */

import type { FaceView } from '../album/facts/face-views.ts';
import type { Written } from '../album/files/write-names.ts';
import type { FailedFile } from '../album/reading/sort-files.ts';
import type { LogEntry } from '../album/said/log.ts';
import type { Question } from '../album/said/questions.ts';
import type { Added } from '../album/scan/add.ts';
import type { Facets } from '../album/search/facets.ts';
import type { Found } from '../album/search/find.ts';
import type { AlbumStatus } from '../album/status.ts';
import type { AlbumFace } from '../album/views/face-list.ts';
import type { AlbumGroups } from '../album/views/groups.ts';
import type { AlbumPerson } from '../album/views/people-list.ts';
import type { YearOfPerson } from '../album/views/person-years.ts';
import type { AlbumPhoto } from '../album/views/photo-view.ts';
import type { VideoTrack } from '../album/views/video-tracks.ts';
import type { WhyName } from '../album/views/why-name.ts';
import type { Box } from '../core/geometry.ts';
import { round, uncertain } from './decision-json.ts';
import type {
  AlbumFaceJson,
  AlbumPhotoJson,
  FaceJson,
  FacetsJson,
  FoundJson,
  GroupsJson,
  LogJson,
  PersonJson,
  QuestionJson,
  StatusJson,
  TracksJson,
  WhyJson,
  YearsJson,
} from './schema/album-schema.ts';
import type { LikelyJson } from './schema/common-schema.ts';

export function addedJson({ failed, ...added }: Added): object {
  return {
    schema: 1,
    ...added,
    failed: failed.map(failedJson),
  };
}

export function writtenJson({ files, unchanged, failed }: Written, dryRun: boolean): object {
  return {
    schema: 1,
    dryRun,
    files: files.map(({ file, photo, changes }) => ({
      file,
      photo,
      changes: changes.map(({ name, was = null }) => ({ name, was })),
    })),
    unchanged,
    failed: failed.map(failedJson),
  };
}

function failedJson({ path, error: { code, message } }: FailedFile): object {
  return { file: path, code, message };
}

export function statusJson(status: AlbumStatus): StatusJson {
  const { place, people, automatic, unreadable, ...counts } = status;
  return {
    schema: 1,
    album: place,
    ...counts,
    unreadable: unreadable.map((file) => ({ ...file })),
    automatic: {
      ...automatic,
      expectedWrong: automatic.expectedWrong === null ? null : round(automatic.expectedWrong, 6),
    },
    people: people.map(({ shown, hidden, confirmed, automatic: named, photos }) => ({
      person: shown,
      hidden,
      photos,
      confirmed,
      automatic: named,
    })),
  };
}

export function groupsJson({ total, groups }: AlbumGroups): GroupsJson {
  return {
    schema: 1,
    total,
    groups: groups.map(({ shown, likely, ...group }) => ({
      ...group,
      likely: likely.map(likelyJson),
      shown: shown.map(faceJson),
    })),
  };
}

export function questionJson({ shown, likely, about: _, probability, ...question }: Question): QuestionJson {
  return {
    schema: 1,
    ...question,
    probability: probability === null ? null : uncertain(probability),
    likely: likely.map(likelyJson),
    shown: shown.map(faceJson),
  };
}

export function foundJson({ meaning, total, photos }: Found): FoundJson {
  return {
    schema: 1,
    meaning: [...meaning],
    total,
    photos: photos.map(({ path, sha256, kind, taken, people, probability }) => ({
      file: path,
      sha256,
      kind,
      taken,
      probability: probability === null ? null : round(probability, 6),
      people: people.map(({ person, probability: p, time, age }) => ({
        person,
        probability: round(p, 6),
        time,
        age,
      })),
    })),
  };
}

export function facetsJson({ total, people, years, folders, others }: Facets): FacetsJson {
  return {
    schema: 1,
    total,
    people: [...people],
    years: [...years],
    folders: [...folders],
    others: [...others],
  };
}

export function logJson(entries: readonly LogEntry[]): LogJson {
  return {
    schema: 1,
    said: entries.map(({ at, ...entry }) => ({ ...entry, at: new Date(at).toISOString() })),
  };
}

export function personJson({ cover, ...person }: AlbumPerson): PersonJson {
  return { ...person, cover: cover === null ? null : faceJson(cover) };
}

export function albumPhotoJson({ paths, faces, ...photo }: AlbumPhoto): AlbumPhotoJson {
  return { schema: 1, ...photo, files: [...paths], faces: faces.map(albumFaceJson) };
}

export function albumFaceJson(face: AlbumFace): AlbumFaceJson {
  const { group, state, person, probability, drawn, age } = face;
  return {
    ...faceJson(face),
    group,
    state,
    person,
    // Nothing is certain but the word of a person.
    probability: probability === null || state === 'confirmed' ? probability : uncertain(probability),
    age,
    drawn,
  };
}

export function yearsJson(years: readonly YearOfPerson[]): YearsJson {
  return { schema: 1, years: years.map(({ face, ...year }) => ({ ...year, face: faceJson(face) })) };
}

export function tracksJson(tracks: readonly VideoTrack[]): TracksJson {
  return {
    schema: 1,
    tracks: tracks.map(({ face, from, to, seen }) => ({
      face: albumFaceJson(face),
      from: round(from, 3),
      to: round(to, 3),
      seen: seen.map(({ time, box }) => ({ time: round(time, 3), box: boxJson(box) })),
    })),
  };
}

export function whyJson({ face, said, together, likely }: WhyName): WhyJson {
  return {
    schema: 1,
    face: albumFaceJson(face),
    said: said && { ...said, at: new Date(said.at).toISOString() },
    together,
    likely: likely.map(({ uid, person, probability, speakers }) => ({
      uid,
      person,
      probability: uncertain(probability),
      speakers: speakers.map(({ face: one, logOdds }) => ({
        face: faceJson(one),
        logOdds: round(logOdds, 3),
      })),
    })),
  };
}

function faceJson({ key, path, kind, box, time, taken }: FaceView): FaceJson {
  return { face: key, file: path, kind, box: boxJson(box), time, taken };
}

function boxJson({ left, top, width, height }: Box<'ratio'>): FaceJson['box'] {
  const ratio = (value: number): number => round(value, 4);
  return { left: ratio(left), top: ratio(top), width: ratio(width), height: ratio(height) };
}

function likelyJson({
  person,
  probability,
}: {
  readonly person: string;
  readonly probability: number;
}): LikelyJson {
  return { person, probability: uncertain(probability) };
}

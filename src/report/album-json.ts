/** The `--json` forms of albums; documented in docs/JSON.md. */

import type { Added } from '../album/add.ts';
import type { FaceView } from '../album/face-views.ts';
import type { Found } from '../album/find.ts';
import type { AlbumGroups } from '../album/groups.ts';
import type { LogEntry } from '../album/log.ts';
import type { Question } from '../album/questions.ts';
import type { AlbumStatus } from '../album/status.ts';
import { round, uncertain } from './decision-json.ts';

export function addedJson({ failed, ...added }: Added): object {
  return {
    schema: 1,
    ...added,
    failed: failed.map(({ path, error: { code, message } }) => ({ file: path, code, message })),
  };
}

export function statusJson(status: AlbumStatus): object {
  const { place, people, automatic, ...counts } = status;
  return {
    schema: 1,
    album: place,
    ...counts,
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

export function groupsJson({ total, groups }: AlbumGroups): object {
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

export function questionJson({ shown, likely, about: _, probability, ...question }: Question): object {
  return {
    schema: 1,
    ...question,
    probability: probability === null ? null : uncertain(probability),
    likely: likely.map(likelyJson),
    shown: shown.map(faceJson),
  };
}

export function foundJson({ meaning, total, photos }: Found): object {
  return {
    schema: 1,
    meaning,
    total,
    photos: photos.map(({ path, sha256, kind, taken, people, probability }) => ({
      file: path,
      sha256,
      kind,
      taken,
      probability: probability === null ? null : round(probability, 6),
      people: people.map(({ person, probability: p, time }) => ({ person, probability: round(p, 6), time })),
    })),
  };
}

export function logJson(entries: readonly LogEntry[]): object {
  return {
    schema: 1,
    said: entries.map(({ at, ...entry }) => ({ ...entry, at: new Date(at).toISOString() })),
  };
}

function faceJson({ key, path, kind, box, time, taken }: FaceView): object {
  const { left, top, width, height } = box;
  const [l, t, w, h] = [left, top, width, height].map((value) => round(value, 4));
  return { face: key, file: path, kind, box: { left: l, top: t, width: w, height: h }, time, taken };
}

function likelyJson({
  person,
  probability,
}: {
  readonly person: string;
  readonly probability: number;
}): object {
  return { person, probability: uncertain(probability) };
}

/**
 * What was said as text, one JSON object a line: for another computer, another model, another program. The first line
 * says what it is and how many entries follow, so that a file that was cut off is known.
 */

import type { Said, SaidFace, SaidKind, SaidSource } from '../../catalog/said.ts';
import { WhosinError } from '../../errors.ts';
import { isDate } from '../facts/lives.ts';

const kinds: ReadonlySet<string> = new Set<SaidKind>([
  'is',
  'is-not',
  'not-sure',
  'not-a-face',
  'stranger',
  'same',
  'different',
  'split',
  'collage',
  'box',
  'rename',
  'merge',
  'hide',
  'show',
  'born',
  'died',
  'cover',
  'undo',
]);
const sources: ReadonlySet<string> = new Set<SaidSource>(['person', 'api', 'xmp', 'folder']);

/** @param fileOf a file that shows the photo, for people to read; it has no meaning when it is read again */
export function saidLines(entries: readonly Said[], fileOf: (sha256: string) => string | undefined): string {
  const head = { whosin: 'said', schema: 1, entries: entries.length };
  const lines = entries.map(({ uid, at, who, source, kind, person, other, undoes, date, faces }) =>
    JSON.stringify({
      uid,
      at: new Date(at).toISOString(),
      ...(who !== '' && { who }),
      source,
      kind,
      ...(person && { person }),
      ...(other !== undefined && { other }),
      ...(undoes !== undefined && { undoes }),
      ...(date !== undefined && { date }),
      ...(faces.length > 0 && { faces: faces.map((face) => faceJson(face, fileOf(face.sha256))) }),
    }),
  );
  return `${[JSON.stringify(head), ...lines].join('\n')}\n`;
}

function faceJson({ sha256, box, time, part, was }: SaidFace, file: string | undefined): object {
  const digits = (value: number): number => Number(value.toFixed(6));
  return {
    photo: sha256,
    ...(box && { box: [box.left, box.top, box.width, box.height].map(digits) }),
    ...(time !== null && { time }),
    ...(part !== 0 && { part }),
    ...(was && { was }),
    ...(file !== undefined && { file }),
  };
}

/** @param path for messages. Throws `usage`, naming the line, where it is no such text or was cut off */
export function parseSaidLines(text: string, path: string): Said[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const parsed = lines.map((line, i) => parsedLine(line, i + 1, path));
  const [head, ...entries] = parsed;
  if (head?.['whosin'] !== 'said') throw bad(path, 'is no backup of what was said');
  if (head['schema'] !== 1) throw bad(path, 'was written by a newer whosin');
  const { entries: counted } = head;
  if (typeof counted !== 'number') throw bad(path, 'makes no sense in line 1');
  if (counted !== entries.length) {
    throw bad(path, `was cut off: it holds ${entries.length} of ${counted} entries`);
  }
  return entries.map((entry, i) => saidOf(entry, i + 2, path));
}

type Line = Readonly<Record<string, unknown>>;

function parsedLine(line: string, number: number, path: string): Line {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value as Line;
  } catch {
    // Said below.
  }
  throw bad(path, `is damaged in line ${number}`);
}

function saidOf(line: Line, number: number, path: string): Said {
  const { uid, at, who = '', source, kind, person, other, undoes, date, faces = [] } = line;
  const when = typeof at === 'string' ? Date.parse(at) : Number.NaN;
  const isWhole =
    isText(uid) &&
    !Number.isNaN(when) &&
    isText(who, true) &&
    isText(source) &&
    sources.has(source) &&
    isText(kind) &&
    kinds.has(kind) &&
    (person === undefined || isPerson(person)) &&
    (other === undefined || isText(other)) &&
    (undoes === undefined || isText(undoes)) &&
    (date === undefined || date === '' || (isText(date) && isDate(date))) &&
    Array.isArray(faces);
  if (!isWhole) throw bad(path, `makes no sense in line ${number}`);
  return {
    uid,
    at: when,
    who,
    source: source as SaidSource,
    kind: kind as SaidKind,
    ...(person !== undefined && { person }),
    ...(other !== undefined && { other }),
    ...(undoes !== undefined && { undoes }),
    ...(date !== undefined && { date }),
    faces: faces.map((face: unknown) => saidFace(face as Line | null, number, path)),
  };
}

function saidFace(face: Line | null, number: number, path: string): SaidFace {
  const { photo, box, time = null, part = 0, was } = face ?? {};
  const isBox = box === undefined || (Array.isArray(box) && box.length === 4 && box.every(Number.isFinite));
  const isWas =
    was === undefined || (isText((was as Line)['person']) && Number.isFinite((was as Line)['probability']));
  const isWhole =
    typeof photo === 'string' &&
    /^[0-9a-f]{64}$/.test(photo) &&
    isBox &&
    (time === null || Number.isFinite(time)) &&
    Number.isInteger(part) &&
    isWas;
  if (!isWhole) throw bad(path, `makes no sense in line ${number}`);
  const [left = 0, top = 0, width = 0, height = 0] = (box ?? []) as readonly number[];
  return {
    sha256: photo,
    box: box === undefined ? null : { left, top, width, height },
    time: time as number | null,
    part: part as number,
    ...(was !== undefined && { was: was as { readonly person: string; readonly probability: number } }),
  };
}

function isText(value: unknown, mayBeEmpty = false): value is string {
  return typeof value === 'string' && (mayBeEmpty || value !== '') && value.length <= 1000;
}

function isPerson(value: unknown): value is { readonly uid: string; readonly name: string } {
  const { uid, name } = (value ?? {}) as Line;
  return isText(uid) && isText(name, true);
}

function bad(path: string, reason: string): WhosinError {
  return WhosinError.about('usage', path, reason);
}

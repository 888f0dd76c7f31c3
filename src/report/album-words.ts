/** Reports of an album, in words. */

import type { LogEntry } from '../album/said/log.ts';
import type { Question } from '../album/said/questions.ts';
import type { Added } from '../album/scan/add.ts';
import type { AlbumStatus } from '../album/status.ts';
import type { AlbumGroup } from '../album/views/groups.ts';
import { count, percent, probability, shown } from './words.ts';

/** 18342 → `18,342` */
function many(n: number, one: string, several = `${one}s`): string {
  return `${n.toLocaleString('en')} ${n === 1 ? one : several}`;
}

/** `18,342 photos, 64 videos, 22,110 faces: 41 people named, 37 groups without a name, 120 faces to confirm` */
export function statusLine({ photos, videos, faces, people, unnamed, toConfirm }: AlbumStatus): string {
  const seen = [many(photos, 'photo'), ...(videos > 0 ? [many(videos, 'video')] : []), many(faces, 'face')];
  const known = [
    `${many(people.length, 'person', 'people')} named`,
    `${many(unnamed.groups, 'group')} without a name`,
    `${many(toConfirm, 'face')} to confirm`,
  ];
  return `${seen.join(', ')}: ${known.join(', ')}`;
}

/** Further facts that a person may want to know, a sentence each. */
export function statusRemarks({
  place,
  automatic,
  files,
  unreadable,
  outdated,
  unnamed,
}: AlbumStatus): string[] {
  const { faces, expectedWrong, judged, corrected } = automatic;
  const remarks: string[] = [];
  if (faces > 0 && expectedWrong !== null) {
    remarks.push(
      `${many(faces, 'face')} got a name without being asked about: ${percent(expectedWrong)} of them are expected to be wrong.`,
    );
  }
  if (judged > 0) {
    remarks.push(
      `You looked at ${many(judged, 'automatic name')}; ${corrected === 0 ? 'none was' : `${percent(corrected / judged)} were`} wrong.`,
    );
  }
  if (unnamed.single > 0) remarks.push(`${many(unnamed.single, 'face')} without a name stand alone.`);
  if (files.pending > 0)
    remarks.push(
      `${many(files.pending, 'file')} wait to be read: whosin album add ${place.startsWith('postgres') ? 'or a worker ' : ''}goes on.`,
    );
  if (files.failed > 0) remarks.push(`${many(files.failed, 'file')} could not be read:`);
  for (const { path, reason } of unreadable) remarks.push(`  ${shown(path)} ${shown(reason)}`);
  if (files.failed > unreadable.length) remarks.push(`  and ${files.failed - unreadable.length} more`);
  if (files.gone > 0) {
    remarks.push(
      `${many(files.gone, 'file')} are no longer there: remembered until whosin album forget --gone.`,
    );
  }
  if (outdated > 0) {
    remarks.push(`${many(outdated, 'photo')} were read by another model: whosin album add reads them again.`);
  }
  return remarks;
}

export function addedLine({ files, unchanged, photos, faces, known, gone, named, failed }: Added): string {
  const parts = [
    `${many(photos, 'new photo')} with ${many(faces, 'face')}`,
    ...(named > 0 ? [`${many(named, 'name')} from the files`] : []),
    ...(known > 0 ? [`${many(known, 'file')} moved or copied`] : []),
    ...(gone > 0 ? [`${many(gone, 'file')} gone`] : []),
    ...(failed.length > 0 ? [`${many(failed.length, 'file')} could not be read`] : []),
  ];
  return `${many(files, 'file')}, ${unchanged.toLocaleString('en')} unchanged: ${parts.join(', ')}`;
}

/** `3   25 faces in 25 photos, 2019-07-04 to 2021-02-11, perhaps Ann 0.31` */
export function groupLine({ group, faces, photos, from, until, likely }: AlbumGroup): string {
  const when = from === null ? '' : `, ${days(from, until)}`;
  const who =
    likely[0] === undefined
      ? ''
      : `, perhaps ${shown(likely[0].person)} ${probability(likely[0].probability)}`;
  return `${String(group).padStart(5)}  ${count(faces, 'face')} in ${count(photos, 'photo')}${when}${who}`;
}

function days(from: string, until: string | null): string {
  const [first, last] = [from.slice(0, 10), (until ?? from).slice(0, 10)];
  return first === last ? first : `${first} to ${last}`;
}

export function questionLine({ kind, group, faces, photos, person, probability: p }: Question): string {
  const what = `group ${group}, ${count(faces, 'face')} in ${count(photos, 'photo')}`;
  return kind === 'person' && person !== null
    ? `Is this ${shown(person)}? (${probability(p ?? 0)}; ${what})`
    : `Who is this? (${what})`;
}

/** `#12  2026-11-29 11:10  Ann is in 14 faces` */
export function logLine(entry: LogEntry): string {
  const when = new Date(entry.at).toISOString().slice(0, 16).replace('T', ' ');
  const by = entry.source === 'person' ? entry.who : [entry.who, entry.source].filter(Boolean).join(', by ');
  return `#${String(entry.number).padEnd(5)} ${when}  ${saidInWords(entry)}${by === '' ? '' : ` (${shown(by)})`}${entry.undone ? ' – taken back' : ''}`;
}

function saidInWords({ kind, person, into, date, faces, photos, undoes }: LogEntry): string {
  const who = shown(person ?? 'somebody');
  const them = count(faces, 'face');
  switch (kind) {
    case 'is':
      return `${them} of ${who}`;
    case 'is-not':
      return `${them} not of ${who}`;
    case 'not-sure':
      return person === null ? `${them}: not sure` : `${them}: not sure whether ${who}`;
    case 'not-a-face':
      return `${them} that are none`;
    case 'stranger':
      return `${them} of strangers`;
    case 'same':
      return `${them} of one person`;
    case 'different':
      return `${them} of different people`;
    case 'split':
      return `${them} split`;
    case 'collage':
      return `${count(photos, 'photo')} may show a person more than once`;
    case 'box':
      return `${them} with another box`;
    case 'cover':
      return `${who} is shown by another face`;
    case 'rename':
      return `renamed to ${who}`;
    case 'merge':
      return `${who} is ${shown(into ?? 'somebody')}`;
    case 'hide':
      return `${who} hidden`;
    case 'show':
      return `${who} shown again`;
    case 'born':
      return date ? `${who} born ${date}` : `${who}: birth not known`;
    case 'died':
      return date ? `${who} died ${date}` : `${who}: death not known`;
    case 'undo':
    default:
      return `#${undoes ?? '?'} taken back`;
  }
}

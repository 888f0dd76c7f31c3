/** The words in which answers are told, on a terminal and on a page alike. */

import type { Reason } from '../collect/journal.ts';
import type { Evaluation } from '../faces/evaluate/evaluation.ts';
import type { NamedTrack } from '../video/name-tracks.ts';
import type { PersonOverTime } from '../video/people-over-time.ts';

/**
 * A name or a path as it can be shown: what would move the cursor, change colours or turn the direction of
 * writing is written out. Folders may be called anything.
 */
export function shown(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, (c) => {
    const code = c.codePointAt(0)!.toString(16);
    return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, '0')}`;
  });
}

/** `1 photo`, `2 photos`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** The size of files: `1.5 kB`, `39.0 MB`. */
export function fileSize(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** A share as a percentage with one decimal. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/**
 * A probability with two decimals, never rounded up to certainty: 0.9999 prints as >0.99. (Calibration is
 * measured in hundredths, so more digits would promise more than is known.)
 */
export function probability(p: number): string {
  if (p > 0.99) return '>0.99';
  if (p < 0.01) return '<0.01';
  return p.toFixed(2);
}

/** 75 → `01:15`, 3675 → `1:01:15`; with digits `01:15.250`. */
export function clock(seconds: number, digits = 0): string {
  const whole = Number(seconds.toFixed(digits));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  const rest = (whole % 60).toFixed(digits).padStart(digits > 0 ? digits + 3 : 2, '0');
  return `${hours > 0 ? `${hours}:` : ''}${String(minutes).padStart(2, '0')}:${rest}`;
}

export function personLabel({ person, unknown }: Pick<PersonOverTime, 'person' | 'unknown'>): string {
  return person ?? `unknown ${unknown}`;
}

/** The name that is drawn or listed for a track. */
export function trackLabel({ decision, unknown }: NamedTrack): string {
  if (decision.kind === 'known') return decision.person;
  return unknown === null ? 'unclear' : `unknown ${unknown}`;
}

/** How a reason reads: of photos that were set aside. */
export const reasonText: Readonly<Record<Reason, string>> = {
  duplicate: 'copies of other photos',
  'someone-else': 'likely someone else',
  'small-face': 'the face is too small',
  'no-face': 'no face found',
  broken: 'not a photo, or broken',
  removed: 'removed by you',
};

export interface EvaluationSubject {
  readonly folder: string;
  readonly model?: string | undefined;
}

/** Longer lists are in the page and in the JSON. */
export const mostLines = 10;

/** The measurement in one line. */
export function headline(
  { photos, protocol, enrolled, strangers }: Evaluation,
  { folder, model }: EvaluationSubject,
): string {
  const what = `${shown(folder)}: ${count(photos, 'photo')}, ${count(enrolled.people, 'enrolled person', 'enrolled people')}, ${count(strangers.people, 'stranger')}`;
  if (protocol.kind === 'model') return `${what}, asked of ${shown(model ?? '')}`;
  const left = protocol.strangers === 'left-out' ? ', each person left out once to be a stranger' : '';
  return `${what}, cross-validated in ${protocol.parts} parts${left}`;
}

/** Sentences that a reader has to know before believing the numbers. */
export function remarks({ strangerFolders, taught, alone, strangers, others, doubts }: Evaluation): string[] {
  const said = doubts.map(shown);
  if (taught.length > 0)
    said.push(`${count(taught.length, 'photo')} left out: the model was trained with them.`);
  if (strangerFolders.length > 0)
    said.push(`Not in the model, so counted as strangers: ${names(strangerFolders)}.`);
  if (alone.length > 0)
    said.push(`Asked about only as strangers, for want of a second photo: ${names(alone)}.`);
  if (strangers.faces === 0)
    said.push(
      'No strangers: without them, calibration and how often strangers get a name cannot be measured. Add photos of people who are not enrolled (--strangers DIR).',
    );
  if (others.faces > 0)
    said.push(
      `${count(others.faces, 'other face')} beside the labelled ones: ${others.named.length} named, right or wrong cannot be told.`,
    );
  return said;
}

/** The same about a model of whole pictures. */
export function labelRemarks(
  missing: readonly string[],
  foreign: readonly { readonly folder: string; readonly pictures: number }[],
): string[] {
  const said: string[] = [];
  if (missing.length > 0) {
    said.push(`Labels of the model without a picture here, so nothing is known of them: ${names(missing)}.`);
  }
  if (foreign.length > 0) {
    const folders = foreign.map(({ folder, pictures }) => `${folder} (${count(pictures, 'picture')})`);
    said.push(`Folders that the model has no label for, so they count for nothing: ${names(folders)}.`);
  }
  return said;
}

function names(all: readonly string[]): string {
  const some = all.slice(0, mostLines).map(shown).join(', ');
  return all.length > mostLines ? `${some} and ${all.length - mostLines} more` : some;
}

/** A path as a word of a shell's command line. */
export function forShell(path: string): string {
  const text = shown(path);
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

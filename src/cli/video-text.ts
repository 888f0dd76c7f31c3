/** How videos are shown on the terminal: who, from when to when. */

import type { IdentifiedVideo, Look } from '../video/identified-video.ts';
import type { NamedTrack } from '../video/name-tracks.ts';
import type { PersonOverTime } from '../video/people-over-time.ts';
import { count, out, print, probability, shown } from './terminal/output.ts';

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

export function sayVideo(video: IdentifiedVideo): void {
  const { path, people, tracks, read } = video;
  const named = people.filter(({ person }) => person !== null);
  const unknown = people.length - named.length;
  const who = [...named.map(({ person }) => shown(person!)), ...(unknown > 0 ? [`${unknown} unknown`] : [])];
  const what = people.length === 0 ? 'no face found' : who.join(', ');
  print(`${out.bold(shown(path))}: ${clock(read.to - read.from)}: ${what}`);
  for (const person of people) {
    const label = shown(personLabel(person));
    const name = person.person === null ? out.yellow(label.padEnd(24)) : out.green(label.padEnd(24));
    for (const [i, { from, to, probability: p, best }] of person.spans.entries()) {
      const span = `${clock(from)}-${clock(to)}`.padEnd(13);
      print(
        `  ${i === 0 ? name : ' '.repeat(24)} ${span} ${out.dim(`(${probability(p)}, best at ${clock(best)})`)}`,
      );
    }
  }
  const unclear = tracks.filter((track) => trackLabel(track) === 'unclear').length;
  if (unclear > 0) print(out.dim(`  ${count(unclear, 'face')} more, too unclear to tell`));
}

/** One line a frame: each face by itself, as in a photo. */
export function sayLook({ index, time, faces }: Look): void {
  const each = faces.map(({ decision }) =>
    decision.kind === 'known'
      ? `${out.green(shown(decision.person))} ${probability(decision.probability)}`
      : `${out.yellow('unknown')} ${probability(decision.probability)}`,
  );
  print(`  ${clock(time, 3)}  frame ${String(index).padEnd(6)} ${each.length === 0 ? '–' : each.join(', ')}`);
}

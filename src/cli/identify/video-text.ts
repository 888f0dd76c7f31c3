/** How videos are shown on the terminal: who, from when to when. */

import { clock, count, personLabel, probability, shown, trackLabel } from '../../report/words.ts';
import type { IdentifiedVideo, Look } from '../../video/identified-video.ts';
import { out, print } from '../terminal/output.ts';

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

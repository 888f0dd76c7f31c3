/** The answer of `whosin identify` for a photo, in words and as JSON. */

import { describeDamage } from '../../core/damage.ts';
import type { IdentifiedFace, IdentifiedPhoto } from '../../faces/people/identify.ts';
import { count, probability, shown } from '../../report/words.ts';
import { out, print } from '../terminal/output.ts';

export function sayPhoto(photo: Extract<IdentifiedPhoto, { kind: 'photo' }>): void {
  const { path, faces, damage } = photo;
  const names = faces.flatMap(({ decision }) => (decision.kind === 'known' ? [shown(decision.person)] : []));
  const unknown = faces.length - names.length;
  const summary = [...names, ...(unknown > 0 ? [`${unknown} unknown`] : [])].join(', ');
  print(
    `${out.bold(shown(path))}: ${faces.length === 0 ? 'no face found' : `${count(faces.length, 'face')}: ${summary}`}`,
  );
  if (damage) print(`  ${out.yellow(describeDamage(damage, photo))}`);
  for (const face of faces) print(`  ${faceLine(face)}`);
}

function faceLine({ box, decision }: IdentifiedFace): string {
  const place = `${Math.round(box.width)}×${Math.round(box.height)} at ${Math.round(box.left)},${Math.round(box.top)}`;
  const name =
    decision.kind === 'known'
      ? out.green(shown(decision.person).padEnd(24))
      : out.yellow('unknown'.padEnd(24));
  const next = decision.candidates[decision.kind === 'known' ? 1 : 0];
  const runnerUp =
    decision.kind === 'known' && (next === undefined || decision.unknown >= next.probability)
      ? { person: 'unknown', probability: decision.unknown }
      : next;
  const second = runnerUp ? `next ${shown(runnerUp.person)} ${probability(runnerUp.probability)}` : '';
  return `${name} ${probability(decision.probability).padStart(5)}  ${second.padEnd(34)} ${out.dim(place)}`;
}

/** Entries about who is one person and who is not, as the grouping takes them: for faces by their index. */

import type { Answer } from '../../catalog/answers-table.ts';
import type { Tables } from '../../catalog/catalog.ts';
import type { SaidEntry } from '../../catalog/said.ts';
import { groupedBy } from '../../core/grouped.ts';
import type { Faces } from '../../faces/open-faces.ts';
import type { Constraints } from '../../faces/people/group-album.ts';
import { type EnrolledFace, mostLike } from '../../faces/people/likeness.ts';
import { personFinder } from './people-names.ts';
import { sameFaces } from './same-faces.ts';
import { verdictOf } from './verdict.ts';

export interface ConstrainedFace extends EnrolledFace {
  readonly id: number;
  readonly photo: number;
}

/** The entries that count about one face. */
interface Bound {
  readonly photo: number | null;
  readonly person: number | null;
  readonly isStranger: boolean;
  readonly rejected: ReadonlySet<number>;
  /** The part of each entry that tells people apart. */
  readonly parts: ReadonlyMap<number, number>;
}

export async function constraintsOf(
  tables: Tables,
  faces: readonly ConstrainedFace[],
  answers: ReadonlyMap<number, Answer>,
  background: Faces['background'],
): Promise<Constraints> {
  const personOf = personFinder(await tables.people.all());
  const index = new Map(faces.map(({ id }, i) => [id, i]));
  const about = await tables.mentions.about([...index.keys()]);
  const mentions = groupedBy(about, ({ face }) => face);
  const collages = await collagePhotos(tables);
  const splits = await tables.said.ofKinds(['different', 'split']);
  const parts = faces.map(() => new Map<number, number>());
  const together: number[][] = [];
  for (const entry of splits) {
    const members = membersOf(entry, index);
    const seeds = groupedBy(
      members.filter(({ part }) => entry.kind === 'different' || part > 0),
      ({ part }) => part,
    );
    for (const [part, own] of seeds) {
      for (const { i } of own) parts[i]!.set(entry.id, part);
      if (entry.kind === 'split') together.push(own.map(({ i }) => i));
    }
    if (entry.kind === 'different') continue;
    // The rest goes with the seeds that it is more like.
    const keys = [...seeds.keys()];
    const like = mostLike(
      background,
      [...seeds.values()].map((own) => own.map(({ i }) => faces[i]!)),
    );
    for (const { i } of members.filter(({ part }) => part === 0)) {
      const nearest = like(faces[i]!);
      if (nearest !== undefined) parts[i]!.set(entry.id, keys[nearest]!);
    }
  }
  const bound = faces.map(({ id, photo }, i): Bound => {
    const own = mentions.get(id);
    const answer = answers.get(id);
    return {
      photo: collages.has(photo) ? null : photo,
      person: answer?.state === 'confirmed' ? answer.person : null,
      isStranger: answer?.state === 'stranger',
      rejected: own ? verdictOf(own, personOf).rejected : nobody,
      parts: parts[i]!,
    };
  });
  const same = sameFaces(about, (face) => bound[index.get(face)!]!.person);
  together.push(...same.map((own) => own.map((face) => index.get(face)!)));
  return {
    exclusive: bound.map(({ photo }) => photo),
    together: together.filter((own) => own.length > 1),
    apart: (a, b) => differ(bound[a]!, bound[b]!),
    spoken: bound.flatMap((own, i) => (isSpokenOf(own) ? [i] : [])),
  };
}

const nobody: ReadonlySet<number> = new Set();

function isSpokenOf({ person, isStranger, rejected, parts }: Bound): boolean {
  return person !== null || isStranger || rejected.size > 0 || parts.size > 0;
}

/** Whether it was said that they are two people. */
function differ(a: Bound, b: Bound): boolean {
  if (a.person !== null && b.person !== null && a.person !== b.person) return true;
  if (a.person !== null && (b.isStranger || b.rejected.has(a.person))) return true;
  if (b.person !== null && (a.isStranger || a.rejected.has(b.person))) return true;
  for (const [entry, part] of a.parts) {
    const other = b.parts.get(entry);
    if (other !== undefined && other !== part) return true;
  }
  return false;
}

function membersOf(
  entry: SaidEntry,
  index: ReadonlyMap<number, number>,
): { readonly i: number; readonly part: number }[] {
  return entry.faces.flatMap(({ face, part }) => {
    const i = face === undefined ? undefined : index.get(face);
    return i === undefined ? [] : [{ i, part }];
  });
}

/** Photos that show people more than once: mirrors, collages, contact sheets. */
export async function collagePhotos({ said, photos }: Tables): Promise<ReadonlySet<number>> {
  const entries = await said.ofKinds(['collage']);
  const hashes = new Set(entries.flatMap(({ faces }) => faces.map(({ sha256 }) => sha256)));
  return new Set((await photos.bySha256([...hashes])).map(({ id }) => id));
}

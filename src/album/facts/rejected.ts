/** Who faces are not, by what was said about them or about others. */

import type { Tables } from '../../catalog/catalog.ts';
import type { Mention } from '../../catalog/mentions-table.ts';
import { groupedBy } from '../../core/grouped.ts';
import { personFinderFor } from './people-names.ts';
import { verdictsBy } from './settle.ts';

/**
 * Faces that were told apart are not the same person: if one of them is confirmed to be Ann, no other one is Ann.
 *
 * @param faces that nobody confirmed
 * @returns people by their ids, for every face
 */
export async function rejectedFor(
  tables: Tables,
  faces: readonly number[],
): Promise<ReadonlyMap<number, ReadonlySet<number>>> {
  const about = await tables.mentions.about(faces);
  const verdicts = verdictsBy(about, faces, await personFinderFor(tables, about));
  const telling = about.filter(tellsApart);
  const others = await tables.mentions.facesOf([...new Set(telling.map(({ said }) => said))]);
  const beside = groupedBy((await tables.mentions.about(others)).filter(tellsApart), ({ said }) => said);
  const confirmed = new Map(
    (await tables.answers.of(others)).flatMap(({ face, state, person }) =>
      state === 'confirmed' ? [[face, person!] as const] : [],
    ),
  );
  const rejected = new Map(faces.map((face) => [face, new Set(verdicts.get(face)!.rejected)]));
  for (const { face, said, part } of telling) {
    for (const other of beside.get(said)!) {
      const person = other.part === part ? undefined : confirmed.get(other.face);
      if (person !== undefined) rejected.get(face)!.add(person);
    }
  }
  return rejected;
}

/** A split leaves open who the faces of part 0 are: it tells them apart from nobody. */
function tellsApart({ kind, part }: Mention): boolean {
  return kind === 'different' || (kind === 'split' && part > 0);
}

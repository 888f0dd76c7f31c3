/** A photo that was read, kept: its faces take the places of those that an earlier look found, and what was said finds them. */

import type { Tables } from '../../catalog/catalog.ts';
import type { CatalogFace } from '../../catalog/faces-table.ts';
import { type BoxAt, boxOnce, onePlaceEach, type Place, samePlaces } from '../facts/same-places.ts';
import { firstAnswer, settleFaces } from '../facts/settle.ts';
import type { ReadRecord } from './read-file.ts';

/**
 * Photos that nobody has read or spoken of, and they are nearly all of them, go in together.
 *
 * @returns their rows, in order
 */
export async function keepPhotos(tables: Tables, records: readonly ReadRecord[]): Promise<readonly number[]> {
  const sha256s = records.map(({ photo }) => photo.sha256);
  const known = await tables.photos.bySha256(sha256s);
  const spoken = await tables.mentions.placesIn(sha256s);
  const isPlain = known.length === 0 && spoken.length === 0 && new Set(sha256s).size === records.length;
  if (!isPlain) {
    const ids: number[] = [];
    for (const record of records) ids.push(await keepPhoto(tables, record));
    return ids;
  }
  const ids = await tables.photos.add(records.map(({ photo }) => photo));
  const found = records.flatMap(({ faces }, i) => faces.map((face) => ({ photo: ids[i]!, face })));
  const added = await tables.faces.addAll(found);
  await tables.answers.save(added.map((face, i) => firstAnswer(face, found[i]!.photo)));
  return ids;
}

/** @returns the photo's row */
async function keepPhoto(tables: Tables, { photo, faces }: ReadRecord): Promise<number> {
  const id = await tables.photos.save(photo);
  const before = await tables.faces.ofPhotos([id]);
  const found = samePlaces(
    before.map(placeOf),
    faces.map(({ boxAt }) => boxAt),
  );
  for (const [i, face] of before.entries()) {
    const now = found[i] ?? null;
    if (now !== null) await tables.faces.replace(face.id, faces[now]!);
  }
  const kept = new Set(found);
  const fresh = faces.filter((_, i) => !kept.has(i));
  const added = await tables.faces.add(id, fresh);
  await tables.answers.save(added.map((face) => firstAnswer(face, id)));
  await loseFaces(
    tables,
    before.filter(({ origin }, i) => found[i] === null && origin === 'machine'),
  );
  const lying = new Map<number, BoxAt>([
    ...before.flatMap(({ id: face }, i) =>
      typeof found[i] === 'number' ? [[face, faces[found[i]]!.boxAt] as const] : [],
    ),
    ...added.map((face, i) => [face, fresh[i]!.boxAt] as const),
  ]);
  await findSpoken(tables, [{ id, sha256: photo.sha256 }], lying);
  const touched = await tables.answers.of(before.map((face) => face.id));
  await tables.groups.touch([...new Set(touched.flatMap(({ grp }) => grp ?? []))]);
  return id;
}

/** Faces that the machine finds no longer: those that somebody spoke of stay, as places. */
async function loseFaces(tables: Tables, faces: readonly CatalogFace[]): Promise<void> {
  const ids = faces.map(({ id }) => id);
  const spoken = new Set((await tables.mentions.about(ids)).map(({ face }) => face));
  await tables.faces.unfind(ids.filter((id) => spoken.has(id)));
  await tables.faces.remove(ids.filter((id) => !spoken.has(id)));
}

/**
 * Finds the faces that were spoken of; where none is found, the place becomes one.
 *
 * @param lying where faces were just seen, by their ids: in a video more is known than one moment
 */
export async function findSpoken(
  tables: Tables,
  photos: readonly { readonly id: number; readonly sha256: string }[],
  lying: ReadonlyMap<number, BoxAt> = new Map(),
): Promise<void> {
  const changed: number[] = [];
  for (const { id, sha256 } of photos) {
    const spoken = await tables.mentions.placesIn([sha256]);
    const withBox = spoken.filter(({ box, isCorrection }) => box !== null && !isCorrection);
    const places = withBox.map(({ box, time }) => ({ box: box!, time }));
    if (withBox.length === 0) continue;
    const faces = await tables.faces.ofPhotos([id]);
    const groups = onePlaceEach(places);
    const found = samePlaces(
      groups.map(([first]) => places[first!]!),
      faces.map((face) => lying.get(face.id) ?? boxOnce(placeOf(face))),
    );
    for (const [g, group] of groups.entries()) {
      const match = found[g] ?? null;
      const { box, time } = places[group[0]!]!;
      const face = match === null ? await tables.faces.addSpoken(id, box, time) : faces[match]!.id;
      const outdated = group.map((i) => withBox[i]!).filter((place) => place.face !== face);
      await tables.mentions.resolve(outdated.map((place) => ({ id: place.id, face })));
      changed.push(face, ...outdated.flatMap((place) => place.face ?? []));
      const corrected = new Set(outdated.map(({ said }) => said));
      const corrections = spoken.filter(({ said, isCorrection }) => isCorrection && corrected.has(said));
      await tables.mentions.resolve(corrections.map((place) => ({ id: place.id, face })));
    }
  }
  await settleFaces(tables, [...new Set(changed)]);
}

function placeOf({ box, time }: CatalogFace): Place {
  return { box, time: time?.at ?? null };
}

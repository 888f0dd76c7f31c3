/** RECIPE: the people of an album become a model file, for `identify` elsewhere. */

import { unitLength } from '../../core/embedding.ts';
import { WhosinError } from '../../errors.ts';
import { loadFalseMatches } from '../../faces/people/false-match-rate.ts';
import { placedBy } from '../../faces/people/likeness.ts';
import type { PeopleModel } from '../../faces/people/model-file.ts';
import { savePeopleModel } from '../../faces/people/people-model.ts';
import { trainOnExamples } from '../../faces/people/train-on-examples.ts';
import type { AlbumContext } from '../context.ts';
import { livingPeople } from '../facts/people.ts';
import { knownFaces } from '../naming/templates.ts';

export interface ExportedPeople {
  readonly people: number;
  readonly faces: number;
}

/** A model of the faces that somebody confirmed. Throws `too-few-photos` if there are none, `cannot-write`. */
export async function exportPeople(album: AlbumContext, path: string): Promise<ExportedPeople> {
  const model = await peopleModel(album);
  await savePeopleModel(path, model);
  return { people: model.people.length, faces: model.gallery.length };
}

/** Throws `too-few-photos` if nobody has a confirmed face. */
export async function peopleModel(album: AlbumContext): Promise<PeopleModel> {
  const { pack, background, reader, compute } = await album.faces();
  const people = await livingPeople(album);
  const known = await knownFaces(album, people);
  const named = people.filter(({ id }) => known.has(id));
  if (named.length === 0) {
    throw new WhosinError(
      'too-few-photos',
      'Nobody in this album has a confirmed face: name a group first (whosin album groups, whosin album name).',
    );
  }
  const faces = named.flatMap(({ id, shown }, person) =>
    known.get(id)!.map((face) => ({ ...face, person, label: shown })),
  );
  const { embeddings, hashes } = await album.catalog.read(async (tables) => ({
    embeddings: await tables.faces.embeddings(faces.map(({ id }) => id)),
    hashes: new Map(
      (await tables.photos.byIds([...new Set(faces.map(({ photo }) => photo))])).map((p) => [p.id, p.sha256]),
    ),
  }));
  const examples = faces.map(({ id, photo, quality, event, person, label }) => {
    const values = unitLength(embeddings.get(id)!);
    return {
      sha256: hashes.get(photo)!,
      label,
      person,
      group: event,
      quality,
      embedding: { space: reader.space, values },
      ...placedBy(background, values),
    };
  });
  const strangers = await loadFalseMatches(pack);
  const names = named.map(({ shown }) => shown);
  const options = { strangers };
  return (await trainOnExamples(names, examples, background, reader.space, compute, options)).model;
}

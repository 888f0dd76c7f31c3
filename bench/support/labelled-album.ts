/**
 * An album made of folders of one person each, and the truth about its faces. In a photo with several faces the person
 * is the one that `train` would choose; the others are nobody whom anybody has to know.
 */

import { basename, dirname } from 'node:path';
import type { Album } from '../../src/album/open-album.ts';
import type { Answer } from '../../src/catalog/answers-table.ts';
import { readAlbum } from '../../src/faces/find/read-album.ts';
import type { Faces } from '../../src/faces/open-faces.ts';
import { chooseFaces, labelledFaces } from '../../src/faces/people/consensus.ts';

export interface LabelledAlbum {
  /** Whose face it is, by its id; not listed where that is nobody whom anybody has to know. */
  readonly truth: ReadonlyMap<number, string>;
}

/** @param least people with fewer photos are strangers */
export async function labelAlbum(album: Album, faces: Faces, least: number): Promise<LabelledAlbum> {
  const rows = await album.catalog.read(async (tables) => {
    const all: {
      readonly id: number;
      readonly photo: number;
      readonly left: number;
      readonly top: number;
    }[] = [];
    const answers: Answer[] = [];
    for await (const part of tables.answers.each()) answers.push(...part);
    for (const { id, photo, box } of await tables.faces.byIds(answers.map(({ face }) => face))) {
      all.push({ id, photo, left: box.left, top: box.top });
    }
    const paths = await tables.paths.ofPhotos([...new Set(all.map(({ photo }) => photo))]);
    return { all, paths };
  });
  const pathOf = (photo: number): string => rows.paths.get(photo)![0]!.path;
  const photos = [...rows.paths.keys()];
  const read: {
    readonly photo: number;
    readonly person: string;
    readonly faces: Parameters<typeof labelledFaces>[1];
  }[] = [];
  let at = 0;
  for await (const reading of readAlbum(photos.map(pathOf), faces.reader, faces.cache)) {
    const photo = photos[at++]!;
    if ('error' in reading) throw reading.error;
    read.push({ photo, person: basename(dirname(reading.path)), faces: reading.photo });
  }
  const choices = await chooseFaces(
    faces.background,
    read.map(({ person, faces: found }) => ({ person, faces: labelledFaces(faces.background, found) })),
    faces.compute,
  );
  const counts = new Map<string, number>();
  for (const { person } of read) counts.set(person, (counts.get(person) ?? 0) + 1);
  const truth = new Map<number, string>();
  for (const [i, { photo, person, faces: found }] of read.entries()) {
    const { face, verdict } = choices[i]!;
    if (verdict === 'doubtful' || counts.get(person)! < least) continue;
    const { box } = found.faces[face]!;
    const own = rows.all.find(
      (row) =>
        row.photo === photo &&
        Math.abs(row.left - box.left / found.width) < 1e-6 &&
        Math.abs(row.top - box.top / found.height) < 1e-6,
    );
    if (own) truth.set(own.id, person);
  }
  return { truth };
}

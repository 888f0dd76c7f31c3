/** A small catalog made by chance, and what it holds as plain data: conditions can be looked at photo by photo. */

import type { Answer } from '../../src/catalog/answers-table.ts';
import type { Catalog } from '../../src/catalog/catalog.ts';
import type { PhotoCondition } from '../../src/catalog/find-table.ts';
import type { NewPhoto } from '../../src/catalog/photos-table.ts';
import type { AnswerState } from '../../src/catalog/schema.ts';

export function hashOf(n: number): string {
  return n.toString(16).padStart(64, '0');
}

export function newPhoto(n: number, more: Partial<NewPhoto> = {}): NewPhoto {
  return {
    sha256: hashOf(n),
    kind: 'photo',
    bytes: 1000 + n,
    width: 640,
    height: 480,
    duration: null,
    phash: null,
    taken: '2019-07-04T18:30:00',
    taken_offset: null,
    taken_from: 'exif',
    latitude: null,
    longitude: null,
    camera: null,
    recipe: 'one',
    ...more,
  };
}

export interface MadePhoto {
  readonly id: number;
  readonly kind: 'photo' | 'video';
  readonly taken: string;
  readonly paths: readonly { readonly folder: number; readonly gone: boolean }[];
  readonly faces: readonly Answer[];
}

export interface MadeCatalog {
  readonly photos: readonly MadePhoto[];
  readonly people: readonly number[];
  /** Any condition, so many levels deep. */
  condition(depth: number): PhotoCondition;
}

const states: readonly AnswerState[] = [
  'confirmed',
  'automatic',
  'suggested',
  'unnamed',
  'ignored',
  'stranger',
  'not-a-face',
];

export async function fillMadeCatalog(
  catalog: Catalog,
  count: number,
  random: () => number,
): Promise<MadeCatalog> {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const uids = ['ann', 'bob', 'cleo', 'dan'];
  const photos: MadePhoto[] = [];
  const people = await catalog.write(async (tables) => {
    await tables.people.settle(
      uids.map((uid) => ({
        uid,
        name: uid,
        shown: uid,
        hidden: false,
        merged: null,
        born: null,
        died: null,
      })),
    );
    const ids = (await tables.people.all()).map(({ id }) => id);
    for (let n = 0; n < count; n++) {
      const kind = random() < 0.2 ? 'video' : 'photo';
      const taken = `20${15 + Math.floor(random() * 8)}-0${1 + Math.floor(random() * 9)}-11T10:00:00`;
      const id = await tables.photos.save(newPhoto(n, { kind, taken }));
      const paths: { folder: number; gone: boolean }[] = [];
      for (let copy = 0; copy <= Number(random() < 0.3); copy++) {
        const folder = pick(['/trip/Rome', '/trip/Oslo', '/home']);
        await tables.paths.await(folder, [{ name: `${n}-${copy}.jpg`, state: null }]);
        const [row] = await tables.paths.find([`${folder}/${n}-${copy}.jpg`]);
        await tables.paths.hold([{ id: row!.id, photo: id, state: null }]);
        const gone = random() < 0.2;
        await tables.paths.setGone([row!.id], gone);
        paths.push({ folder: row!.folder, gone });
      }
      const faces: Answer[] = [];
      const box = { left: 0, top: 0, width: 0.1, height: 0.1 };
      for (let f = 0; f < Math.floor(random() * 5); f++) {
        const state = pick(states);
        const hasName = state === 'confirmed' || state === 'automatic' || state === 'suggested';
        faces.push({
          face: await tables.faces.addSpoken(id, box, null),
          photo: id,
          grp: null,
          state,
          person: hasName ? pick(ids) : null,
          probability: hasName ? (state === 'confirmed' ? 1 : random()) : null,
          unsure: 0,
        });
      }
      await tables.answers.save(faces);
      photos.push({ id, kind, taken, paths, faces });
    }
    return ids;
  });
  const folders = (await catalog.read(({ find }) => find.folders())).map(({ id }) => id);
  const condition = (depth: number): PhotoCondition => {
    const some = states.filter(() => random() < 0.5);
    const kinds = ['person', 'nobody-but', 'faces', 'unknown', 'taken', 'folders', 'media'] as const;
    const kind = depth > 0 && random() < 0.5 ? pick(['all', 'any', 'not'] as const) : pick(kinds);
    switch (kind) {
      case 'all':
      case 'any':
        return { kind, of: Array.from({ length: Math.floor(random() * 4) }, () => condition(depth - 1)) };
      case 'not':
        return { kind, of: condition(depth - 1) };
      case 'person':
        return { kind, person: pick(people), states: some };
      case 'nobody-but':
        return { kind, people: people.filter(() => random() < 0.5), states: some };
      case 'faces': {
        const least = Math.floor(random() * 3);
        return { kind, least, most: random() < 0.5 ? null : least + Math.floor(random() * 2) };
      }
      case 'unknown':
        return { kind };
      case 'taken':
        return {
          kind,
          from: random() < 0.3 ? null : `20${15 + Math.floor(random() * 4)}`,
          until: random() < 0.3 ? null : `20${18 + Math.floor(random() * 4)}-05`,
        };
      case 'folders':
        return { kind, folders: folders.filter(() => random() < 0.5) };
      case 'media':
      default:
        return { kind: 'media', media: pick(['photo', 'video']) };
    }
  };
  return { photos, people, condition };
}

export function facesOfPhoto({ photos }: MadeCatalog, id: number): readonly Answer[] {
  return photos.find((photo) => photo.id === id)!.faces;
}

/** Whether a photo fulfils a condition, told by looking at it. */
export function matches(condition: PhotoCondition, photo: MadePhoto): boolean {
  const faces = photo.faces.filter(({ state }) => state !== 'not-a-face');
  switch (condition.kind) {
    case 'all':
      return condition.of.every((part) => matches(part, photo));
    case 'any':
      return condition.of.some((part) => matches(part, photo));
    case 'not':
      return !matches(condition.of, photo);
    case 'person':
      return photo.faces.some(
        ({ person, state }) => person === condition.person && condition.states.includes(state),
      );
    case 'nobody-but':
      return faces.every(
        ({ person, state }) =>
          person !== null && condition.people.includes(person) && condition.states.includes(state),
      );
    case 'faces':
      return faces.length >= condition.least && faces.length <= (condition.most ?? Infinity);
    case 'unknown':
      return photo.faces.some(({ state }) => state === 'unnamed' || state === 'suggested');
    case 'taken':
      return (
        (condition.from === null || photo.taken >= condition.from) &&
        (condition.until === null || photo.taken < condition.until)
      );
    case 'folders':
      return photo.paths.some(({ folder, gone }) => !gone && condition.folders.includes(folder));
    case 'media':
    default:
      return photo.kind === condition.media;
  }
}

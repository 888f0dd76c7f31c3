/** A catalog of very many faces, filled through its own tables; half of the names were given by somebody. */

import type { Answer } from '../../src/catalog/answers-table.ts';
import type { Catalog, Tables } from '../../src/catalog/catalog.ts';
import type { SaidFace } from '../../src/catalog/said.ts';
import { seededRandom } from '../../src/core/random.ts';
import type { TwoCovariance } from '../../src/learn/odds/two-covariance.ts';
import { drawPerson, drawPhoto, drawVector, seededNormal } from '../../test/synthetic-people.ts';

export interface MadeCatalog {
  readonly photos: number;
  readonly people: number;
  readonly entries: number;
}

/** What the shipped networks make of a face. */
const dimensions = 1152;

/** Their faces follow Zipf's law, as in albums. */
const people = 1000;
const photosAtOnce = 2000;
const facesOfGroup = 20;

/**
 * @param background people are as different as it says
 * @param recipe that the photos were read with
 */
export async function fillCatalog(
  catalog: Catalog,
  faces: number,
  background: TwoCovariance,
  recipe: string,
): Promise<MadeCatalog> {
  const random = seededRandom(faces);
  const normal = seededNormal(faces);
  const embeddings = Array.from({ length: 50 }, () => drawVector(dimensions, normal));
  const known = Array.from({ length: people }, () => drawPerson(background, normal));
  const shares = Array.from({ length: people }, (_, i) => 1 / (i + 1));
  const until = shares.map((_, i) => shares.slice(0, i + 1).reduce((a, b) => a + b));
  const somebody = (): number => {
    const at = random() * until.at(-1)!;
    return until.findIndex((end) => at < end);
  };
  const ids = await catalog.write(async (tables) => {
    await tables.people.settle(Array.from({ length: people }, (_, i) => person(i)));
    for (const { id, revision } of await tables.people.toLearn()) await tables.people.learnt(id, revision);
    return (await tables.people.all()).map(({ id }) => id);
  });
  /** Faces that were named and not yet said, by person. */
  const waiting: SaidFace[][] = Array.from({ length: people }, () => []);
  let stranger = drawPerson(background, normal);
  let [photos, made, entries, group, inGroup] = [0, 0, 0, 0, 0];
  while (made < faces) {
    await catalog.write(async (tables) => {
      for (let n = 0; n < photosAtOnce && made < faces; n++) made += await addPhoto(tables, photos++);
    });
  }
  await catalog.write(async (tables) => {
    for (let i = 0; i < people; i++) await say(tables, i);
  });
  return { photos, people, entries };

  async function say(tables: Tables, who: number): Promise<void> {
    if (waiting[who]!.length === 0) return;
    const { uid, name } = person(who);
    await tables.said.append([
      {
        uid: `s${entries}`,
        at: 1e12 + entries++,
        who: '',
        source: 'person',
        kind: 'is',
        person: { uid, name },
        faces: waiting[who]!.splice(0),
      },
    ]);
  }

  /** @returns how many faces it shows */
  async function addPhoto(tables: Tables, n: number): Promise<number> {
    const day = new Date(Date.UTC(2005, 0, 1) + Math.floor(random() * 7300) * 86_400_000);
    const taken = day.toISOString().slice(0, 10);
    const sha256 = n.toString(16).padStart(64, '0');
    const photo = await tables.photos.save({
      sha256,
      kind: 'photo',
      bytes: 4e6,
      width: 4000,
      height: 3000,
      duration: null,
      phash: n.toString(16).padStart(16, '0'),
      taken: `${taken}T12:00:00`,
      taken_offset: 60,
      taken_from: 'exif',
      latitude: null,
      longitude: null,
      camera: 'Camera 1',
      recipe,
    });
    const folder = `/photos/${taken.slice(0, 4)}/${taken}`;
    const state = `1:${n}:4000000:1:1`;
    await tables.paths.await(folder, [{ name: `${n}.jpg`, state }]);
    const [row] = await tables.paths.find([`${folder}/${n}.jpg`]);
    await tables.paths.holds(row!.id, photo, state);
    const answers: Answer[] = [];
    const seen = 1 + Math.floor(random() * random() * 5);
    for (let i = 0; i < seen; i++) {
      const box = { left: i / 10, top: 0.2, width: 0.08, height: 0.1 };
      const who = random() < 0.6 ? somebody() : undefined;
      const grp = who === undefined ? await groupOf(tables) : null;
      const [face] = (await tables.faces.add(photo, [
        {
          box,
          score: 0.9,
          quality: 0.9,
          time: null,
          still: null,
          z: drawPhoto(who === undefined ? stranger : known[who]!, normal),
          embedding: embeddings[(n + i) % embeddings.length]!,
        },
      ])) as [number];
      const isSaid = who !== undefined && random() < 0.5;
      answers.push({
        face,
        photo,
        grp,
        state: isSaid ? 'confirmed' : who === undefined ? 'unnamed' : 'automatic',
        person: who === undefined ? null : ids[who]!,
        probability: isSaid ? 1 : who === undefined ? null : 0.95 + 0.05 * random(),
        unsure: 0,
      });
      if (!isSaid) continue;
      waiting[who]!.push({ sha256, box, time: null, part: 0, face });
      if (waiting[who]!.length === facesOfGroup) await say(tables, who);
    }
    await tables.answers.save(answers);
    return seen;
  }

  async function groupOf(tables: Tables): Promise<number> {
    if (inGroup++ % facesOfGroup > 0) return group;
    [group] = (await tables.groups.add(1)) as [number];
    stranger = drawPerson(background, normal);
    await tables.groups.learnt(group, 1, {
      z: stranger,
      squares: stranger.map((v) => v * v + 1),
      quality: 0.9,
    });
    return group;
  }
}

function person(i: number) {
  const name = `Person ${i}`;
  return { uid: `p${i}`, name, shown: name, hidden: false, merged: null };
}

/**
 * The simulated person of album-clicks.ts, once at the album itself and once through the requests of the page: are the clicks
 * the same, and how many answers a second are there?
 *
 *   npx tsx bench/server-clicks.ts [FOLDERS=sports-dev,celeb5/train,celeb5/test of ../shared/data/faces]
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { faceViews } from '../src/album/facts/face-views.ts';
import { type Album, openAlbum } from '../src/album/open-album.ts';
import { openClient } from '../src/client/client.ts';
import { readConfig } from '../src/config.ts';
import { groupedBy } from '../src/core/grouped.ts';
import { openFaces } from '../src/faces/open-faces.ts';
import { writeFileAtomically } from '../src/runtime/atomic-file.ts';
import { serve } from '../src/server/serve.ts';
import { labelAlbum } from './support/labelled-album.ts';
import { places, type Row, report } from './support/results.ts';

const set = places.length > 0 ? places : ['sports-dev', 'celeb5/train', 'celeb5/test'];
const least = 5;
const target = 0.99;
const token = 'the-token-of-this-bench';
const config = readConfig();
const faces = await openFaces({ config });

interface Asked {
  readonly person: string | null;
  /** Faces by their keys. */
  readonly about: readonly string[];
  /** Answers the whole question. */
  readonly answer: (answer: Answer) => Promise<unknown>;
  /** Says it about some of the faces. */
  readonly say: (answer: Answer, about: readonly string[]) => Promise<unknown>;
}

type Answer = { readonly kind: 'yes' | 'stranger' } | { readonly kind: 'is'; readonly person: string };

// The first of each loads programs, as a server does when it starts.
for (const ask of [askAlbum, askServer]) await measure('', ask);
const rows = [await measure('the album', askAlbum), await measure('the requests of the page', askServer)];
await faces.close();
await report('server-clicks', {
  title: `Clicks until 99 % of the faces of ${set.join(' + ')} are right`,
  rows,
  notes: [
    'Answers a second: with the time for the next question and its faces, which the page reads ahead. The second run of each.',
  ],
});

async function measure(
  what: string,
  opens: (
    album: Album,
  ) => Promise<{ readonly next: () => Promise<Asked | undefined>; readonly close: () => Promise<void> }>,
): Promise<Row> {
  const scratch = await mkdtemp(join(tmpdir(), 'whosin-bench-'));
  // An album closes what it reads faces with; the next one needs it again.
  const album = await openAlbum(join(scratch, 'album.db'), {
    config,
    faces: async () => ({ ...faces, close: async () => {} }),
  });
  await album.add(set.map((name) => join('../shared/data/faces', name)));
  const { truth } = await labelAlbum(album, faces, least);
  const views = await album.catalog.read((tables) => faceViews(tables, [...truth.keys()]));
  const nameOf = new Map(views.map(({ key, face }) => [key, truth.get(face)!]));
  const { next, close } = await opens(album);
  let clicks = 0;
  let [time, cpu] = [0, 0];
  while ((await shareRight(album, truth)) < target) {
    const [begun, before] = [performance.now(), process.cpuUsage()];
    const asked = await next();
    if (asked === undefined) break;
    const who = groupedBy(asked.about, (face) => nameOf.get(face) ?? null);
    const [name, own] = [...who].toSorted((a, b) => b[1].length - a[1].length)[0]!;
    const answer: Answer =
      name === null
        ? { kind: 'stranger' }
        : name === asked.person
          ? { kind: 'yes' }
          : { kind: 'is', person: name };
    if (own.length === asked.about.length) await asked.answer(answer);
    else await asked.say(answer, own);
    clicks++;
    for (const face of asked.about.filter((one) => !own.includes(one))) {
      const person = nameOf.get(face);
      await asked.say(person === undefined ? { kind: 'stranger' } : { kind: 'is', person }, [face]);
      clicks++;
    }
    time += performance.now() - begun;
    const { user, system } = process.cpuUsage(before);
    cpu += (user + system) / 1000;
  }
  const right = await shareRight(album, truth);
  await close();
  await album.close();
  await rm(scratch, { recursive: true });
  return {
    'asked through': what,
    faces: truth.size,
    clicks,
    reached: right.toFixed(4),
    'answers a second': ((1000 * clicks) / time).toFixed(1),
    'processor ms an answer': (cpu / clicks).toFixed(1),
  };
}

async function askAlbum(album: Album) {
  const next = async (): Promise<Asked | undefined> => {
    const [question] = await album.questions({ limit: 1, singles: true });
    if (question === undefined) return undefined;
    const { kind, person, about } = question;
    const views = await album.catalog.read((tables) => faceViews(tables, about));
    const idOf = new Map(views.map(({ key, face }) => [key, face]));
    return {
      person,
      about: views.map(({ key }) => key),
      answer: (answer) => album.answer(question, answer),
      say: (answer, some) => album.answer({ kind, person, about: some.map((key) => idOf.get(key)!) }, answer),
    };
  };
  return { next, close: async () => {} };
}

async function askServer(album: Album) {
  const server = await serve(album, { config, version: '0', write: writeFileAtomically, token });
  const client = openClient({ address: server.address, token });
  const next = async (): Promise<Asked | undefined> => {
    const { data } = await client.GET('/api/v1/questions', {
      params: { query: { limit: 1, singles: 'true' } },
    });
    const question = data!.questions[0];
    if (question === undefined) return undefined;
    const { id, group, person } = question;
    const params = { path: { group }, query: { limit: 1000 } };
    const listed = await client.GET('/api/v1/groups/{group}/faces', { params });
    const about = listed.data!.faces.filter(({ state }) => state !== 'confirmed').map(({ face }) => face);
    return {
      person,
      about,
      answer: async (body) =>
        checked(await client.POST('/api/v1/questions/{id}/answer', { params: { path: { id } }, body })),
      say: async (answer, some) => {
        const named = answer.kind === 'yes' ? person! : answer.kind === 'is' ? answer.person : null;
        const body =
          named === null
            ? { kind: 'stranger' as const, faces: [...some] }
            : { kind: 'is' as const, person: named, faces: [...some] };
        return checked(await client.POST('/api/v1/said', { body }));
      },
    };
  };
  return { next, close: () => server.close() };
}

function checked({ error }: { readonly error?: unknown }): void {
  if (error !== undefined) throw new Error(JSON.stringify(error));
}

async function shareRight(album: Album, truth: ReadonlyMap<number, string>): Promise<number> {
  return album.catalog.read(async (tables) => {
    const names = new Map((await tables.people.all()).map(({ id, shown }) => [id, shown]));
    let right = 0;
    for await (const part of tables.answers.each()) {
      for (const { face, state, person } of part) {
        const name = state === 'confirmed' || state === 'automatic' ? names.get(person!) : undefined;
        if (name !== undefined && name === truth.get(face)) right++;
      }
    }
    return right / truth.size;
  });
}

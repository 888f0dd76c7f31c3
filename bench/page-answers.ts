/**
 * The answers that the page asks for on a large album: how long each takes the server, and how long the server's thread is
 * busy with it, for that is how long everybody else waits.
 *
 *   npx tsx bench/page-answers.ts [FACES=100000] [--quick]
 *
 * The faces are made. Each answer is asked for alone, several times; the first of each is left out.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAlbum } from '../src/album/open-album.ts';
import { openClient } from '../src/client/client.ts';
import { readConfig } from '../src/config.ts';
import { openFaces } from '../src/faces/open-faces.ts';
import { writeFileAtomically } from '../src/runtime/atomic-file.ts';
import { serve } from '../src/server/serve.ts';
import { fillCatalog } from './support/made-catalog.ts';
import { isQuick, median, places, type Row, report } from './support/results.ts';

const count = Number(places[0] ?? (isQuick ? 20_000 : 100_000));
const times = isQuick ? 4 : 10;
const scratch = await mkdtemp(join(tmpdir(), 'whosin-bench-'));
const config = readConfig({ WHOSIN_HOME: scratch });
const faces = await openFaces({ config });
const place = join(scratch, 'album.db');
await fillCatalog(place, count, faces.background, faces.reader.recipe);
const album = await openAlbum(place, { config, faces: async () => faces });
const token = 'the-token-of-this-bench';
const server = await serve(album, {
  config,
  version: '0',
  write: writeFileAtomically,
  token,
  roots: [scratch],
});
const client = openClient({ address: server.address, token });
const rows: Row[] = [];
try {
  await measureAll();
} finally {
  await server.close();
  await album.close();
  await rm(scratch, { recursive: true });
}
await report('page-answers', {
  title: `Answers of the server on an album of ${count.toLocaleString('en')} made faces`,
  rows,
  notes: [
    'Processor: that of the whole process, which is the server’s thread and the client’s part of it; other work does not lengthen it.',
    'Longest hold: the longest time for which the thread answered nobody else, by the clock.',
  ],
});

async function measureAll(): Promise<void> {
  const person = (await album.people({ limit: 40 })).people;
  const [first, some] = [person[0]!, person[30]!];
  const who = `"${first.person}"`;
  const automatic = (await album.faces({ person: first.uid }, { limit: 300 })).faces;
  const face = (n: number): string => automatic[n % automatic.length]!.key;
  const photo = face(0).slice(0, 64);
  const photos = (query: object) => client.GET('/api/v1/photos', { params: { query } });
  const facets = (query: object) => client.GET('/api/v1/photos/facets', { params: { query } });
  const uid = { path: { uid: first.uid } };
  for (const [what, ask] of [
    ['how the album stands', () => client.GET('/api/v1/album')],
    ['the wall of people', () => client.GET('/api/v1/people', { params: { query: { limit: 500 } } })],
    ['groups without a name', () => client.GET('/api/v1/groups')],
    ['the most frequent person', () => client.GET('/api/v1/people/{uid}', { params: uid })],
    ['their faces', () => client.GET('/api/v1/people/{uid}/faces', { params: uid })],
    ['their years', () => client.GET('/api/v1/people/{uid}/years', { params: uid })],
    ['the next questions', () => client.GET('/api/v1/questions', { params: { query: { limit: 12 } } })],
    ['the log', () => client.GET('/api/v1/said', { params: { query: { limit: 200 } } })],
    ['photos: the first ones', () => photos({})],
    ['photos: from the middle', () => photos({ offset: Math.round(count / 3) })],
    ['photos: a person', () => photos({ q: who })],
    ['photos: two people and a year', () => photos({ q: `${who} and "${some.person}", 2012` })],
    ['facets of all photos', () => facets({})],
    ['facets of a person', () => facets({ q: who })],
    ['facets of a year', () => facets({ q: '2012' })],
    ['a photo', () => client.GET('/api/v1/photos/{sha256}', { params: { path: { sha256: photo } } })],
    [
      'why a face has its name',
      (n: number) => client.GET('/api/v1/faces/{face}/why', { params: { path: { face: face(n * 17) } } }),
    ],
  ] as const)
    await measure(what, ask);
}

async function measure(
  what: string,
  ask: (n: number) => Promise<{ readonly error?: unknown }>,
): Promise<void> {
  const [walls, cpus, holds]: [number[], number[], number[]] = [[], [], []];
  const asked = async (n: number): Promise<void> => {
    const { error } = await ask(n);
    if (error !== undefined) throw new Error(`${what}: ${JSON.stringify(error)}`);
  };
  await asked(0);
  for (let n = 1; n <= times; n++) {
    const before = process.cpuUsage();
    const begun = performance.now();
    await asked(n);
    walls.push(performance.now() - begun);
    const { user, system } = process.cpuUsage(before);
    cpus.push((user + system) / 1000);
    // To watch takes the processor itself.
    const hold = watchThread();
    await asked(n + times);
    holds.push(hold());
  }
  rows.push({
    what,
    median: `${median(walls).toFixed(1)} ms`,
    most: `${Math.max(...walls).toFixed(1)} ms`,
    'processor, median': `${median(cpus).toFixed(1)} ms`,
    'longest hold, median': `${median(holds).toFixed(1)} ms`,
    goal: '< 50 ms',
  });
}

/** @returns ends the watch: milliseconds of the longest turn of the event loop meanwhile */
function watchThread(): () => number {
  let [last, longest, isOver] = [performance.now(), 0, false];
  const look = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isOver) setImmediate(look);
  };
  setImmediate(look);
  return () => {
    isOver = true;
    look();
    return longest;
  };
}

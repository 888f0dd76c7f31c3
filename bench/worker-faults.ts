/**
 * Nothing is lost: three workers read photos that keep coming, two programs answer, and all the time workers are killed
 * (SIGKILL), stopped (SIGSTOP) and started anew, the database is restarted, and connections are cut. Photos are texts.
 *
 *   npx tsx bench/worker-faults.ts [KILLS=100]
 */

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openAlbum } from '../src/album/open-album.ts';
import { seededRandom } from '../src/core/random.ts';
import { madeConfig, madeFaces, writeMadePhoto } from '../test/album/made-album.ts';
import { openPostgres } from '../test/postgres/postgres-server.ts';
import { insistently } from './support/insistently.ts';
import { begin, type Running } from './support/processes.ts';
import { isQuick, median, places, report } from './support/results.ts';
import { openProxy } from './support/tcp-proxy.ts';

const kills = Number(places[0] ?? (isQuick ? 10 : 100));
/** Milliseconds between two kills, and for how long a worker is stopped. */
const [between, stopped] = [1200, 25_000];
const [photosAtOnce, feedEvery] = [60, 4000];
/** After the last fault all has to be read within this. */
const patience = 120_000;

const random = seededRandom(20);
const folder = await mkdtemp(join(tmpdir(), 'whosin-bench-'));
const server = await openPostgres();
const proxy = await openProxy(server.socket);
const far = `postgres://whosin@127.0.0.1:${proxy.port}/postgres?album=faults`;
const near = `${server.address}&album=faults`;
const home = join(folder, 'home');
await mkdir(home);
const album = await openAlbum(near, { config: madeConfig(home), faces: async () => madeFaces(home) });
const script = (name: string): string[] => [
  '--import',
  'tsx',
  fileURLToPath(new URL(`support/${name}.ts`, import.meta.url)),
];
const startWorker = (): Running => begin([...script('made-worker'), far, home, '200', '4']);
const away = new Set<number>();
const done = { kills: 0, restarts: 0, cuts: 0, stops: 0 };
const resumed: number[] = [];

const kept = (): Promise<number> => insistently(() => album.catalog.read(({ rows }) => rows.count('photos')));
/** @returns seconds until the next photo is kept */
async function untilNext(): Promise<number> {
  const [began, before] = [performance.now(), await kept()];
  while ((await kept()) === before && performance.now() - began < 60_000) await pause(25);
  return (performance.now() - began) / 1000;
}

let written = 0;
const over = new AbortController();
async function feed(): Promise<void> {
  while (!over.signal.aborted) {
    const began = performance.now();
    for (let n = 0; n < photosAtOnce; n++, written++) {
      const path = join(folder, 'photos', String(written % 20), `${written}.jpg`);
      await writeMadePhoto(path, [{ who: written % 40, take: written }], `${written}`);
    }
    await insistently(() => album.add([join(folder, 'photos')], { queue: true }));
    await pause(Math.max(0, feedEvery - (performance.now() - began)));
  }
}

async function goOnAfterwards({ pid, child }: Running): Promise<void> {
  await pause(stopped);
  child.kill('SIGCONT');
  away.delete(pid);
}

const workers: Running[] = [startWorker(), startWorker(), startWorker()];
// Strangers, to be named: an answer each.
const strangers = isQuick ? 60 : 900;
for (let n = 0; n < strangers; n++) {
  await writeMadePhoto(join(folder, 'strangers', `${n}.jpg`), [{ who: 1000 + n, take: 0 }], `stranger ${n}`);
}
await album.add([join(folder, 'strangers')]);
const feeding = feed();
const answerers = ['A', 'B'].map((letter) => begin([...script('made-answerer'), far, home, letter]));
await Promise.all(workers.map((one) => one.said('ready')));
await untilNext();
let pausesEnd: Promise<unknown> = Promise.resolve();
while (done.kills < kills) {
  await pause(between);
  const at = Math.floor(random() * workers.length);
  const victim = workers[at]!;
  if (!away.has(victim.pid)) {
    victim.child.kill('SIGKILL');
    workers[at] = startWorker();
    done.kills++;
  }
  if (done.kills % 5 === 0 && done.restarts < done.kills / 5) {
    done.restarts++;
    await server.restart();
    resumed.push(await untilNext());
  }
  if (done.kills % 5 === 2 && done.cuts <= done.kills / 5) {
    done.cuts++;
    proxy.cut();
  }
  if (done.kills % 25 === 12 && done.stops <= done.kills / 25 && away.size === 0) {
    done.stops++;
    const still = workers[(at + 1) % workers.length]!;
    away.add(still.pid);
    still.child.kill('SIGSTOP');
    pausesEnd = goOnAfterwards(still);
  }
  if (done.kills % 10 === 0)
    console.error(`${JSON.stringify(done)}, ${written} photos, ${await kept()} read`);
}
await pausesEnd;
over.abort();
await feeding;
const last = performance.now();
const pending = (): Promise<number> =>
  insistently(async () => (await album.catalog.read(({ paths }) => paths.counts())).pending);
while ((await pending()) > 0 && performance.now() - last < patience) await pause(100);
const finished = (performance.now() - last) / 1000;
for (const one of [...workers, ...answerers]) one.child.kill('SIGTERM');
await Promise.all([...workers, ...answerers].map((one) => one.ended()));

await album.add([join(folder, 'photos')]);
const status = await album.status();
const told = answerers.flatMap(({ lines }) => lines.filter((line) => line !== 'ready'));
const log = await album.log({ limit: 1_000_000 });
const times = (name: string): number =>
  log.filter(({ person, kind }) => person === name && kind === 'is').length;
const lost = told.filter((name) => times(name) === 0);
const twice = [...new Set(log.map(({ person }) => person))].filter(
  (name) => name !== null && times(name) > 1,
);
await album.close();
await proxy.close();
await server.close();
await rm(folder, { recursive: true });
for (const name of lost) console.error(`lost: ${name}`);
await report('worker-faults', {
  title:
    'Three workers and two who answer on PostgreSQL, while all of it is killed, restarted, stopped and cut',
  rows: [
    {
      ...done,
      photos: written,
      'not read': written + strangers - status.photos,
      'read twice into the album': status.faces - status.photos,
      'given up': status.files.failed,
      answers: told.length,
      'answers lost': lost.length,
      'answers twice': twice.length,
      'on after a restart': `${median(resumed).toFixed(1)} s, at most ${Math.max(...resumed).toFixed(1)} s`,
      'all read after the last fault': `${finished.toFixed(1)} s`,
    },
  ],
  notes: [
    `kills: SIGKILL of a worker, which another one takes the place of. stops: SIGSTOP for ${stopped / 1000} s. cuts: all connections of workers and answerers at once. On after a restart: from the moment that the database takes connections until the next photo is kept.`,
  ],
});

/**
 * The real thing: photos read by one `whosin worker` of one core, and by two (Linux: taskset), from one PostgreSQL on this
 * machine; and the queue's own share of the time that a photo takes.
 *
 *   npm run build && npx tsx bench/workers.ts [PHOTOS=400] [FOLDER]
 */

import { copyFile, cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openAlbum } from '../src/album/open-album.ts';
import { readConfig } from '../src/config.ts';
import { openPostgres } from '../test/postgres/postgres-server.ts';
import { measureMade } from './support/made-run.ts';
import { begin, cpuOf, cpuOfFamily, type Running, untilDone } from './support/processes.ts';
import { isQuick, places, type Row, report } from './support/results.ts';

const count = Number(places[0] ?? (isQuick ? 24 : 400));
const given = places[1] ?? fileURLToPath(new URL('../../shared/data/faces', import.meta.url));
const command = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
/** Read first, and not counted: networks are opened at the first photo. */
const warmUp = 24;

const folder = await mkdtemp(join(tmpdir(), 'whosin-bench-'));
const server = await openPostgres();
const rows: Row[] = [];
try {
  await choosePhotos();
  // Each twice, in the opposite order: a busy machine is busy for all of them.
  const runs = [1, 2, 2, 1];
  const measured: {
    readonly workers: number;
    readonly seconds: number;
    readonly cpu: readonly [number, number];
  }[] = [];
  for (const [i, workers] of runs.entries()) measured.push({ workers, ...(await measure(workers, i)) });
  for (const workers of [1, 2]) {
    const own = measured.filter((run) => run.workers === workers);
    const seconds = own.reduce((sum, run) => sum + run.seconds, 0) / own.length;
    const cpu = [0, 1].map((i) => own.reduce((sum, run) => sum + run.cpu[i]!, 0) / own.length);
    rows.push({
      workers,
      photos: count,
      'photos a second': (count / seconds).toFixed(2),
      'processor a photo, workers': `${((1000 * cpu[0]!) / count).toFixed(1)} ms`,
      'processor a photo, PostgreSQL': `${((1000 * cpu[1]!) / count).toFixed(1)} ms`,
    });
  }
  const [one, two] = rows.map((row) => Number(row['photos a second'])) as [number, number];
  const rest = await measureMade(server, folder, {
    workers: 1,
    photos: isQuick ? 300 : 2000,
    wait: 0,
    atOnce: 4,
  });
  rows.push({
    workers: '1, whose reader does nothing',
    photos: isQuick ? 300 : 2000,
    'photos a second': rest.perSecond.toFixed(0),
    'processor a photo, workers': `${rest.workers.toFixed(1)} ms`,
    'processor a photo, PostgreSQL': `${rest.postgres.toFixed(1)} ms`,
  });
  const single = measured.filter((run) => run.workers === 1);
  const all = single.reduce((sum, run) => sum + run.cpu[0] + run.cpu[1], 0) / single.length / count;
  const share = (rest.workers + rest.postgres) / 1000 / all;
  await report('workers', {
    title: `${count} photos by workers of one core each, on one PostgreSQL of the same machine`,
    rows,
    notes: [
      `Two workers read ${(two / one).toFixed(2)} times as fast as one.`,
      `The share of queue and catalog in the processor time of a photo, worker and PostgreSQL together: ${(100 * share).toFixed(1)} %.`,
    ],
  });
} finally {
  await server.close();
  await rm(folder, { recursive: true });
}

async function choosePhotos(): Promise<void> {
  const names = (await readdir(given, { recursive: true }))
    .filter((name) => /\.jpe?g$/i.test(name))
    .toSorted();
  if (names.length < count + warmUp) throw new Error(`${given} has ${names.length} photos`);
  const step = Math.floor(names.length / (count + warmUp));
  for (let n = 0; n < count + warmUp; n++) {
    const to = join(folder, n < warmUp ? 'first' : 'photos');
    await mkdir(to, { recursive: true });
    await copyFile(join(given, names[n * step]!), join(to, `${n}.jpg`));
  }
}

async function measure(
  workers: number,
  run: number,
): Promise<{ readonly seconds: number; readonly cpu: readonly [number, number] }> {
  const address = `${server.address}&album=run${run}`;
  // The results of every run before it are in no cache; the compiled networks are.
  const config = readConfig();
  const album = await openAlbum(address, { config });
  const running: Running[] = [];
  const untilRead = (): Promise<void> =>
    untilDone(running, 200, async () => !(await album.catalog.read(({ waiting }) => waiting.isAny())));
  try {
    for (let core = 0; core < workers; core++) {
      const env = { WHOSIN_HOME: await homeOf(run, core) };
      running.push(begin([command, 'worker', '--album', address, '--concurrency', '1'], { core, env }));
    }
    // All of them are there when the first photos come, and get some.
    await pause(5000);
    await album.add([join(folder, 'first')], { queue: true });
    await untilRead();
    const cpu = sums(running);
    const began = performance.now();
    await album.add([join(folder, 'photos')], { queue: true });
    await untilRead();
    const seconds = (performance.now() - began) / 1000;
    return { seconds, cpu: sums(running).map((end, i) => end - cpu[i]!) as [number, number] };
  } finally {
    for (const one of running) one.child.kill('SIGTERM');
    await Promise.all(running.map((one) => one.ended()));
    await album.close();
  }
}

function sums(running: readonly Running[]): [number, number] {
  return [running.reduce((sum, { pid }) => sum + cpuOf(pid), 0), cpuOfFamily(server.pid())];
}

/** Nothing has been read in it, and its networks are compiled. */
async function homeOf(run: string | number, core: number): Promise<string> {
  const home = join(folder, `home-${run}-${core}`);
  await cp(join(readConfig().home, 'models'), join(home, 'models'), { recursive: true }).catch(() => {});
  return home;
}

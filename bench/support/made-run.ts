/** Photos that are texts, read by workers that only wait: everything but the reading itself is the real thing. */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { openAlbum } from '../../src/album/open-album.ts';
import { madeConfig, madeFaces, writeMadePhoto } from '../../test/album/made-album.ts';
import type { PostgresServer } from '../../test/postgres/postgres-server.ts';
import { begin, cpuOf, cpuOfFamily, type Running, untilDone } from './processes.ts';

export interface MadeRun {
  readonly workers: number;
  readonly photos: number;
  /** Milliseconds that a photo takes, and how many each worker reads at once. */
  readonly wait: number;
  readonly atOnce: number;
}

export interface MadeRunCost {
  readonly perSecond: number;
  /** Milliseconds of user and system time for a photo. */
  readonly workers: number;
  readonly postgres: number;
}

const worker = fileURLToPath(new URL('made-worker.ts', import.meta.url));

/** @param folder is there, and gets photos and homes */
export async function measureMade(
  server: PostgresServer,
  folder: string,
  { workers, photos: count, wait, atOnce }: MadeRun,
): Promise<MadeRunCost> {
  const name = `made${workers}x${count}`;
  const photos = join(folder, name);
  for (let n = 0; n < count; n++) {
    await writeMadePhoto(
      join(photos, String(n % 100), `${n}.jpg`),
      [{ who: n % 50, take: n }],
      `${name} ${n}`,
    );
  }
  const address = `${server.address}&album=${name}`;
  const home = join(folder, `home-${name}`);
  await mkdir(home);
  const album = await openAlbum(address, { config: madeConfig(home), faces: async () => madeFaces(home) });
  const args = ['--import', 'tsx', worker, address, home, String(wait), String(atOnce)];
  const kept = (): Promise<number> => album.catalog.read((tables) => tables.rows.count('photos'));
  const sums = (pids: readonly number[]): readonly [number, number] => [
    pids.reduce((sum, pid) => sum + cpuOf(pid), 0),
    cpuOfFamily(server.pid()),
  ];
  const running: Running[] = [];
  try {
    const full = new AbortController();
    const adding = album.add([photos], { queue: true, onFull: () => full.abort() });
    await Promise.race([adding, untilAborted(full.signal)]);
    for (let n = 0; n < workers; n++) running.push(begin(args));
    await Promise.all(running.map((one) => one.said('ready')));
    await untilDone(running, 5, async () => (await kept()) > 0);
    const pids = running.map(({ pid }) => pid);
    const [began, before, cpu] = [performance.now(), await kept(), sums(pids)];
    await untilDone(running, 20, async () => (await kept()) >= count);
    const seconds = (performance.now() - began) / 1000;
    const spent = sums(pids).map((end, i) => end - cpu[i]!);
    await adding;
    const done = count - before;
    return {
      perSecond: done / seconds,
      workers: (1000 * spent[0]!) / done,
      postgres: (1000 * spent[1]!) / done,
    };
  } finally {
    for (const one of running) one.child.kill('SIGTERM');
    await Promise.all(running.map((one) => one.ended()));
    await album.close();
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

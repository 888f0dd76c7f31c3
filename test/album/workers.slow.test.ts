/** Albums that many workers read: on a real PostgreSQL, with photos that are texts. */

import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { type Album, openAlbum } from '../../src/album/open-album.ts';
import { openPostgresCatalog } from '../../src/catalog/open-postgres.ts';
import { describeWithPostgres } from '../postgres/describe-with-postgres.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { madeConfig, madeFaces, writeMadePhoto, writePeople } from './made-album.ts';

describeWithPostgres('an album that many workers read', (server) => {
  let albums = 0;

  interface Shared {
    readonly folder: string;
    readonly photos: string;
    /** One more machine, with a cache of its own. */
    readonly machine: (onRead?: (path: string) => unknown) => Promise<Album>;
  }
  async function shared(people: number, takes: number): Promise<Shared> {
    const folder = await temporaryFolder();
    await writePeople(folder, people, takes);
    const address = `${server().address}&album=workers${albums++}`;
    let machines = 0;
    return {
      folder,
      photos: join(folder, 'photos'),
      async machine(onRead) {
        const home = join(folder, `.home${machines++}`);
        await mkdir(home);
        const album = await openAlbum(address, {
          config: madeConfig(home),
          faces: async () => madeFaces(home, onRead && { onRead }),
        });
        onTestFinished(() => album.close());
        return album;
      },
    };
  }

  test('is read by its add alone where no worker runs, by all together where some do, and each photo once', async () => {
    const { photos, machine } = await shared(10, 6);
    const read: string[] = [];
    const onRead = (path: string): void => void read.push(path);
    const [one, two] = [await machine(onRead), await machine(onRead)];
    expect(await one.add([join(photos, '0-0.jpg')])).toMatchObject({ photos: 1, faces: 1, failed: [] });
    const stop = new AbortController();
    const working = two.work({ signal: stop.signal });
    expect(await one.add([photos])).toMatchObject({ files: 60, photos: 59, faces: 59, failed: [] });
    stop.abort();
    await working;
    expect(read.length).toBe(60);
    expect(await one.status()).toMatchObject({ photos: 60, faces: 60, files: { pending: 0, failed: 0 } });
    const { groups } = await one.groups({ limit: 100, least: 1 });
    expect(groups.map(({ faces }) => faces)).toEqual(Array(10).fill(6));
    expect(await one.add([photos])).toMatchObject({ files: 60, photos: 0, known: 0 });
  });

  test('is left to workers by --queue: they read it, and one of them groups the faces', async () => {
    const { photos, machine } = await shared(5, 4);
    const [one, two, three] = [await machine(), await machine(), await machine()];
    expect(await one.add([photos], { queue: true })).toMatchObject({ files: 20, photos: 0, failed: [] });
    expect(await one.status()).toMatchObject({ photos: 0, files: { pending: 20 } });
    const { queue, ...counts } = await one.figures();
    expect(counts).toEqual({ photos: 0, faces: 0, said: 0 });
    expect(queue).toMatchObject({ waiting: 20, active: 0, dead: 0 });
    expect(queue!.oldest).toBeGreaterThan(0);
    const done = await Promise.all([two.work({ drain: true }), three.work({ drain: true })]);
    expect(done.reduce((sum, { photos: n }) => sum + n, 0)).toBe(20);
    const nothing = { waiting: 0, active: 0, dead: 0, oldest: 0 };
    expect(await one.figures()).toEqual({ photos: 20, faces: 20, said: 0, queue: nothing });
    expect((await one.groups({ limit: 100, least: 1 })).groups.map(({ faces }) => faces)).toEqual(
      Array(5).fill(4),
    );
  });

  test('reports what cannot be read, copies too, and reads it when it is mended', async () => {
    const { photos, machine } = await shared(1, 2);
    const broken = [join(photos, 'broken.jpg'), join(photos, 'copy.jpg')];
    for (const path of broken) await writeFile(path, 'no photo');
    const album = await machine();
    const added = await album.add([photos]);
    expect(added).toMatchObject({ photos: 2 });
    expect(
      added.failed
        .map(({ path, error }) => [path, error.code].join(' '))
        .toSorted((a, b) => a.localeCompare(b)),
    ).toEqual(broken.map((path) => `${path} not-a-photo`));
    await writeMadePhoto(broken[0]!, [{ who: 0, take: 7 }]);
    expect(await album.add([photos])).toMatchObject({ photos: 1 });
    expect(await album.status()).toMatchObject({ photos: 3, files: { pending: 0, failed: 1 } });
  });

  test('waits for files that a worker does not see, and for none that are gone', async () => {
    const { folder, photos, machine } = await shared(2, 2);
    const [one, two] = [await machine(), await machine()];
    await one.add([photos], { queue: true });
    await rm(join(photos, '1-1.jpg'));
    await one.add([photos], { queue: true });
    const away = join(folder, 'away');
    await rename(photos, away);
    const stop = new AbortController();
    const done = await two.work({ signal: stop.signal, onProgress: () => stop.abort() });
    expect(done).toMatchObject({ photos: 0, failed: [] });
    expect(done.later).toBeGreaterThan(0);
    await rename(away, photos);
    expect(await two.work({ drain: true })).toMatchObject({ photos: 3, failed: [] });
    expect(await one.status()).toMatchObject({ photos: 3, files: { pending: 0 } });
  });

  test('goes on where the database was restarted', async () => {
    const { photos, machine } = await shared(10, 20);
    const [one, two] = [await machine(), await machine()];
    const stop = new AbortController();
    const working = two.work({ signal: stop.signal });
    await one.add([photos], { queue: true });
    await server().restart();
    await expect
      .poll(
        () =>
          one.status().then(
            ({ photos: n }) => n,
            () => 0,
          ),
        { timeout: 30_000 },
      )
      .toBe(200);
    stop.abort();
    await working;
  });

  test('outlives a connection that breaks within a transaction; it ended the process', async () => {
    const catalog = await openPostgresCatalog(`${server().address}&album=broken`);
    onTestFinished(() => catalog.close());
    const broken = catalog.write(async ({ meta }) => {
      await meta.set('left', 'behind');
      await catalog.queueRoom!.executeSql(
        "select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle in transaction'",
      );
      // It breaks while nobody waits for an answer.
      await pause(200);
      await meta.get('left');
    });
    await expect(broken).rejects.toMatchObject({ code: 'no-database' });
    expect(await catalog.read(({ meta }) => meta.get('left'))).toBeUndefined();
  });

  test('is not kept waiting by a photo that never comes to an end: the worker is told, others can take it', async () => {
    const { photos, machine } = await shared(1, 1);
    const album = await machine(() => new Promise(() => {}));
    await album.add([photos], { queue: true });
    const stop = new AbortController();
    const hung = new Promise<string>((resolve) => {
      album.work({ signal: stop.signal, longest: 200, onHang: resolve }).catch(() => {});
    });
    expect(await hung).toMatch(/^[0-9a-f]{64}$/);
    stop.abort();
  });
});

/** The years of a database that somebody runs: it goes away, a newer whosin comes, it is saved and restored. */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { type Album, openAlbum } from '../../src/album/open-album.ts';
import { schemaVersion } from '../../src/catalog/migrations.ts';
import { openPostgresCatalog } from '../../src/catalog/open-postgres.ts';
import { writeFileAtomically } from '../../src/runtime/atomic-file.ts';
import { serve } from '../../src/server/serve.ts';
import { backToVersion2 } from '../catalog/older-catalog.ts';
import { describeWithPostgres } from '../postgres/describe-with-postgres.ts';
import { postgresPrograms } from '../postgres/postgres-server.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { madeConfig, madeFaces, writePeople } from './made-album.ts';

const run = promisify(execFile);

describeWithPostgres('a database that somebody runs', (server) => {
  const client = async (address = server().address): Promise<Client> => {
    const connected = new Client({ connectionString: address });
    await connected.connect();
    onTestFinished(() => connected.end());
    return connected;
  };

  async function opened(folder: string, address: string): Promise<Album> {
    const home = join(folder, '.home');
    const album = await openAlbum(address, {
      config: madeConfig(home),
      faces: async () => madeFaces(home),
    });
    onTestFinished(() => album.close());
    return album;
  }

  async function filled(name: string): Promise<{ readonly album: Album; readonly folder: string }> {
    const folder = await temporaryFolder();
    await writePeople(folder, 3, 3);
    const album = await opened(folder, `${server().address}&album=${name}`);
    await album.add([join(folder, 'photos')]);
    await album.name((await album.groups()).groups[0]!.group, 'Ann');
    return { album, folder };
  }

  const seen = async (album: Album) => ({
    people: await album.people(),
    groups: await album.groups(),
    found: (await album.find('Ann')).photos,
    log: await album.log(),
  });

  test('goes away: the server is not ready, says so in a sentence, and goes on by itself when it is back', async () => {
    const { album, folder } = await filled('away');
    const token = 'the-token-of-these-tests';
    const running = await serve(album, {
      config: madeConfig(join(folder, '.home')),
      version: '0.0.0-test',
      write: writeFileAtomically,
      token,
      roots: [folder],
    });
    onTestFinished(() => running.close());
    const ready = async () => {
      const response = await fetch(`${running.address}/healthz/ready`);
      return [response.status, ((await response.json()) as { readonly reason?: string }).reason];
    };
    const people = () =>
      fetch(`${running.address}/api/v1/people`, { headers: { authorization: `Bearer ${token}` } });
    expect(await ready()).toEqual([200, undefined]);
    await server().stop();
    expect(await ready()).toEqual([503, 'The database cannot be reached.']);
    const away = await people();
    expect([away.status, ((await away.json()) as { readonly code: string }).code]).toEqual([
      503,
      'no-database',
    ]);
    expect((await fetch(`${running.address}/healthz/live`)).status).toBe(200);
    await server().start();
    expect(await ready()).toEqual([200, undefined]);
    const back = (await (await people()).json()) as { readonly total: number };
    expect(back.total).toBe(1);
  });

  test('is brought up to date by one of several that come at once, while others read; who is older is told', async () => {
    const { album } = await filled('older');
    const raw = await client();
    await raw.query('set search_path to whosin_older');
    await raw.query(backToVersion2);
    // Whoever reads holds on to tables that the newer one wants to change, in another order than it does.
    const end = new AbortController();
    const reader = async (): Promise<{ readonly read: number; readonly stopped: readonly unknown[] }> => {
      const own = await client();
      await own.query('set search_path to whosin_older');
      const stopped: unknown[] = [];
      let read = 0;
      while (!end.signal.aborted) {
        try {
          await own.query('begin isolation level repeatable read read only');
          for (const table of ['groups', 'people', 'said', 'photos']) {
            await own.query(`select count(*) from ${table}`);
            await pause(2);
          }
          await own.query('commit');
          read++;
        } catch (error) {
          stopped.push((error as { readonly code?: string }).code);
          await own.query('rollback');
        }
      }
      return { read, stopped };
    };
    const readers = [1, 2, 3].map(reader);
    await pause(100);
    const newer = await Promise.all(
      [1, 2, 3].map(() => openPostgresCatalog(`${server().address}&album=older`)),
    );
    await pause(100);
    end.abort();
    for (const { read, stopped } of await Promise.all(readers)) {
      expect(read).toBeGreaterThan(5);
      // PostgreSQL stops one of two that wait for each other; whosin calls that `in-use`.
      expect(new Set(['40P01', ...stopped])).toEqual(new Set(['40P01']));
    }
    for (const catalog of newer) {
      onTestFinished(() => catalog.close());
      expect(await catalog.read(({ meta }) => meta.get('schema'))).toBe(String(schemaVersion));
    }
    expect((await album.find('Ann')).total).toBe(3);
    await raw.query("update meta set value = '999' where key = 'schema'");
    await expect(album.undo()).rejects.toMatchObject({
      code: 'album-too-new',
      message: expect.stringContaining('install that one') as string,
    });
    expect((await album.log())[0]).toMatchObject({ kind: 'is', undone: false });
  });

  test('is saved and restored by pg_dump and pg_restore; what was said by `album backup`', async () => {
    const { album, folder } = await filled('saved');
    const before = await seen(album);
    const socket = new URL(server().address).searchParams.get('host')!;
    const program = (name: string, ...args: readonly string[]) =>
      run(join(postgresPrograms!, name), ['-h', socket, '-U', 'whosin', ...args]);
    const dump = join(folder, 'album.dump');
    await program('pg_dump', '-Fc', '-n', 'whosin_saved', '-f', dump, 'postgres');
    const said = join(folder, 'said.jsonl');
    expect(await album.backup(said)).toBe(1);
    await album.undo();

    await program('createdb', 'restored');
    await program('pg_restore', '-d', 'restored', dump);
    const address = server().address.replace('/postgres?', '/restored?');
    const restored = await opened(folder, `${address}&album=saved`);
    expect(await seen(restored)).toEqual(before);
    expect(await restored.check()).toEqual([]);
    // Numbers go on where they were.
    const name = async (one: Album) => (await one.name((await one.groups()).groups[0]!.group, 'Bob')).said;
    expect(await name(restored)).toBe(2);

    const anew = await opened(folder, `${address}&album=anew`);
    await anew.add([join(folder, 'photos')]);
    expect(await anew.restore(said)).toMatchObject({ entries: 1, photosMissing: 0 });
    expect((await anew.find('Ann')).photos).toEqual(before.found);
  });
});

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import Database from 'libsql';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Catalog } from '../../src/catalog/catalog.ts';
import { schemaVersion } from '../../src/catalog/migrations.ts';
import { openSqliteCatalog } from '../../src/catalog/open-sqlite.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { newPhoto } from './made-catalog.ts';
import { backToVersion2 } from './older-catalog.ts';

async function openAt(path: string): Promise<Catalog> {
  const catalog = await openSqliteCatalog(path);
  onTestFinished(() => catalog.close());
  return catalog;
}

/** A catalog with some photos in it, closed. */
async function madeAt(path: string, photos = 200): Promise<void> {
  const catalog = await openSqliteCatalog(path);
  await catalog.write(async (tables) => {
    for (let n = 0; n < photos; n++) await tables.photos.save(newPhoto(n));
  });
  await catalog.close();
}

function rawly(path: string, sql: string): void {
  const db = new Database(path);
  db.exec(sql);
  db.close();
}

/** The fault of a file, by the first that reports it: opening, or the check. */
async function faultOf(path: string): Promise<string> {
  try {
    const catalog = await openAt(path);
    return (await catalog.check())[0] ?? '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('a file that is opened', () => {
  test('is made where there is none, unless that is not wanted', async () => {
    const path = join(await temporaryFolder(), 'album.db');
    await expect(openSqliteCatalog(path, { create: false })).rejects.toMatchObject({
      code: 'not-found',
      message: `${path} is not there: make an album with \`whosin album add\`.`,
    });
    const catalog = await openSqliteCatalog(path);
    expect(await catalog.check()).toEqual([]);
    await catalog.close();
    // file(1) tells what it is.
    const bytes = await readFile(path);
    expect([bytes.toString('latin1', 0, 15), bytes.toString('latin1', 68, 72)]).toEqual([
      'SQLite format 3',
      'whos',
    ]);
  });

  test('of a newer whosin is refused with a sentence, and stays as it is', async () => {
    const path = join(await temporaryFolder(), 'album.db');
    await madeAt(path);
    rawly(path, `update meta set value = '${schemaVersion + 1}' where key = 'schema'`);
    const before = await readFile(path);
    await expect(openSqliteCatalog(path)).rejects.toMatchObject({
      code: 'album-too-new',
      path,
      message: `${path} was made by a newer whosin (version ${schemaVersion + 1} of the catalog, this whosin knows ${schemaVersion}): install that one; nothing was changed.`,
    });
    expect((await readFile(path)).equals(before)).toBe(true);
  });

  test('of an older whosin is brought up to date, and finds what it found', async () => {
    const path = join(await temporaryFolder(), 'album.db');
    const before = await openSqliteCatalog(path);
    const [there, gone, nowhere] = await before.write(async ({ photos, paths }) => {
      const ids = [1, 2, 3].map((n) => newPhoto(n));
      const saved: number[] = [];
      for (const photo of ids) saved.push(await photos.save(photo));
      await paths.await('/home', [
        { name: 'a', state: '1' },
        { name: 'b', state: '1' },
      ]);
      const files = await paths.find(['/home/a', '/home/b']);
      for (const [i, { id }] of files.entries()) await paths.hold([{ id, photo: saved[i]!, state: '1' }]);
      await paths.setGone([files[1]!.id], true);
      return saved as [number, number, number];
    });
    await before.close();
    rawly(path, backToVersion2);
    const catalog = await openAt(path);
    const { photos } = await catalog.read(({ find }) => find.photos({ kind: 'all', of: [] }, { limit: 9 }));
    expect(photos.map(({ id }) => id)).toEqual([there]);
    const rows = await catalog.read((tables) => tables.photos.byIds([gone, nowhere]));
    expect(rows.map(({ absent }) => absent)).toEqual([1, 1]);
    expect(await catalog.read(({ meta }) => meta.get('schema'))).toBe(String(schemaVersion));
  });

  test('of another program, or of none, is refused and stays as it is', async () => {
    const folder = await temporaryFolder();
    const foreign = join(folder, 'bookmarks.sqlite');
    rawly(foreign, 'create table bookmarks (url text)');
    const text = join(folder, 'notes.db');
    await writeFile(text, 'This is no database, but it is long enough to be taken for one. '.repeat(100));
    for (const [path, reason] of [
      [foreign, 'is no album: it is a database of another program'],
      [text, 'is no album: the file is something else'],
    ] as const) {
      const before = await readFile(path);
      await expect(openSqliteCatalog(path)).rejects.toMatchObject({ code: 'not-an-album', path, reason });
      expect((await readFile(path)).equals(before)).toBe(true);
    }
  });

  test('that is damaged is refused, or says so where the damage is met', async () => {
    const folder = await temporaryFolder();
    const whole = join(folder, 'whole.db');
    await madeAt(whole, 2000);
    const { size } = await stat(whole);

    const cut = join(folder, 'cut.db');
    await copyFile(whole, cut);
    await truncate(cut, Math.floor(size / 2 / 4096) * 4096);
    expect(await faultOf(cut)).toMatch(/damaged|malformed|page|btree/i);

    const scribbled = join(folder, 'scribbled.db');
    const bytes = await readFile(whole);
    for (let at = 3 * 4096; at < bytes.length; at += 8192) bytes.fill(0xa5, at, at + 2048);
    await writeFile(scribbled, bytes);
    expect(await faultOf(scribbled)).toMatch(/damaged|malformed|page|btree/i);
    const read = openAt(scribbled).then((catalog) => catalog.read(({ photos }) => photos.readOtherwise('x')));
    await expect(read).rejects.toMatchObject({ code: 'not-an-album' });
  });

  test('in a folder that is none is refused', async () => {
    const path = join(await temporaryFolder(), 'nowhere', 'album.db');
    await expect(openSqliteCatalog(path)).rejects.toMatchObject({
      code: 'cannot-write',
      reason: 'cannot be opened: is its folder there, and may it be written?',
    });
  });
});

describe('several processes', () => {
  const module = fileURLToPath(new URL('../../src/catalog/open-sqlite.ts', import.meta.url));
  const script = (body: string): string[] => [
    '--import',
    'tsx',
    '--input-type=module',
    '-e',
    `const { openSqliteCatalog } = await import(${JSON.stringify(module)});
     const catalog = await openSqliteCatalog(process.argv[1]);
     ${body}
     await catalog.close();`,
  ];

  test('that make one file at the same time make it once', async () => {
    const path = join(await temporaryFolder(), 'album.db');
    const made = script(`await catalog.write(({ meta }) => meta.set('by ' + process.pid, 'x'));`);
    await Promise.all([1, 2, 3].map(() => promisify(execFile)(process.execPath, [...made, path])));
    rawly(path, 'pragma wal_checkpoint(truncate)');
    const catalog = await openAt(path);
    expect(await catalog.check()).toEqual([]);
    expect(await catalog.read(({ meta }) => meta.get('schema'))).toBe(String(schemaVersion));
  });

  test('that write at the same time lose nothing, and readers go on beside them', async () => {
    const path = join(await temporaryFolder(), 'album.db');
    const catalog = await openAt(path);
    await catalog.write(({ meta }) => meta.set('count', '0'));
    const count = script(`
      for (let i = 0; i < 40; i++) {
        await catalog.write(async ({ meta }) => meta.set('count', String(Number(await meta.get('count')) + 1)));
      }`);
    const writers = [1, 2].map(() => spawn(process.execPath, [...count, path], { stdio: 'ignore' }));
    const ends = Promise.all(writers.map((child) => once(child, 'close')));
    let reads = 0;
    const isRunning = (): boolean => writers.some(({ exitCode }) => exitCode === null);
    while (isRunning()) {
      // One moment: what is read twice within it is the same.
      const [a, b] = await catalog.read(async ({ meta }) => {
        const first = await meta.get('count');
        await new Promise((resolve) => setTimeout(resolve, 5));
        return [first, await meta.get('count')];
      });
      expect(a).toBe(b);
      reads++;
    }
    expect((await ends).map(([status]) => status as number)).toEqual([0, 0]);
    expect(await catalog.read(({ meta }) => meta.get('count'))).toBe('80');
    expect(reads).toBeGreaterThan(3);
  });

  test('a disk without room is a sentence; what was there stays, and can be read', async () => {
    const path = join(await temporaryFolder(), 'album.db');
    await madeAt(path, 50);
    // The shell's limit on the size of files: what is beyond it cannot be written, as on a full disk.
    const body = script(`
      let said = 'nothing';
      try {
        await catalog.write(async ({ meta }) => {
          for (let i = 0; i < 2000; i++) await meta.set('key ' + i, 'x'.repeat(2000));
        });
      } catch (error) { said = error.code + ': ' + error.message; }
      console.log(said);
      console.log(await catalog.read(({ photos }) => photos.readOtherwise('other')));`);
    const quoted = [process.execPath, ...body, path]
      .map((word) => `'${word.replaceAll("'", `'\\''`)}'`)
      .join(' ');
    const { stdout } = await promisify(execFile)('bash', ['-c', `trap '' XFSZ; ulimit -f 1000; ${quoted}`]);
    expect(stdout).toMatch(/^cannot-write: .*album\.db cannot be written/);
    expect(stdout.trim().split('\n').at(-1)).toBe('50');
    const catalog = await openAt(path);
    expect(await catalog.check()).toEqual([]);
    expect(await catalog.read(({ meta }) => meta.get('key 1'))).toBeUndefined();
  });
});

describe('a file that is removed or replaced while it is open', () => {
  // A server went on for days on a file that was gone, answered "done" to every name, and all of them were lost.
  test.skipIf(process.platform === 'win32')('takes nothing more, and says so', async () => {
    const path = join(await temporaryFolder(), 'album.db');
    await madeAt(path);
    const catalog = await openAt(path);
    const write = () => catalog.write(async (tables) => tables.photos.save(newPhoto(999)));

    await rename(path, `${path}.away`);
    await expect(write()).rejects.toMatchObject({ code: 'cannot-write', path });
    await expect(catalog.read(async () => 0)).rejects.toThrow(
      'was removed or replaced while whosin had it open',
    );
    await copyFile(`${path}.away`, path);
    await expect(write()).rejects.toMatchObject({ code: 'cannot-write', path });
    await rm(path);
    await rename(`${path}.away`, path);
    await write();
  });
});

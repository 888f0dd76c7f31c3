import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Album, openAlbum } from '../../src/album/open-album.ts';
import { seededRandom } from '../../src/core/random.ts';
import { setUpCalls } from '../cli/call-whosin.ts';
import { describeWithPostgres } from '../postgres/describe-with-postgres.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { madeConfig, madeFaces, writeMadePhoto } from './made-album.ts';
import { openTrial } from './said-trial.ts';

describeWithPostgres('an album on PostgreSQL', (server) => {
  const whosin = setUpCalls();
  const addressOf = (album: string): string => `${server().address}&album=${album}`;

  test('keeps what was said, whatever happens in between', async () => {
    const trial = await openTrial(await temporaryFolder(), seededRandom(3), addressOf('trial'));
    onTestFinished(() => trial.close());
    for (let n = 1; n <= 40; n++) {
      await trial.step();
      if (n % 8 === 0) await trial.check();
    }
    expect([...trial.counts.values()].reduce((a, b) => a + b)).toBe(40);
  });

  test('is what it was in a file, and goes on where the database was restarted', async () => {
    const folder = await temporaryFolder();
    const opened = async (where: string): Promise<Album> => {
      const home = join(folder, '.home');
      const album = await openAlbum(where, { config: madeConfig(home), faces: async () => madeFaces(home) });
      onTestFinished(() => album.close());
      return album;
    };
    for (const n of [0, 1, 2, 3, 4, 5]) {
      const faces = [{ who: n % 2, take: n }];
      await writeMadePhoto(join(folder, 'photos', `${n}.jpg`), faces);
    }
    const file = await opened(join(folder, 'album.db'));
    await file.add([join(folder, 'photos')]);
    await file.name((await file.groups()).groups[0]!.group, 'Ann 祖母');
    const { place, rows } = await file.move(addressOf('moved'));
    expect(place).toBe(addressOf('moved'));
    expect(rows).toBeGreaterThan(40);
    const moved = await opened(place);
    const seen = async (album: Album) => ({
      people: await album.people(),
      groups: await album.groups(),
      found: (await album.find('Ann 祖母')).photos,
      log: await album.log(),
    });
    const before = await seen(file);
    expect(before.found).toHaveLength(3);
    expect(await seen(moved)).toEqual(before);
    // Several people share a database: the log names the one at the command line.
    const hidden = await whosin(['album', 'correct', 'hide', 'Ann 祖母', '--album', place]);
    expect([hidden.status, (await moved.log({ limit: 1 }))[0]!.who]).toEqual([0, userInfo().username]);
    expect(await whosin(['album', 'undo', '--album', place])).toMatchObject({ status: 0 });
    await server().restart();
    expect(await moved.undo()).toHaveLength(1);
    expect((await moved.people()).people).toEqual([]);
    expect(await moved.check()).toEqual([]);
    // The old one knows nothing of it.
    expect(await seen(file)).toEqual(before);
  });

  test('is the same if several computers read the photos at once', async () => {
    const folder = await temporaryFolder();
    const photos = join(folder, 'photos');
    for (let n = 0; n < 60; n++) await writeMadePhoto(join(photos, `${n}.jpg`), [{ who: n % 5, take: n }]);
    const computers = await Promise.all(
      [1, 2, 3].map(async (n) => {
        // A cache of its own, as another computer has.
        const home = join(folder, `.home${n}`);
        const faces = async () => madeFaces(home);
        const album = await openAlbum(addressOf('shared'), { config: madeConfig(home), faces });
        onTestFinished(() => album.close());
        return album;
      }),
    );
    const added = await Promise.all(computers.map((album) => album.add([photos])));
    expect(added.flatMap(({ failed }) => failed)).toEqual([]);
    const [one] = computers;
    expect(await one!.status()).toMatchObject({ photos: 60, faces: 60, files: { pending: 0 } });
    expect((await one!.groups()).groups.map(({ faces }) => faces)).toEqual([12, 12, 12, 12, 12]);
  });

  test.each([
    [
      'no server',
      () => 'postgres://ann:secret@127.0.0.1:9/photos',
      'no-database',
      'is the database running?',
    ],
    ['no album', () => addressOf('nobody'), 'not-found', 'holds no album'],
    ['no database', () => server().address.replace('/postgres?', '/photos?'), 'not-found', 'createdb'],
  ])('%s: a sentence, and no password in it', async (_name, where, code, words) => {
    const failure = await openAlbum(where(), { create: false }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code, message: expect.stringContaining(words) as string });
    expect(String(failure)).not.toContain('secret');
  });
});

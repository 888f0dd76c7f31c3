import { appendFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Collected, type CollectOptions, collect } from '../../src/collect/collect.ts';
import { type Entry, readJournal } from '../../src/collect/journal.ts';
import { lookAtThing } from '../../src/collect/look.ts';
import { keep, remove } from '../../src/collect/overrule.ts';
import { closing, openSet, type PhotoSet, readSet, sha256Hex } from '../../src/collect/photo-set.ts';
import { folder as folderSource } from '../../src/collect/sources/folder.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { jpeg } from './pictures.ts';

const web = {
  file: (): Promise<Uint8Array> => {
    throw new Error('the source is a folder');
  },
};

interface Trial {
  readonly out: string;
  readonly run: (
    options?: Partial<CollectOptions> & { readonly names?: readonly string[] },
  ) => Promise<Collected[]>;
  readonly offer: (path: string, bytes: Uint8Array) => Promise<void>;
  readonly withSet: <T>(work: (set: PhotoSet) => Promise<T>) => Promise<T>;
  /** The files of the set and of what was set aside. */
  readonly files: () => Promise<string[]>;
  readonly entries: () => Promise<Entry[]>;
}

/** Collects things from a folder of the test's own. */
async function trial(): Promise<Trial> {
  const root = await temporaryFolder();
  const [offered, out] = [join(root, 'offered'), join(root, 'set')];
  await mkdir(offered);
  const withSet: Trial['withSet'] = async (work) => {
    const set = await openSet(out, { now: () => Date.parse('2026-01-01T00:00:00Z') });
    return closing(set, work(set));
  };
  return {
    out,
    withSet,
    run: ({ names = ['ann'], ...options } = {}) =>
      withSet((set) =>
        collect(
          set,
          names.map((name) => ({ name, words: name })),
          [folderSource(offered)],
          web,
          { count: 100, minFace: 32, lookAt: lookAtThing, ...options },
        ),
      ),
    async offer(path, bytes) {
      await mkdir(dirname(join(offered, path)), { recursive: true });
      await writeFile(join(offered, path), bytes);
    },
    async files() {
      const found = await readdir(out, { recursive: true, withFileTypes: true });
      return found
        .filter((entry) => entry.isFile() && !entry.parentPath.includes('.whosin'))
        .map(({ parentPath, name }) => join(parentPath, name).slice(out.length + 1))
        .filter((path) => path !== 'provenance.jsonl')
        .toSorted();
    },
    entries: () => readJournal(join(out, 'provenance.jsonl')),
  };
}

const photo = (place: string): unknown => expect.stringMatching(new RegExp(`^${place}/[0-9a-f]{20}\\.jpg$`));

describe('the photos asked for', () => {
  test('are counted when they are good: copies and broken files are made up for', async () => {
    const { offer, run, files } = await trial();
    for (let i = 0; i < 8; i++) await offer(`ann/${i}.jpg`, await jpeg(i));
    // Copies come early, so that a count of what was fetched would stop too soon.
    await offer('ann/0b.jpg', await jpeg(0, 60, 50));
    await offer('ann/1b.jpg', await jpeg(1, 96));
    await offer('ann/1c.jpg', Buffer.from('<html>'));
    expect(await run({ count: 5 })).toEqual([{ name: 'ann', good: 5, outcome: 'reached', failures: [] }]);
    expect(await files()).toEqual([
      ...Array.from({ length: 5 }, () => photo('ann')),
      expect.stringMatching(/^rejected\/broken\/ann\/[0-9a-f]{20}\.bin$/),
      photo('rejected/duplicate/ann'),
    ]);
  });

  test('are as many as the sources have where that is fewer, and it says so', async () => {
    const { offer, run } = await trial();
    await offer('ann/1.jpg', await jpeg(1));
    expect(await run({ names: ['ann', 'bob'] })).toEqual([
      { name: 'ann', good: 1, outcome: 'exhausted', failures: [] },
      { name: 'bob', good: 0, outcome: 'exhausted', failures: [] },
    ]);
  });

  test('come once: a second run fetches nothing, a higher count goes on', async () => {
    const { offer, run, entries } = await trial();
    for (let i = 0; i < 6; i++) await offer(`ann/${i}.jpg`, await jpeg(i));
    await run({ count: 3 });
    await run({ count: 3 });
    const photos = (all: readonly Entry[]): number => all.filter(({ event }) => event === 'photo').length;
    expect(photos(await entries())).toBe(3);
    await run({ count: 5 });
    expect(photos(await entries())).toBe(5);
  });

  test('are each written down: source, address, time, hash', async () => {
    const { offer, run, entries } = await trial();
    await offer('ann/1.jpg', await jpeg(1));
    await run();
    expect((await entries())[0]).toEqual({
      event: 'photo',
      name: 'ann',
      source: 'folder',
      address: expect.stringMatching(/^file:.*\/offered\/ann\/1\.jpg$/),
      time: '2026-01-01T00:00:00.000Z',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      path: photo('ann'),
      reason: null,
    });
  });

  test('exist once in the whole set: a copy under another name is set aside', async () => {
    const { offer, run, files } = await trial();
    await offer('ann/1.jpg', await jpeg(1));
    await offer('bob/1.jpg', await jpeg(1));
    await offer('bob/2.jpg', await jpeg(1, 80, 60));
    await run({ names: ['ann', 'bob'] });
    const found = await files();
    expect(found.filter((path) => !path.startsWith('rejected/'))).toHaveLength(1);
    expect(found).toHaveLength(3);
  });
});

describe('what a person decides', () => {
  test('by moving a file back is kept, by moving one away or deleting it too', async () => {
    const { offer, run, files, out } = await trial();
    for (let i = 0; i < 4; i++) await offer(`ann/${i}.jpg`, await jpeg(i));
    await offer('ann/copy.jpg', await jpeg(0, 60, 60));
    await run();
    const [a, b, c, d, copy] = (await files()) as [string, string, string, string, string];
    await rename(join(out, copy), join(out, 'ann', 'mine.jpg'));
    await mkdir(join(out, 'rejected', 'someone-else', 'ann'), { recursive: true });
    await rename(join(out, a), join(out, 'rejected', 'someone-else', a));
    await rm(join(out, b));
    const decided = ['ann/mine.jpg', c, d, `rejected/someone-else/${a}`].toSorted();
    expect(await files()).toEqual(decided);
    for (let again = 0; again < 2; again++) {
      await run();
      expect(await files()).toEqual(decided);
    }
  });

  test('with --keep is kept, and a copy of what was kept goes', async () => {
    const { offer, run, files, withSet, out } = await trial();
    await offer('ann/1.jpg', await jpeg(1));
    await offer('ann/2.jpg', await jpeg(1, 60, 60));
    await run();
    const aside = (await files()).find((path) => path.startsWith('rejected/'))!;
    expect(await withSet((set) => keep(set, [join(out, aside)]))).toBe(1);
    await run();
    const kept = (await files()).filter((path) => !path.startsWith('rejected/'));
    expect(kept).toEqual([aside.replace('rejected/duplicate/', '')]);
  });

  test('of photos of their own in the set stands: they count, and are never moved', async () => {
    const { offer, run, files, out } = await trial();
    await mkdir(join(out, 'ann'), { recursive: true });
    await writeFile(join(out, 'ann', 'own.jpg'), await jpeg(1));
    await writeFile(join(out, 'ann', 'own copy.jpg'), await jpeg(1, 80, 60));
    await offer('ann/1.jpg', await jpeg(1, 70));
    await offer('ann/2.jpg', await jpeg(2));
    expect(await run({ count: 3 })).toMatchObject([{ good: 3, outcome: 'reached' }]);
    expect(await files()).toEqual([
      photo('ann'),
      'ann/own copy.jpg',
      'ann/own.jpg',
      photo('rejected/duplicate/ann'),
    ]);
  });

  test('to remove a source is kept: its photos go aside, and neither they nor copies come back', async () => {
    const { offer, run, files, withSet } = await trial();
    for (let i = 0; i < 3; i++) await offer(`ann/${i}.jpg`, await jpeg(i));
    await run();
    expect(await withSet((set) => remove(set, { source: 'openverse' }))).toEqual([]);
    expect(await withSet((set) => remove(set, { source: 'folder' }))).toHaveLength(3);
    await offer('ann/copy.jpg', await jpeg(1, 60, 60));
    await run();
    expect(await files()).toEqual([
      photo('rejected/duplicate/ann'),
      ...Array.from({ length: 3 }, () => photo('rejected/removed/ann')),
    ]);
  });

  test('about a file that is not of the set is refused', async () => {
    const { withSet } = await trial();
    await expect(withSet((set) => keep(set, ['/etc/passwd']))).rejects.toThrow(
      '/etc/passwd is not a photo of',
    );
  });
});

describe('a run that was cut short', () => {
  test('finishes the last change that was written down: a photo that was not put in its place', async () => {
    const { offer, run, files, entries, out } = await trial();
    await offer('ann/1.jpg', await jpeg(1));
    await run();
    const [first] = await entries();
    if (first?.event !== 'photo') throw new Error('expected a photo');
    await writeFile(join(out, 'provenance.jsonl'), `${JSON.stringify(first)}\n`);
    const staged = join(out, '.whosin', 'incoming', sha256Hex(first.address).slice(0, 40));
    await rename(join(out, first.path), staged);
    await readSet(out);
    await run();
    expect(await files()).toEqual([first.path]);
  });

  test('finishes a move that was written down, and only judges what was being judged', async () => {
    const { offer, run, files, entries, out } = await trial();
    await offer('ann/1.jpg', await jpeg(1));
    await offer('ann/2.jpg', await jpeg(1, 60, 60));
    await run();
    const whole = await files();
    const all = await entries();
    const at = all.findIndex(({ event }) => event === 'moved');
    const move = all[at]!;
    if (move.event !== 'moved') throw new Error('expected a move');
    const lines = all.slice(0, at + 1).map((entry) => `${JSON.stringify(entry)}\n`);
    await writeFile(join(out, 'provenance.jsonl'), lines.join(''));
    await rename(join(out, move.path!), join(out, move.from));
    await run();
    expect(await files()).toEqual(whole);
    expect((await entries()).filter(({ event }) => event === 'photo')).toHaveLength(2);
  });

  test('passes over a line that was cut off, and writes no line into it', async () => {
    const { offer, run, entries, out } = await trial();
    await offer('ann/1.jpg', await jpeg(1));
    await run();
    const before = (await entries()).length;
    await appendFile(join(out, 'provenance.jsonl'), '{"event":"photo","name":"an');
    await offer('ann/2.jpg', await jpeg(2));
    await run();
    expect((await entries()).slice(before).map(({ event }) => event)).toEqual([
      'photo',
      'judging',
      'round',
      'end',
    ]);
  });

  test('believes no line that leads out of the folder', async () => {
    const { offer, run, out, files } = await trial();
    await offer('ann/1.jpg', await jpeg(1));
    await run();
    const [path] = await files();
    const sha256 = 'a'.repeat(64);
    const move = {
      event: 'moved',
      name: 'ann',
      sha256,
      from: path,
      path: '../../stolen.jpg',
      reason: null,
      by: 'whosin',
    };
    const lines = [
      { ...move, path: '/stolen.jpg' },
      { ...move, name: '..', path },
      { ...move, path: 'ann/../../x.jpg' },
      move,
    ];
    for (const line of lines) {
      await appendFile(join(out, 'provenance.jsonl'), `${JSON.stringify(line)}\n`);
      await run();
      expect(await files()).toEqual([path]);
    }
  });

  test('uses an answer that had come to the end, and no half one', async () => {
    const { offer, run, files, out } = await trial();
    await offer('ann/1.jpg', await jpeg(1));
    await run({ count: 0 });
    await writeFile(join(out, '.whosin', 'incoming', '.whosin-cut-off.tmp'), 'half');
    await run();
    expect(await files()).toEqual([photo('ann')]);
    expect(await readdir(join(out, '.whosin', 'incoming'))).toEqual([]);
  });
});

test('two processes do not collect into one folder', async () => {
  const { out } = await trial();
  const set = await openSet(out, { now: () => 0 });
  onTestFinished(() => set.close());
  let waited = 0;
  await expect(openSet(out, { now: () => 0, onWait: () => waited++, patience: 0 })).rejects.toMatchObject({
    code: 'in-use',
    message: `Another whosin is collecting into ${out}: wait until it is done.`,
  });
  expect(waited).toBe(1);
});

test('a set whose lock disappears changes nothing more, and says so', async () => {
  const { out } = await trial();
  const set = await openSet(out, { now: () => 0 });
  onTestFinished(() => set.close());
  await set.note({ event: 'round' });
  await rm(join(out, '.whosin', 'lock'), { recursive: true });
  await vi.waitFor(
    () =>
      expect(set.note({ event: 'round' })).rejects.toMatchObject({
        code: 'in-use',
        message: expect.stringContaining(`The lock of ${out} was removed or taken over by another process`),
      }),
    { timeout: 10_000, interval: 200 },
  );
  const entries = await readJournal(join(out, 'provenance.jsonl'));
  await expect(set.note({ event: 'end' })).rejects.toMatchObject({ code: 'in-use' });
  expect(await readJournal(join(out, 'provenance.jsonl'))).toEqual(entries);
});

test('a folder that cannot be read or written is refused', async () => {
  const file = join(await temporaryFolder(), 'file');
  await writeFile(file, '');
  await expect(openSet(file, { now: () => 0 })).rejects.toThrow(`Cannot write to ${file}`);
  await expect(readSet(file)).rejects.toThrow(`${file} is not a folder`);
  expect(await readFile(file, 'utf8')).toBe('');
});

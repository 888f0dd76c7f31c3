/** Every catalog does this, whatever database it stands on: the same tests for each of them. */

import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Answer } from '../../src/catalog/answers-table.ts';
import type { Catalog, Tables } from '../../src/catalog/catalog.ts';
import { copyCatalog } from '../../src/catalog/copy-catalog.ts';
import type { FoundFace } from '../../src/catalog/faces-table.ts';
import type { FacetCounts } from '../../src/catalog/facet-counts.ts';
import type { PhotoCondition } from '../../src/catalog/find-table.ts';
import { schemaVersion } from '../../src/catalog/migrations.ts';
import { openSqliteCatalog } from '../../src/catalog/open-sqlite.ts';
import { type Row, tableNames } from '../../src/catalog/rows-table.ts';
import type { Said } from '../../src/catalog/said.ts';
import { seededRandom } from '../../src/core/random.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { facesOfPhoto, fillMadeCatalog, hashOf, matches, newPhoto } from './made-catalog.ts';

const box = { left: 0.1, top: 0.2, width: 0.3, height: 0.4 };

function foundFace(n: number): FoundFace {
  return {
    box: { ...box, left: n / 100 },
    score: 0.9,
    quality: 0.75,
    time: null,
    z: Float32Array.of(n, -n / 2, 0.25),
    embedding: Float32Array.of(0.5, n),
    still: null,
    seen: [],
  };
}

/** Takes everything that waits. */
const everything = { limit: 9, claimer: 'ann', now: 0, free: 0 };

const byNumber = (ids: readonly number[]) => ids.toSorted((a, b) => a - b);

function answer(face: number, photo: number, more: Partial<Answer> = {}): Answer {
  return { face, photo, grp: null, state: 'unnamed', person: null, probability: null, unsure: 0, ...more };
}

function said(uid: string, more: Partial<Said> = {}): Said {
  return { uid, at: 1e12, who: '', source: 'person', kind: 'is', faces: [], ...more };
}

/** Everything, table by table. */
async function rowsOf(catalog: Catalog): Promise<Record<string, Row[]>> {
  return catalog.read(async ({ rows }) => {
    const all: Record<string, Row[]> = {};
    for (const table of tableNames) {
      all[table] = [];
      for await (const part of rows.each(table)) all[table].push(...part);
    }
    return all;
  });
}

const someUser = {
  name: 'Ann',
  role: 'answer',
  token: 'token',
  link: 'link',
  link_until: 2e12,
  added: 1e12,
} as const;

/** @param open an empty catalog; closed by the test's own end */
export function catalogContract(dialect: string, open: () => Promise<Catalog>): void {
  describe(`on ${dialect}`, () => {
    describe('transactions', () => {
      test('what was begun and fails leaves nothing behind', async () => {
        const catalog = await open();
        const broken = catalog.write(async ({ photos, meta }) => {
          await photos.save(newPhoto(1));
          await meta.set('left', 'behind');
          throw new RangeError('stop here');
        });
        await expect(broken).rejects.toThrow(new RangeError('stop here'));
        const left = await catalog.read(async ({ photos, meta }) => [
          await photos.bySha256([hashOf(1)]),
          await meta.get('left'),
        ]);
        expect(left).toEqual([[], undefined]);
      });

      test('many who write at once do so one after another, and none is lost', async () => {
        const catalog = await open();
        await catalog.write(({ meta }) => meta.set('count', '0'));
        const add = (): Promise<void> =>
          catalog.write(async ({ meta }) => meta.set('count', String(Number(await meta.get('count')) + 1)));
        await Promise.all(Array.from({ length: 50 }, add));
        expect(await catalog.read(({ meta }) => meta.get('count'))).toBe('50');
      });
    });

    test('is written no more once a newer whosin has changed it, and is not ready then; it can still be read', async () => {
      const catalog = await open();
      await catalog.ready();
      const tooNew = { code: 'album-too-new', path: catalog.place };
      await catalog.write(({ meta }) => meta.set('schema', String(schemaVersion + 1)));
      await expect(catalog.ready()).rejects.toMatchObject(tooNew);
      await expect(catalog.write(({ meta }) => meta.set('left', 'something'))).rejects.toMatchObject(tooNew);
      expect(await catalog.read(({ meta }) => meta.get('left'))).toBeUndefined();
    });

    test('a user is one row; their link is good once and until its end, their token until they are others', async () => {
      const catalog = await open();
      const take = (link: string, now: number) => catalog.write(({ users }) => users.take(link, now));
      await catalog.write(async ({ users }) => {
        await users.put({ ...someUser, name: 'Bob', token: 'other', link: null });
        await users.put({ ...someUser, role: 'look', token: 'earlier' });
        await users.put(someUser);
      });
      expect(await catalog.read(({ users }) => users.byToken('earlier'))).toBeUndefined();
      expect(await catalog.read(({ users }) => users.byToken('token'))).toEqual(someUser);
      expect(await take('link', someUser.link_until)).toBeUndefined();
      expect(await take('link', someUser.link_until - 1)).toEqual({ ...someUser, link: null });
      expect(await take('link', someUser.link_until - 1)).toBeUndefined();
      const names = () => catalog.read(async ({ users }) => (await users.all()).map(({ name }) => name));
      expect(await names()).toEqual(['Ann', 'Bob']);
      const remove = () => catalog.write(({ users }) => users.remove('Ann'));
      expect([await remove(), await remove(), await names()]).toEqual([true, false, ['Bob']]);
    });

    test('takes in everything that another one holds, and gives it back as it was', async () => {
      const sqlite = async (): Promise<Catalog> => {
        const catalog = await openSqliteCatalog(join(await temporaryFolder(), 'album.db'));
        onTestFinished(() => catalog.close());
        return catalog;
      };
      const [first, there, back] = [await sqlite(), await open(), await sqlite()];
      await fillMadeCatalog(first, 40, seededRandom(5));
      await first.write(async ({ faces, photos, groups, said: table }) => {
        const [photo] = await photos.all();
        const still = Uint8Array.of(0xff, 0xd8, 0);
        const ids = await faces.add(photo!.id, [{ ...foundFace(1), still }, foundFace(2)]);
        // Its number is not given again, not there either.
        await faces.remove([ids[1]!]);
        await groups.setCandidates([], [{ group: 1, person: 1, odds: 0.5 }]);
        await table.append([said('a', { faces: [{ sha256: hashOf(0), box, time: null, part: 0 }] })]);
      });
      await first.write(({ users }) => users.put(someUser));
      const rows = await copyCatalog(first, there);
      expect(await copyCatalog(there, back)).toBe(rows);
      expect(await rowsOf(back)).toEqual(await rowsOf(first));
      await expect(copyCatalog(first, there)).rejects.toMatchObject({ code: 'in-use' });
      const [photo] = await there.read(({ photos }) => photos.all());
      const next = (catalog: Catalog) => catalog.write(({ faces }) => faces.addSpoken(photo!.id, box, null));
      expect(await next(there)).toBe(await next(first));
    });

    describe('photos and files', () => {
      test('a photo is one row, whatever is said of it anew; its numbers and words come back as they were', async () => {
        const catalog = await open();
        const full = newPhoto(7, {
          kind: 'video',
          bytes: 2 ** 40,
          duration: 12.345678,
          phash: 'ffff0000ffff0000',
          taken_offset: -270,
          latitude: -33.857,
          longitude: 151.2,
          camera: 'Größe 📷 カメラ',
        });
        const [first, second] = await catalog.write(async ({ photos }) => [
          await photos.save(newPhoto(7)),
          await photos.save(full),
        ]);
        expect(second).toBe(first);
        expect(await catalog.read(({ photos }) => photos.bySha256([hashOf(7)]))).toEqual([
          { id: first, ...full, absent: 0, faces: 0, unknown: 0 },
        ]);
      });

      test('files wait, are taken, and hold something or cannot be read', async () => {
        const catalog = await open();
        await catalog.write(async ({ paths }) => {
          await paths.await('/a', [
            { name: '1.jpg', state: 's1' },
            { name: 'zwei ü.jpg', state: null },
          ]);
          await paths.await('/a/b', [{ name: '3.jpg', state: 's3' }]);
        });
        const take = (claimer: string, now: number) =>
          catalog.write(({ waiting }) => waiting.take({ limit: 2, claimer, now, free: now - 100 }));
        const first = await take('ann', 1000);
        expect(first.map(({ path, state }) => [path, state])).toEqual([
          ['/a/1.jpg', 's1'],
          ['/a/zwei ü.jpg', null],
        ]);
        // Files that somebody has taken are theirs, until they have not renewed them for so long, or give them back.
        expect((await take('bob', 1001)).map(({ path }) => path)).toEqual(['/a/b/3.jpg']);
        expect(await take('bob', 1002)).toEqual([]);
        expect(await catalog.read(({ waiting }) => waiting.claimers())).toHaveLength(2);
        await catalog.write(({ waiting }) => waiting.renew('ann', 1090));
        expect(await take('bob', 1150)).toEqual([]);
        expect((await take('bob', 1200)).map(({ path }) => path)).toEqual(['/a/1.jpg', '/a/zwei ü.jpg']);
        await catalog.write(({ waiting }) => waiting.release('bob'));
        expect(await take('ann', 1201)).toHaveLength(2);

        const photo = await catalog.write(async ({ paths, photos }) => {
          const id = await photos.save(newPhoto(1));
          await paths.hold([{ id: first[0]!.id, photo: id, state: 's1' }]);
          await paths.failed(first[1]!.id, 'damaged-photo', 'is cut off', null);
          return id;
        });
        const known = await catalog.read(async ({ paths }) => ({
          counts: await paths.counts(),
          failures: await paths.failures(10),
          folder: [...(await paths.inFolder('/a')).values()].map((row) => [row.name, row.photo, row.pending]),
          where: await paths.ofPhotos([photo]),
          moved: await paths.photosOfStates(['s1', 's3', 'other']),
          below: await paths.foldersBelow('/a'),
          beside: await paths.foldersBelow('/a/b'),
        }));
        expect(known).toEqual({
          counts: { pending: 1, gone: 0, failed: 1 },
          failures: [{ path: '/a/zwei ü.jpg', code: 'damaged-photo', reason: 'is cut off' }],
          folder: [
            ['1.jpg', photo, 0],
            ['zwei ü.jpg', null, 0],
          ],
          where: new Map([[photo, [{ path: '/a/1.jpg', gone: false }]]]),
          moved: new Map([['s1', photo]]),
          below: ['/a', '/a/b'],
          beside: ['/a/b'],
        });
      });

      test('a photo lives as long as a file is remembered that held it', async () => {
        const catalog = await open();
        await catalog.write(async ({ paths, photos, waiting }) => {
          const id = await photos.save(newPhoto(1));
          await paths.await('/a', [
            { name: '1.jpg', state: 's' },
            { name: 'copy.jpg', state: 't' },
          ]);
          for (const file of await waiting.take(everything))
            await paths.hold([{ id: file.id, photo: id, state: file.state }]);
          const [one, copy] = (await paths.find(['/a/1.jpg', '/a/copy.jpg'])).map((row) => row.id);
          await paths.setGone([one!], true);
          expect(await photos.counts()).toEqual({ photos: 1, videos: 0 });
          await paths.setGone([copy!], true);
          expect(await photos.counts()).toEqual({ photos: 0, videos: 0 });
          expect(await photos.withoutPath()).toEqual([]);
          await paths.remove((await paths.find('gone')).map((row) => row.id));
          expect((await photos.withoutPath()).map((row) => row.id)).toEqual([id]);
          await photos.remove([id]);
          expect(await photos.bySha256([hashOf(1)])).toEqual([]);
        });
      });

      test('files wait in the queue by what they hold, and one look settles all of them', async () => {
        const catalog = await open();
        await catalog.write(async ({ paths, photos, waiting }) => {
          await paths.await(
            '/a',
            ['1', '2', '3', '4'].map((name) => ({ name, state: name })),
          );
          const [one, copy, other] = await waiting.take(everything);
          await waiting.enqueue([
            { id: one!.id, sha256: hashOf(1), state: 's1' },
            { id: copy!.id, sha256: hashOf(1), state: 's2' },
            { id: other!.id, sha256: hashOf(2), state: null },
          ]);
          expect((await waiting.contents('', 9)).map(({ path }) => path).toSorted()).toEqual([
            '/a/1',
            '/a/2',
            '/a/3',
          ]);
          expect((await waiting.ofContents([hashOf(1)])).map(({ path, state }) => [path, state])).toEqual([
            ['/a/1', 's1'],
            ['/a/2', 's2'],
          ]);
          const unqueued = { ...everything, claimer: 'bob', free: 1, unqueued: true };
          expect((await waiting.take(unqueued)).map(({ path }) => path)).toEqual(['/a/4']);
          const photo = await photos.save(newPhoto(1, { absent: 1 }));
          await waiting.hold([hashOf(1)]);
          expect((await paths.ofPhotos([photo])).get(photo)!.map(({ path }) => path)).toEqual([
            '/a/1',
            '/a/2',
          ]);
          expect((await photos.byIds([photo]))[0]).toMatchObject({ absent: 0 });
          expect(await waiting.contents('', 9)).toHaveLength(1);
          expect(await waiting.isAny()).toBe(true);
          // A file that is gone waits no longer.
          await paths.setGone(
            (await paths.find(['/a/3', '/a/4'])).map(({ id }) => id),
            true,
          );
          expect(await waiting.isAny()).toBe(false);
          expect(await waiting.contents('', 9)).toEqual([]);
        });
      });

      test('photos that were read otherwise wait again, and so does what could not be read', async () => {
        const catalog = await open();
        await catalog.write(async ({ paths, photos, waiting }) => {
          await paths.await(
            '/a',
            ['1', '2', '3'].map((name) => ({ name, state: name })),
          );
          const [a, b, c] = await waiting.take(everything);
          await paths.hold([{ id: a!.id, photo: await photos.save(newPhoto(1)), state: '1' }]);
          await paths.hold([
            { id: b!.id, photo: await photos.save(newPhoto(2, { recipe: 'two' })), state: '2' },
          ]);
          await paths.failed(c!.id, 'not-a-photo', 'is none', '3');
          expect(await photos.readOtherwise('two')).toBe(1);
          await paths.awaitAgain('two');
          expect((await waiting.take(everything)).map(({ path }) => path)).toEqual(['/a/1', '/a/3']);
        });
      });
    });

    describe('faces', () => {
      test('coordinates and embeddings come back as 16-bit numbers, stills byte by byte', async () => {
        const catalog = await open();
        const still = Uint8Array.of(0xff, 0xd8, 0, 1, 2);
        await catalog.write(async ({ photos, faces }) => {
          const photo = await photos.save(newPhoto(1));
          const time = { from: 1.5, to: 9.25, at: 3 };
          const [plain, tracked] = await faces.add(photo, [foundFace(1), { ...foundFace(2), time, still }]);
          expect(await faces.byIds([tracked!])).toEqual([
            { id: tracked, photo, box: { ...box, left: 0.02 }, quality: 0.75, time, origin: 'machine' },
          ]);
          expect(await faces.placed([plain!], 'one')).toEqual([
            { id: plain, photo, quality: 0.75, z: Float32Array.of(1, -0.5, 0.25) },
          ]);
          expect(await faces.placed([plain!], 'another recipe')).toEqual([]);
          expect(await faces.embeddings([tracked!])).toEqual(new Map([[tracked, Float32Array.of(0.5, 2)]]));
          expect(await faces.still(tracked!)).toEqual(still);
          expect(await faces.still(plain!)).toBeUndefined();
        });
      });

      test('the places of a face of a video come back moment by moment, until the face is lost', async () => {
        const catalog = await open();
        const seen = [
          { time: 1.5, box },
          { time: 1.75, box: { ...box, left: 0.125 } },
        ];
        const close = ({ time, box: at }: (typeof seen)[number]) => ({
          time,
          box: Object.fromEntries(
            Object.entries(at).map(([side, value]) => [side, expect.closeTo(value, 6)]),
          ),
        });
        await catalog.write(async ({ photos, faces }) => {
          const photo = await photos.save(newPhoto(1, { kind: 'video' }));
          const [id, still] = await faces.add(photo, [{ ...foundFace(1), seen }, foundFace(2)]);
          expect(await faces.sightings([id!, still!])).toEqual(new Map([[id, seen.map(close)]]));
          await faces.replace(id!, { ...foundFace(1), seen: seen.slice(1) });
          expect(await faces.sightings([id!])).toEqual(new Map([[id, seen.slice(1).map(close)]]));
          await faces.unfind([id!]);
          expect(await faces.sightings([id!])).toEqual(new Map());
        });
      });

      test('a face that is found anew keeps its id; one that is lost keeps its place', async () => {
        const catalog = await open();
        await catalog.write(async ({ photos, faces }) => {
          const photo = await photos.save(newPhoto(1));
          const [id] = await faces.add(photo, [foundFace(1)]);
          await faces.replace(id!, foundFace(30));
          expect(await faces.placed([id!], 'one')).toMatchObject([{ id, z: Float32Array.of(30, -15, 0.25) }]);
          await faces.unfind([id!]);
          expect(await faces.placed([id!], 'one')).toEqual([]);
          expect(await faces.ofPhotos([photo])).toMatchObject([{ id, origin: 'said', box: { left: 0.3 } }]);
          const spoken = await faces.addSpoken(photo, box, null);
          expect((await faces.ofPhotos([photo])).map((face) => face.id)).toEqual([id, spoken]);
          await faces.remove([id!]);
          expect(await faces.count()).toBe(1);
        });
      });

      test('coordinates are made anew from embeddings, all of them, part by part', async () => {
        const catalog = await open();
        await catalog.write(async ({ photos, faces }) => {
          const photo = await photos.save(newPhoto(1));
          const other = await photos.save(newPhoto(2, { recipe: 'other' }));
          const ids = await faces.add(
            photo,
            Array.from({ length: 7 }, (_, i) => foundFace(i)),
          );
          await faces.add(other, [foundFace(50)]);
          await faces.project('one', (embedding) => embedding.map((v) => 2 * v));
          const parts: number[] = [];
          const seen: number[] = [];
          for await (const part of faces.eachPlaced('one', 3)) {
            parts.push(part.length);
            for (const { id, z } of part) {
              seen.push(id);
              expect(z).toEqual(Float32Array.of(1, 2 * ids.indexOf(id)));
            }
          }
          expect([parts, seen]).toEqual([[3, 3, 1], ids]);
        });
      });

      test('leave with their photo', async () => {
        const catalog = await open();
        await catalog.write(async ({ photos, faces, answers, said: saidTable, mentions }) => {
          const photo = await photos.save(newPhoto(1));
          const [id] = await faces.add(photo, [foundFace(1)]);
          await answers.save([answer(id!, photo)]);
          await saidTable.append([
            said('a', { faces: [{ sha256: hashOf(1), box, time: null, part: 0, face: id! }] }),
          ]);
          await photos.remove([photo]);
          expect(await faces.count()).toBe(0);
          expect(await answers.of([id!])).toEqual([]);
          // A person's word stays, and waits for the photo.
          expect(await mentions.placesIn([hashOf(1)])).toMatchObject([{ face: null, box }]);
        });
      });
    });

    describe('what was said', () => {
      test('comes back as it was said, in order', async () => {
        const catalog = await open();
        const entries: Said[] = [
          said('first', {
            at: 1_700_000_000_123,
            who: 'Zoë',
            source: 'xmp',
            person: { uid: 'p1', name: '祖母 "G" \u{1F475}' },
            faces: [
              { sha256: hashOf(1), box, time: 1.25, part: 2, was: { person: 'p9', probability: 0.25 } },
              { sha256: hashOf(2), box: null, time: null, part: 0 },
            ],
          }),
          said('second', { kind: 'merge', person: { uid: 'p1', name: 'A' }, other: 'p2' }),
          said('third', { kind: 'undo', undoes: 'second' }),
        ];
        const ids = await catalog.write(({ said: table }) => table.append(entries));
        await catalog.read(async ({ said: table }) => {
          const all = await table.after(0, 10);
          expect(all).toEqual(entries.map((entry, i) => ({ ...entry, id: ids[i], undone: false })));
          expect((await table.newest(2)).map(({ uid }) => uid)).toEqual(['third', 'second']);
          expect((await table.newest(2, ids[1])).map(({ uid }) => uid)).toEqual(['first']);
          expect(await table.byUid('second')).toMatchObject({ id: ids[1], kind: 'merge', other: 'p2' });
          expect(await table.known(['first', 'nobody'])).toEqual(new Set(['first']));
          expect(await table.count()).toBe(3);
        });
      });

      test('is taken back and given back along the chain of undos', async () => {
        const catalog = await open();
        const undo = (uid: string, undoes: string): Said => said(uid, { kind: 'undo', undoes });
        await catalog.write(async ({ said: table }) => {
          await table.append([said('a'), said('b'), undo('u', 'a')]);
          expect((await table.settleUndone('a')).map(({ uid, undone }) => [uid, undone])).toEqual([
            ['a', true],
          ]);
          expect((await table.last('person', ''))?.uid).toBe('b');
          await table.append([undo('v', 'u')]);
          expect((await table.settleUndone('u')).map(({ uid, undone }) => [uid, undone])).toEqual([
            ['u', true],
            ['a', false],
          ]);
          await table.append([undo('w', 'v')]);
          expect((await table.settleUndone('v')).map(({ uid, undone }) => [uid, undone])).toEqual([
            ['v', true],
            ['u', false],
            ['a', true],
          ]);
          expect(await table.settleUndone('a')).toEqual([]);
          expect((await table.ofKinds(['is'])).map(({ uid }) => uid)).toEqual(['b']);
        });
      });

      test('is found from the faces, as far as it counts', async () => {
        const catalog = await open();
        await catalog.write(async ({ photos, faces, said: table, mentions }) => {
          const photo = await photos.save(newPhoto(1));
          const [one, two] = await faces.add(photo, [foundFace(1), foundFace(2)]);
          const about = (part: number, face?: number) => ({
            sha256: hashOf(1),
            box,
            time: null,
            part,
            ...(face !== undefined && { face }),
          });
          const [a, b] = await table.append([
            said('a', { person: { uid: 'p', name: 'P' }, faces: [about(0, one), about(1, two)] }),
            said('b', { kind: 'stranger', faces: [about(0, one), about(0)] }),
          ]);
          expect(await mentions.about([one!, two!])).toEqual([
            { face: one, part: 0, said: a, uid: 'a', at: 1e12, source: 'person', kind: 'is', person: 'p' },
            { face: two, part: 1, said: a, uid: 'a', at: 1e12, source: 'person', kind: 'is', person: 'p' },
            {
              face: one,
              part: 0,
              said: b,
              uid: 'b',
              at: 1e12,
              source: 'person',
              kind: 'stranger',
              person: null,
            },
          ]);
          expect(await mentions.facesOf([b!])).toEqual([one]);
          expect(await mentions.facesOfPeople(['p'])).toEqual([one, two]);
          const loose = (await mentions.placesIn([hashOf(1)])).find(({ face }) => face === null)!;
          await mentions.resolve([{ id: loose.id, face: two! }]);
          expect(await mentions.facesOf([b!])).toEqual([one, two]);
          await table.append([said('u', { kind: 'undo', undoes: 'a' })]);
          await table.settleUndone('a');
          expect((await mentions.about([one!, two!])).map(({ said: entry }) => entry)).toEqual([b, b]);
        });
      });

      test('tells how often automatic names were wrong', async () => {
        const catalog = await open();
        const was = (person: string, probability: number) => [
          { sha256: hashOf(1), box, time: null, part: 0, was: { person, probability } },
        ];
        await catalog.write(async ({ said: table }) => {
          await table.append([
            said('right', { person: { uid: 'p', name: 'P' }, faces: was('p', 0.97) }),
            said('wrong', { person: { uid: 'q', name: 'Q' }, faces: was('p', 0.96) }),
            said('no', { kind: 'is-not', person: { uid: 'p', name: 'P' }, faces: was('p', 0.99) }),
            said('unsure', { kind: 'not-sure', faces: was('p', 0.99) }),
            said('low', { person: { uid: 'q', name: 'Q' }, faces: was('p', 0.5) }),
          ]);
          expect(await table.judged(0.95)).toEqual({ judged: 3, corrected: 2 });
        });
      });

      test('is gone for ever where a person wants it to be', async () => {
        const catalog = await open();
        await catalog.write(async ({ said: table, mentions }) => {
          await table.append([
            said('a', {
              person: { uid: 'p', name: 'Secret' },
              faces: [{ sha256: hashOf(1), box, time: null, part: 0 }],
            }),
            said('b', { faces: [1, 2].map((n) => ({ sha256: hashOf(n), box, time: null, part: 0 })) }),
            said('u', { kind: 'undo', undoes: 'a' }),
            said('c', { kind: 'hide', person: { uid: 'p', name: 'Secret' } }),
          ]);
          await table.settleUndone('a');
          await table.forget([hashOf(1)]);
          expect(await mentions.placesIn([hashOf(1)])).toEqual([]);
          // An entry that was about nothing else is gone, and so is the name of a person without faces.
          expect((await table.after(0, 9)).map(({ uid, faces }) => [uid, faces.length])).toEqual([['b', 1]]);
        });
      });
    });

    describe('people, groups and answers', () => {
      test('people are made anew and keep their ids', async () => {
        const catalog = await open();
        await catalog.write(async ({ people, groups }) => {
          const person = (uid: string, more = {}) => ({
            uid,
            name: uid,
            shown: uid,
            hidden: false,
            merged: null,
            born: null,
            died: null,
            ...more,
          });
          await people.settle([person('a'), person('b'), person('c')]);
          const before = new Map((await people.all()).map(({ uid, id }) => [uid, id]));
          const [group] = await groups.add(1);
          await groups.setCandidates([group!], [{ group: group!, person: before.get('c')!, odds: 1 }]);
          const touched = await people.settle([
            person('b', { name: 'B', shown: 'B', hidden: true }),
            person('a', { merged: 'b' }),
          ]);
          expect(touched).toEqual([group]);
          expect(await groups.candidates([group!])).toEqual([]);
          const all = await people.all();
          expect(all.map(({ uid, id, shown, hidden, merged }) => [uid, id, shown, hidden, merged])).toEqual([
            ['a', before.get('a'), 'a', 0, before.get('b')],
            ['b', before.get('b'), 'B', 1, null],
          ]);
          // By the letter; whoever was merged into somebody is nobody.
          expect((await people.called('B'))?.uid).toBe('b');
          expect(await people.called('b')).toBeUndefined();
          expect(await people.called('a')).toBeUndefined();
          await people.settle([person('a'), person('b')]);
          expect((await people.all()).map(({ merged }) => merged)).toEqual([null, null]);
          // Whoever has another life is compared with the photos again.
          const revision = async () => (await people.all()).map(({ revision: now }) => now);
          const [ofA, ofB] = await revision();
          await people.settle([person('a', { born: '2015-03' }), person('b')]);
          expect(await revision()).toEqual([ofA! + 1, ofB]);
          expect((await people.all()).map(({ born, died }) => [born, died])).toEqual([
            ['2015-03', null],
            [null, null],
          ]);
        });
      });

      test('people come from what counts: the first naming, then every change', async () => {
        const catalog = await open();
        await catalog.write(async ({ said: table, people }) => {
          const p = (name: string) => ({ person: { uid: 'p', name } });
          await table.append([
            said('1', p('Ann')),
            said('2', p('Anne')),
            said('3', { kind: 'rename', ...p('Anna') }),
            said('4', { kind: 'hide', ...p('Anna') }),
            said('5', { kind: 'undo', undoes: '1' }),
          ]);
          const names = async (): Promise<unknown> =>
            (await people.entries()).map(({ kind, name }) => [kind, name]);
          expect(await names()).toEqual([
            ['is', 'Ann'],
            ['rename', 'Anna'],
            ['hide', 'Anna'],
          ]);
          await table.settleUndone('1');
          expect(await names()).toEqual([
            ['is', 'Anne'],
            ['rename', 'Anna'],
            ['hide', 'Anna'],
          ]);
        });
      });

      test('what has changed is to be learnt, up to the change that was looked at', async () => {
        const catalog = await open();
        await catalog.write(async ({ groups, people }) => {
          const [a, b] = await groups.add(2);
          expect(await groups.toLearn(9)).toEqual([
            { id: a, revision: 1 },
            { id: b, revision: 1 },
          ]);
          await groups.touch([a!]);
          const place = { quality: 0.5, z: Float32Array.of(1, 2), squares: Float32Array.of(1, 4) };
          await groups.learnt(a!, 1, place, 1);
          await groups.learnt(b!, 1, null, 2);
          // It changed once more while it was looked at.
          expect(await groups.toLearn(9)).toEqual([{ id: a, revision: 2 }]);
          const places = [];
          for await (const part of groups.eachPlace()) places.push(...part);
          expect(places).toEqual([{ id: a, ...place }]);
          expect(await groups.places()).toEqual({ first: a, last: 2 });
          expect(await groups.placedAfter(0)).toEqual([
            { id: a, place: { id: a, ...place } },
            { id: b, place: null },
          ]);
          expect((await groups.placedAfter(1)).map(({ id }) => id)).toEqual([b]);
          expect(await groups.qualities([a!, b!])).toEqual(
            new Map([
              [a, 0.5],
              [b, 0],
            ]),
          );
          await groups.touch('all');
          expect((await groups.toLearn(1)).length).toBe(1);

          await people.settle([
            { uid: 'p', name: 'P', shown: 'P', hidden: false, merged: null, born: null, died: null },
          ]);
          const [person] = await people.toLearn();
          await people.touch([person!.id]);
          await people.learnt(person!.id, person!.revision);
          expect((await people.toLearn()).map(({ id }) => id)).toEqual([person!.id]);
          await people.learnt(person!.id, person!.revision + 1);
          expect(await people.toLearn()).toEqual([]);
        });
      });

      test('groups are added up, and it shows which have changed since', async () => {
        const catalog = await open();
        await catalog.write(async ({ groups, groupSums, answers }) => {
          const [a, b] = (await groups.add(2)) as [number, number];
          const first = { revision: 1, faces: 2, weight: 1.75, trust: 1, mean: Float32Array.of(0.5, -3) };
          const none = { revision: 1, faces: 0, weight: 0, trust: 0, mean: new Float32Array(0) };
          expect(await groupSums.outdated()).toEqual([
            { group: a, revision: 1 },
            { group: b, revision: 1 },
          ]);
          await groupSums.save([
            { group: a, ...first },
            { group: b, ...none },
          ]);
          expect(await groupSums.outdated()).toEqual([]);
          await groups.touch([a]);
          expect(await groupSums.outdated()).toEqual([{ group: a, revision: 2 }]);
          expect(await groupSums.current()).toEqual([{ group: b, ...none }]);
          expect(await groups.revisions([a, b])).toEqual(
            new Map([
              [a, 2],
              [b, 1],
            ]),
          );
          await groupSums.save([{ group: a, ...first, revision: 2, faces: 3 }]);
          expect((await groupSums.current()).map(({ group, faces }) => [group, faces])).toEqual([
            [a, 3],
            [b, 0],
          ]);
          await answers.drop();
          expect([await groupSums.current(), await groupSums.outdated()]).toEqual([[], []]);
        });
      });

      test('what is known of people is stored as of a revision, and goes with them', async () => {
        const catalog = await open();
        await catalog.write(async ({ people, peopleSums, answers, groups }) => {
          const ann = {
            uid: 'p',
            name: 'P',
            shown: 'P',
            hidden: false,
            merged: null,
            born: null,
            died: null,
          };
          await people.settle([ann]);
          const person = (await people.all())[0]!.id;
          const sum = { person, revision: 1, weight: 2.5, trust: 1, mean: Float32Array.of(0.5, -3) };
          await peopleSums.save([sum]);
          await peopleSums.save([{ ...sum, revision: 2, weight: 0, mean: new Float32Array(0) }]);
          expect(await peopleSums.all()).toEqual([
            { ...sum, revision: 2, weight: 0, mean: new Float32Array(0) },
          ]);
          await peopleSums.drop();
          expect(await peopleSums.all()).toEqual([]);
          await peopleSums.save([sum]);
          await answers.drop();
          expect(await peopleSums.all()).toEqual([]);
          expect(await groups.places()).toEqual({ first: 0, last: 0 });
        });
      });

      test('candidates take the places of those that a group or a person had', async () => {
        const catalog = await open();
        await catalog.write(async ({ groups }) => {
          const [a, b] = await groups.add(2);
          const odds = (group: number | undefined, person: number, value: number) => ({
            group: group!,
            person,
            odds: value,
          });
          await groups.setCandidates([a!, b!], [odds(a, 1, 2), odds(a, 2, -1), odds(b, 1, 0.5)]);
          await groups.setCandidatesOf(1, [odds(b, 1, 7)]);
          expect(await groups.candidates([a!])).toEqual([odds(a, 2, -1)]);
          expect(await groups.candidates([b!])).toEqual([odds(b, 1, 7)]);
          await groups.setCandidates([b!], []);
          expect(await groups.withCandidates()).toEqual([a]);
        });
      });

      test('groups that may be somebody are found by their odds, and by whom they are guessed to be', async () => {
        const catalog = await open();
        await catalog.write(async ({ groups }) => {
          const [a, b, c, d] = (await groups.add(4)) as [number, number, number, number];
          // Odds are stored as they are, to the last digit.
          const exact = -2.9988023025657427;
          const odds = [exact, 1e-7, 0.5, 3];
          await groups.setCandidates(
            [],
            [a, b, c, d].map((group, i) => ({ group, person: 4, odds: odds[i]! })),
          );
          expect(await groups.candidates([a])).toEqual([{ group: a, person: 4, odds: exact }]);
          expect(byNumber(await groups.likeliest(4, exact))).toEqual([a, b, c, d]);
          expect(byNumber(await groups.likeliest(4, 1e-7))).toEqual([b, c, d]);
          expect(await groups.likeliest(5, -3)).toEqual([]);
          await groups.guess(b, 5, 0.8);
          await groups.guess(c, 4, 0.05);
          await groups.guess(d, 5, 0.05);
          expect(byNumber(await groups.guessed(4, 0.1))).toEqual([b, c]);
          expect(await groups.guessed(5, 0.1)).toEqual([]);
        });
      });

      test('groups are counted by their faces without a name', async () => {
        const catalog = await open();
        await catalog.write(async ({ photos, faces, answers, groups }) => {
          const photo = await photos.save(newPhoto(1));
          const other = await photos.save(newPhoto(2));
          const ids = await faces.add(
            photo,
            Array.from({ length: 8 }, (_, i) => foundFace(i)),
          );
          const [a, b, c, d] = await groups.add(4);
          await groups.guess(b!, 5, 0.8);
          await groups.guess(c!, 4, 0.05);
          const states = [
            [a, 'unnamed'],
            [a, 'unnamed'],
            [a, 'confirmed'],
            [b, 'suggested'],
            [b, 'suggested'],
            [b, 'suggested'],
            [c, 'stranger'],
            [d, 'unnamed'],
          ] as const;
          await answers.save(
            states.map(([grp, state], i) => answer(ids[i]!, i === 4 ? other : photo, { grp: grp!, state })),
          );
          const unnamed = await groups.unnamed(9, 1);
          expect(unnamed.map(({ id, faces: n, photos: p }) => [id, n, p])).toEqual([
            [b, 3, 2],
            [a, 2, 1],
            [d, 1, 1],
          ]);
          expect([await groups.countUnnamed(1), await groups.countUnnamed(2)]).toEqual([3, 2]);
          expect(await groups.suggested(9)).toEqual([
            { id: b, faces: 3, photos: 2, guess: 5, probability: 0.8 },
          ]);
          await answers.save([answer(ids[7]!, photo, { grp: d!, unsure: 1 })]);
          expect(await groups.countUnnamed(1)).toBe(2);
          expect(await answers.counts()).toMatchObject({
            unnamed: 3,
            suggested: 3,
            confirmed: 1,
            stranger: 1,
          });
          expect((await answers.openInGroups([a!, c!])).map(({ face }) => face)).toEqual([ids[0], ids[1]]);
          await answers.setGroup([ids[7]!], a!);
          await groups.removeEmpty();
          expect(await groups.countUnnamed(1)).toBe(2);
          // A number is given once.
          expect((await groups.add(1))[0]).toBeGreaterThan(d!);
        });
      });

      test('counts beside photos, people and groups are right after every change of answers, and can be made anew', async () => {
        const catalog = await open();
        const random = seededRandom(20);
        const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
        const states = [
          'confirmed',
          'automatic',
          'suggested',
          'ignored',
          'unnamed',
          'stranger',
          'not-a-face',
        ] as const;
        await catalog.write(async ({ photos, faces, answers, people, groups }) => {
          const settled = { hidden: false, merged: null, born: null, died: null };
          await people.settle(['Ann', 'Bob'].map((name) => ({ uid: name, name, shown: name, ...settled })));
          const known = (await people.all()).map(({ id }) => id);
          const inGroups = [...(await groups.add(3)), null];
          let rows: { readonly face: number; readonly photo: number }[] = [];
          for (let n = 0; n < 6; n++) {
            const photo = await photos.save(newPhoto(n));
            const ids = await faces.add(photo, [foundFace(1), foundFace(2), foundFace(3)]);
            rows.push(...ids.map((face) => ({ face, photo })));
          }
          let wasTwice = false;
          for (let n = 0; n < 60; n++) {
            const some = rows.filter(() => random() < 0.4);
            if (n % 10 === 9) {
              const gone = some.slice(0, 1);
              if (n > 40) await photos.remove(gone.map(({ photo }) => photo));
              else await faces.remove(gone.map(({ face }) => face));
              rows = rows.filter(({ face, photo }) =>
                gone.every((one) => (n > 40 ? one.photo !== photo : one.face !== face)),
              );
            } else if (n % 7 === 6) {
              await answers.setGroup(
                some.map(({ face }) => face),
                inGroups[0]!,
              );
            } else {
              const changed = some.map(({ face, photo }) => {
                const state = pick(states);
                const hasName = ['confirmed', 'automatic', 'suggested'].includes(state);
                const person = hasName ? pick(known) : null;
                const probability = hasName ? random() : null;
                const unsure = random() < 0.2 ? 1 : 0;
                return answer(face, photo, { state, person, probability, unsure, grp: pick(inGroups) });
              });
              await answers.save(changed);
            }
            expect(await answers.miscounts()).toEqual([]);
            const summaries = await people.summaries();
            wasTwice ||= summaries.some((own) => own.photos < own.confirmed + own.automatic);
          }
          expect(wasTwice).toBe(true);
          const before = await people.all();
          await answers.recount();
          expect(await people.all()).toEqual(before);
        });
      });

      test('of somebody with very many confirmed faces some are read, evenly; of others all', async () => {
        const catalog = await open();
        await catalog.write(async ({ photos, faces, answers }) => {
          const photo = await photos.save(newPhoto(1));
          const ids = await faces.add(
            photo,
            Array.from({ length: 12 }, (_, i) => foundFace(i)),
          );
          const confirmed = (person: number, own: readonly number[]) =>
            own.map((face) => answer(face, photo, { state: 'confirmed', person, probability: 1 }));
          await answers.save([...confirmed(1, ids.slice(0, 10)), ...confirmed(2, ids.slice(10))]);
          const of = async (most: number) =>
            (await answers.confirmed([1, 2], most))
              .map(({ face }) => ids.indexOf(face))
              .toSorted((a, b) => a - b);
          expect(await of(4)).toEqual([0, 2, 5, 7, 10, 11]);
          expect(await of(1)).toEqual([0, 10]);
          expect(await of(10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
        });
      });

      test('automatic names add up to what is expected to be wrong', async () => {
        const catalog = await open();
        await catalog.write(async ({ photos, faces, answers }) => {
          const photo = await photos.save(newPhoto(1));
          const ids = await faces.add(photo, [foundFace(1), foundFace(2), foundFace(3)]);
          expect(await answers.automatic()).toEqual({ count: 0, doubt: 0 });
          const named = (i: number, state: Answer['state'], probability: number) =>
            answer(ids[i]!, photo, { state, person: 1, probability });
          await answers.save([
            named(0, 'automatic', 0.75),
            named(1, 'automatic', 0.5),
            named(2, 'confirmed', 1),
          ]);
          expect(await answers.automatic()).toEqual({ count: 2, doubt: 0.75 });
          expect((await answers.confirmed([1], 10)).map(({ face }) => face)).toEqual([ids[2]]);
          expect((await answers.ofPerson(1, 2)).length).toBe(2);
          expect((await answers.ofPerson(1, 9, ids[0])).map(({ face }) => face)).toEqual([ids[1], ids[2]]);
          expect(await answers.clearest(1, 2)).toBe(ids[0]);
          expect(await answers.clearest(1, 9)).toBe(ids[2]);
          expect(await answers.clearest(2, 9)).toBeUndefined();
        });
      });
    });

    test('finds the photos that fulfil any condition, as a look at each photo does', async () => {
      const catalog = await open();
      const random = seededRandom(16);
      const made = await fillMadeCatalog(catalog, 120, random);
      for (let n = 0; n < 50; n++) {
        const condition = made.condition(2);
        const expected = made.photos
          .filter((photo) => photo.paths.some(({ gone }) => !gone) && matches(condition, photo))
          .toSorted((a, b) => (a.taken < b.taken ? -1 : a.taken > b.taken ? 1 : a.id - b.id))
          .map(({ id }) => id);
        const found = await catalog.read(({ find }) => find.photos(condition, { limit: 1000 }));
        expect([condition, found.photos.map(({ id }) => id)]).toEqual([condition, expected]);
        expect(found.total).toBe(expected.length);
        for (const offset of [3, 200]) {
          const page = await catalog.read(({ find }) => find.photos(condition, { limit: 5, offset }));
          expect(page.photos.map(({ id }) => id)).toEqual(expected.slice(offset, offset + 5));
          expect([condition, page.total]).toEqual([condition, expected.length]);
        }
      }
    });

    test('the counts of all photos are those that a look at each photo gives', async () => {
      const catalog = await open();
      await fillMadeCatalog(catalog, 120, seededRandom(16));
      const asked: PhotoCondition = { kind: 'all', of: [] };
      const all = await catalog.read(({ facets }) => facets.count(asked, ['confirmed', 'automatic']));
      // The same photos, in words that no short cut knows.
      const searched: PhotoCondition = { kind: 'not', of: { kind: 'any', of: [] } };
      const each = await catalog.read(({ facets }) => facets.count(searched, ['confirmed', 'automatic']));
      const sorted = (counts: FacetCounts) =>
        Object.entries(counts).map(([key, rows]) => [
          key,
          Array.isArray(rows) ? rows.map((row) => JSON.stringify(row)).toSorted() : rows,
        ]);
      expect(sorted(all)).toEqual(sorted(each));
      expect(all.people.length).toBeGreaterThan(1);
      expect(all.inSeveral.length).toBeGreaterThan(1);
    });

    test('a photo is there as long as one of its files is', async () => {
      const catalog = await open();
      const found = () =>
        catalog.read(async ({ find }) =>
          (await find.photos({ kind: 'all', of: [] }, { limit: 9 })).photos.map(({ id }) => id),
        );
      const [first, second, a, b] = await catalog.write(async ({ photos, paths }) => {
        const ids = [await photos.save(newPhoto(1)), await photos.save(newPhoto(2))] as const;
        await paths.await('/home', [
          { name: 'a', state: '1' },
          { name: 'b', state: '1' },
        ]);
        const files = await paths.find(['/home/a', '/home/b']);
        for (const { id } of files) await paths.hold([{ id, photo: ids[0], state: '1' }]);
        return [...ids, ...files.map(({ id }) => id)] as [number, number, number, number];
      });
      // Nobody has seen a file of it yet, or it is about to be named.
      await catalog.write(({ paths }) => paths.hold([{ id: b, photo: second, state: '2' }]));
      expect(await found()).toEqual([first, second]);
      await catalog.write(({ paths }) => paths.setGone([a], true));
      expect(await found()).toEqual([second]);
      expect(await catalog.read(({ photos }) => photos.counts())).toEqual({ photos: 1, videos: 0 });
      // Another content, and back again.
      await catalog.write(({ paths }) => paths.hold([{ id: b, photo: first, state: '1' }]));
      expect(await found()).toEqual([first]);
      await catalog.write(({ paths }) => paths.failed(b, 'damaged-photo', 'is cut off', '3'));
      expect(await found()).toEqual([]);
      await catalog.write(({ paths }) => paths.await('/home', [{ name: 'a', state: '4' }]));
      expect(await found()).toEqual([first]);
      await catalog.write(({ paths }) => paths.remove([a]));
      expect(await found()).toEqual([]);
    });

    test('names the surest face of each person in a photo', async () => {
      const catalog = await open();
      const made = await fillMadeCatalog(catalog, 30, seededRandom(5));
      const named = await catalog.read(({ find }: Tables) =>
        find.named(
          made.photos.map(({ id }) => id),
          made.people,
          ['confirmed', 'automatic'],
        ),
      );
      for (const { photo, person, probability } of named) {
        const own = facesOfPhoto(made, photo).filter(
          (face) => face.person === person && (face.state === 'confirmed' || face.state === 'automatic'),
        );
        expect(probability).toBe(Math.max(...own.map((face) => face.probability!)));
      }
      expect(named.length).toBeGreaterThan(10);
    });
  });
}

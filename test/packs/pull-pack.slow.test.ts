import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { findPack, packNames, removePack } from '../../src/packs/pack-store.ts';
import { type PullOptions, pullPack } from '../../src/packs/pull-pack.ts';
import { openPictureNetwork } from '../../src/runtime/picture-network.ts';
import { page, partly, serve, whole } from '../runtime/loopback.ts';
import { archiveOf, toyFiles, toyGraph, toyLabels, toyPack } from '../runtime/toy-model.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const quick: PullOptions = { retryDelay: 1, patience: 5000 };
const sum = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

let archive: Uint8Array;
let another: Uint8Array;
beforeAll(async () => {
  archive = await archiveOf(toyFiles);
  another = await archiveOf({ ...toyFiles, 'toy/labels.txt': 'one\ntwo\nthree\n' });
});

/** What is in the folder, besides locks. */
async function left(packs: string): Promise<readonly string[]> {
  return (await readdir(packs)).filter((name) => !name.endsWith('.lock')).toSorted();
}

describe('a model that is pulled', () => {
  test('is there by its name, runs, and is not pulled twice', async () => {
    const packs = join(await temporaryFolder(), 'packs');
    const { address, ranges } = await serve(whole(archive));
    const first = await pullPack(packs, toyPack(address), quick);
    expect(first).toMatchObject({ already: false, trust: 'first', archiveSha256: sum(archive) });
    expect(await packNames(packs)).toEqual(['toy']);
    expect(await findPack(packs, 'toy')).toEqual(first.pack);
    expect(first.pack.scores?.labels).toEqual(toyLabels);
    // As retrain.py wants its --model_dir.
    expect(await readdir(join(packs, 'toy'), { recursive: true })).toEqual(
      expect.arrayContaining(['pack.json', join('toy', 'frozen_graph.pb'), join('toy', 'labels.txt')]),
    );
    const network = await openPictureNetwork(first.pack, 'scores', {
      home: await temporaryFolder(),
      threads: 1,
    });
    const green = Uint8Array.from({ length: 8 * 8 * 3 }, (_, i) => (i % 3 === 1 ? 255 : 0));
    const { scores } = await network.run({ width: 8, height: 8, data: green });
    expect(scores!.data[1]).toBeGreaterThan(0.99);
    await network.close();
    expect(await pullPack(packs, toyPack(address), quick)).toEqual({ pack: first.pack, already: true });
    expect(ranges).toHaveLength(1);
  });

  test('is pulled again where a file of it was damaged', async () => {
    const packs = await temporaryFolder();
    const { address } = await serve(whole(archive));
    await pullPack(packs, toyPack(address), quick);
    await writeFile(join(packs, 'toy', 'toy', 'frozen_graph.pb'), 'damaged');
    expect(await pullPack(packs, toyPack(address), quick)).toMatchObject({
      already: false,
      trust: 'recorded',
    });
    expect(new Uint8Array(await readFile(join(packs, 'toy', 'toy', 'frozen_graph.pb')))).toEqual(toyGraph());
    expect(await left(packs)).toEqual(['toy', 'toy.sha256']);
  });
});

describe('what came is held to', () => {
  test('the sum of the first pull, even after the model was removed', async () => {
    const packs = await temporaryFolder();
    const { address } = await serve(whole(archive));
    await pullPack(packs, toyPack(address), quick);
    await removePack(packs, 'toy');
    const other = await serve(whole(another));
    await expect(pullPack(packs, toyPack(address), { ...quick, from: other.address })).rejects.toMatchObject({
      code: 'bad-weights',
      message: `The archive of toy has sha256 ${sum(another)}, not the one of what was pulled the first time, ${sum(archive)}: nothing of it was kept.`,
    });
    expect(await left(packs)).toEqual(['toy.sha256']);
    expect(await pullPack(packs, toyPack(address), quick)).toMatchObject({ trust: 'recorded' });
  });

  test('the sum that was published for the archive', async () => {
    const packs = await temporaryFolder();
    const { address } = await serve(whole(another));
    const wanted = toyPack(address, { archive: { address, sha256: sum(archive) } });
    await expect(pullPack(packs, wanted, quick)).rejects.toMatchObject({
      code: 'bad-weights',
      message: `The archive of toy has sha256 ${sum(another)}, not the one published for it, ${sum(archive)}: nothing of it was kept.`,
    });
    expect(await left(packs)).toEqual([]);
  });

  test('the sums of its files', async () => {
    const packs = await temporaryFolder();
    const { address } = await serve(whole(archive));
    const wanted = toyPack(address, { graph: { path: 'toy/frozen_graph.pb', sha256: '0'.repeat(64) } });
    await expect(pullPack(packs, wanted, quick)).rejects.toMatchObject({
      code: 'bad-weights',
      message: `toy/frozen_graph.pb of toy has sha256 ${sum(toyGraph())}, expected ${'0'.repeat(64)}: nothing of it was kept.`,
    });
    expect(await left(packs)).toEqual([]);
  });
});

describe('nothing half-done is ever there', () => {
  test.each([
    ['is cut off for good', partly(new Uint8Array(10), 0), 'cannot-fetch'],
    ['is a web page', page(200), 'cannot-fetch'],
    ['is not there', page(404), 'cannot-fetch'],
    ['is no archive', whole(new TextEncoder().encode('no archive at all')), 'cannot-fetch'],
  ])('where the archive %s', async (_what, answer, code) => {
    const packs = await temporaryFolder();
    const { address } = await serve(answer);
    await expect(pullPack(packs, toyPack(address), { ...quick, patience: 100 })).rejects.toMatchObject({
      code,
    });
    expect(await packNames(packs)).toEqual([]);
    expect(await findPack(packs, 'toy')).toBeUndefined();
    expect(await left(packs)).not.toContain('.toy.tgz');
  });

  test.skipIf(!existsSync('/dev/full'))('where the disk fills up', async () => {
    const packs = await temporaryFolder();
    await symlink('/dev/full', join(packs, '.toy.tgz.part'));
    const { address } = await serve(whole(archive));
    await expect(pullPack(packs, toyPack(address), quick)).rejects.toMatchObject({
      code: 'cannot-write',
      message: `The disk of ${packs} is full: make room and run the same command again.`,
    });
    expect(await packNames(packs)).toEqual([]);
  });
});

test('two pulls at once: one fetches, the other says that it waits, and both have the model', async () => {
  const packs = await temporaryFolder();
  const { address, ranges } = await serve(whole(archive));
  let waits = 0;
  const onWait = (): void => void waits++;
  const both = await Promise.all([1, 2].map(() => pullPack(packs, toyPack(address), { ...quick, onWait })));
  expect(both.filter(({ already }) => already)).toHaveLength(1);
  expect([ranges.length, waits]).toEqual([1, 1]);
});

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { PullablePicture } from '../../src/models/pullable-pack.ts';
import { removePack } from '../../src/packs/install-pack.ts';
import { findPack, packNames } from '../../src/packs/pack-store.ts';
import { type Pulled, type PullOptions, pullPack } from '../../src/packs/pull-pack.ts';
import { fromArchive } from '../../src/packs/pull-picture-pack.ts';
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

function pull(
  packs: string,
  wanted: PullablePicture,
  options: PullOptions = quick,
): Promise<Pulled<'picture'>> {
  return pullPack(packs, wanted, fromArchive(wanted), options);
}

/** Files in the folder, besides locks. */
async function left(packs: string): Promise<readonly string[]> {
  return (await readdir(packs)).filter((name) => !name.endsWith('.lock')).toSorted();
}

describe('a model that is pulled', () => {
  test('is there by its name, runs, and is not pulled twice', async () => {
    const packs = join(await temporaryFolder(), 'packs');
    const { address, ranges } = await serve(whole(archive));
    const first = await pull(packs, toyPack(address));
    expect(first).toMatchObject({ already: false, trust: 'first', sha256: sum(archive) });
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
    expect(await pull(packs, toyPack(address))).toEqual({ pack: first.pack, already: true });
    expect(ranges).toHaveLength(1);
  });

  test('is pulled again where a file of it was damaged', async () => {
    const packs = await temporaryFolder();
    const { address } = await serve(whole(archive));
    await pull(packs, toyPack(address));
    await writeFile(join(packs, 'toy', 'toy', 'frozen_graph.pb'), 'damaged');
    expect(await pull(packs, toyPack(address))).toMatchObject({
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
    await pull(packs, toyPack(address));
    await removePack({ home: packs, packs }, 'toy');
    const other = await serve(whole(another));
    await expect(pull(packs, toyPack(address), { ...quick, from: other.address })).rejects.toMatchObject({
      code: 'bad-weights',
      message: `The archive of toy has sha256 ${sum(another)}, not the one of what was pulled the first time, ${sum(archive)}: nothing of it was stored.`,
    });
    expect(await left(packs)).toEqual(['toy.sha256']);
    expect(await pull(packs, toyPack(address))).toMatchObject({ trust: 'recorded' });
  });

  test('the sum that was published for the archive', async () => {
    const packs = await temporaryFolder();
    const { address } = await serve(whole(another));
    const wanted = toyPack(address, { sha256: sum(archive) });
    await expect(pull(packs, wanted)).rejects.toMatchObject({
      code: 'bad-weights',
      message: `The archive of toy has sha256 ${sum(another)}, not the one published for it, ${sum(archive)}: nothing of it was stored.`,
    });
    expect(await left(packs)).toEqual([]);
  });

  test('the sums of its files', async () => {
    const packs = await temporaryFolder();
    const { address } = await serve(whole(archive));
    const wanted = toyPack(address, { graph: { path: 'toy/frozen_graph.pb', sha256: '0'.repeat(64) } });
    await expect(pull(packs, wanted)).rejects.toMatchObject({
      code: 'bad-weights',
      message: `toy/frozen_graph.pb of toy has sha256 ${sum(toyGraph())}, expected ${'0'.repeat(64)}: nothing of it was stored.`,
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
    await expect(pull(packs, toyPack(address), { ...quick, patience: 100 })).rejects.toMatchObject({
      code,
    });
    expect(await packNames(packs)).toEqual([]);
    expect(await findPack(packs, 'toy')).toBeUndefined();
    expect(await left(packs)).not.toContain('.toy.download');
  });

  test.skipIf(!existsSync('/dev/full'))('where the disk fills up', async () => {
    const packs = await temporaryFolder();
    await symlink('/dev/full', join(packs, '.toy.download.part'));
    const { address } = await serve(whole(archive));
    await expect(pull(packs, toyPack(address))).rejects.toMatchObject({
      code: 'cannot-write',
      message: `The disk of ${packs} is full: make room and run the same command again.`,
    });
    expect(await packNames(packs)).toEqual([]);
  });
});

test('a lock file that disappears during a pull ends it with a sentence, and nothing is half-done', async () => {
  const packs = join(await temporaryFolder(), 'packs');
  // The server sends a part and no more: the pull is under way when its lock goes.
  const { address } = await serve(partly(archive, 100));
  let isUnderWay = (): void => {};
  const underWay = new Promise<void>((resolve) => {
    isUnderWay = resolve;
  });
  const pulled = pull(packs, toyPack(address), {
    ...quick,
    patience: 60_000,
    onProgress: (bytes) => void (bytes > 0 && isUnderWay()),
  });
  const refusal = pulled.catch((error: unknown) => error);
  await underWay;
  await rm(join(packs, '.toy.lock'), { recursive: true });
  expect(await refusal).toMatchObject({
    code: 'in-use',
    message: expect.stringMatching(
      /^The lock .*\.toy\.lock was removed or taken over by another process: nothing was changed, run/,
    ),
  });
  expect(await packNames(packs)).toEqual([]);
  const whole2 = await serve(whole(archive));
  expect(await pull(packs, toyPack(whole2.address))).toMatchObject({ already: false });
});

test('what a kill left behind is removed by the next pull, and by remove, which counts it', async () => {
  const packs = await temporaryFolder();
  const { address } = await serve(whole(archive));
  await mkdir(join(packs, '.toy.incoming'));
  await writeFile(join(packs, '.toy.incoming', 'graph.pb'), 'half');
  await pull(packs, toyPack(address));
  expect(await left(packs)).toEqual(['toy', 'toy.sha256']);
  await writeFile(join(packs, '.toy.download.part'), 'half');
  const removed = await removePack({ home: join(packs, 'home'), packs }, 'toy');
  // The part, the graph, the labels and pack.json.
  expect(removed.files).toBe(4);
  expect(removed.bytes).toBeGreaterThan(toyGraph().length);
  expect(await left(packs)).toEqual(['toy.sha256']);
});

test('two pulls at once: one fetches, the other says that it waits, and both have the model', async () => {
  const packs = await temporaryFolder();
  const { address, ranges } = await serve(whole(archive));
  let waits = 0;
  const onWait = (): void => void waits++;
  const both = await Promise.all([1, 2].map(() => pull(packs, toyPack(address), { ...quick, onWait })));
  expect(both.filter(({ already }) => already)).toHaveLength(1);
  expect([ranges.length, waits]).toEqual([1, 1]);
});

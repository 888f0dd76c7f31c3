import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { Catalog } from '../../src/catalog/catalog.ts';
import { openPostgresCatalog } from '../../src/catalog/open-postgres.ts';
import { openPostgresQueue, type PostgresQueueOptions } from '../../src/jobs/postgres-queue.ts';
import type { ReadQueue } from '../../src/jobs/read-queue.ts';
import { describeWithPostgres } from '../postgres/describe-with-postgres.ts';

const hashOf = (n: number): string => createHash('sha256').update(`${n}`).digest('hex');

describeWithPostgres('the queue on PostgreSQL', (server) => {
  let albums = 0;

  interface Desk {
    readonly catalog: Catalog;
    readonly open: (options?: Partial<PostgresQueueOptions>) => Promise<ReadQueue>;
  }
  async function desk(): Promise<Desk> {
    const catalog = await openPostgresCatalog(`${server().address}&album=queue${albums++}`);
    onTestFinished(() => catalog.close());
    return {
      catalog,
      open: (options) => openPostgresQueue(catalog.queueRoom!, { recipe: 'one', ...options }),
    };
  }
  const put = (
    catalog: Catalog,
    queue: ReadQueue,
    numbers: readonly number[],
    urgent = false,
  ): Promise<void> =>
    catalog.write((tables) =>
      queue.put(
        tables,
        numbers.map((n) => ({ sha256: hashOf(n), kind: 'photo', urgent })),
      ),
    );
  const takeAll = async (queue: ReadQueue): Promise<string[]> =>
    (await queue.take('photo', 99)).map(({ sha256 }) => sha256);

  test('holds a job once, gives it to one, the urgent ones first, and has it no more when it is done', async () => {
    const { catalog, open } = await desk();
    const [one, two] = [await open(), await open()];
    await put(catalog, one, [1, 2, 3]);
    await put(catalog, two, [2, 3, 4], true);
    expect(await one.count()).toEqual({ waiting: 4, open: 4 });
    expect((await two.take('photo', 1)).map(({ sha256 }) => sha256)).toEqual([hashOf(4)]);
    const taken = (await Promise.all([one.take('photo', 2), two.take('photo', 2)])).flat();
    expect(taken.map(({ sha256 }) => sha256).toSorted()).toEqual([1, 2, 3].map(hashOf).toSorted());
    expect(await one.take('photo', 9)).toEqual([]);
    expect(await one.count()).toEqual({ waiting: 0, open: 4 });
    await catalog.write((tables) => one.done(tables, taken));
    expect(await one.count()).toEqual({ waiting: 0, open: 1 });
    await put(catalog, one, [1]);
    expect(await takeAll(two)).toEqual([hashOf(1)]);
  });

  test('is kept or not with the transaction that it belongs to', async () => {
    const { catalog, open } = await desk();
    const queue = await open();
    await put(catalog, queue, [1]);
    const [job] = await queue.take('photo', 1);
    const broken = catalog.write(async (tables) => {
      await queue.done(tables, [job!]);
      await queue.put(tables, [{ sha256: hashOf(2), kind: 'video', urgent: false }]);
      throw new RangeError('stop here');
    });
    await expect(broken).rejects.toThrow('stop here');
    expect(await queue.count()).toEqual({ waiting: 0, open: 1 });
  });

  test('gives a job to somebody else if it is not renewed, and at once if it is given back', async () => {
    const { catalog, open } = await desk();
    const queue = await open({ lease: 1 });
    await put(catalog, queue, [1, 2]);
    const [lost, held] = await queue.take('photo', 2);
    await pause(700);
    await queue.renew([held!]);
    await pause(700);
    await queue.takeBack();
    // It is tried again after a moment.
    await expect.poll(() => takeAll(queue), { timeout: 5000, interval: 200 }).toEqual([lost!.sha256]);
    await queue.giveBack([held!]);
    expect(await takeAll(queue)).toEqual([held!.sha256]);
  });

  test('gives up a job that was tried too often, with the reason, and takes it again when it is put again', async () => {
    const { catalog, open } = await desk();
    const queue = await open({ tries: 1, lease: 1 });
    await put(catalog, queue, [1, 2]);
    const [first] = await queue.take('photo', 1);
    await queue.later([first!], 'no worker sees it');
    const [hung] = await queue.take('photo', 1);
    await pause(1100);
    await queue.takeBack();
    const dead = await queue.dead(9);
    expect(new Map(dead.map(({ sha256, reason }) => [sha256, reason]))).toEqual(
      new Map([
        [first!.sha256, 'no worker sees it'],
        [hung!.sha256, undefined],
      ]),
    );
    await catalog.write((tables) => queue.bury(tables, dead));
    expect(await queue.count()).toEqual({ waiting: 0, open: 0 });
    await put(catalog, queue, [1]);
    expect(await takeAll(queue)).toEqual([hashOf(1)]);
  });

  test('is for one recipe: an older whosin and a newer one do not take the jobs of each other', async () => {
    const { catalog, open } = await desk();
    const [older, newer] = [await open(), await open({ recipe: 'two' })];
    await put(catalog, older, [1]);
    expect(await takeAll(newer)).toEqual([]);
    expect(await takeAll(older)).toEqual([hashOf(1)]);
  });
});

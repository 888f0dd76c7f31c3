import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { takeLock } from '../../src/runtime/lock.ts';
import { temporaryFolder } from '../temporary-folder.ts';

test('a lock keeps others out until it is released', async () => {
  const path = join(await temporaryFolder(), 'inside', '.lock');
  const first = await takeLock(path, {});
  await expect(takeLock(path, { patience: 0 })).rejects.toMatchObject({
    code: 'in-use',
    message: expect.stringContaining(path),
  });
  let second: ReturnType<typeof takeLock> | undefined;
  await new Promise<void>((resolve) => {
    second = takeLock(path, { onWait: resolve });
  });
  await first.release();
  await (await second)!.release();
  await expect(stat(path)).rejects.toThrow('ENOENT');
});

test('one that disappears is told of, not thrown out of nowhere, and its release is quiet', async () => {
  const path = join(await temporaryFolder(), '.lock');
  const { lost, release } = await takeLock(path, {});
  expect(lost.aborted).toBe(false);
  await rm(path, { recursive: true });
  await new Promise((resolve) => lost.addEventListener('abort', resolve));
  await release();
  const again = await takeLock(path, { patience: 0 });
  await again.release();
});

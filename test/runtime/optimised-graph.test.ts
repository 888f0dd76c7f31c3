/** A start does not optimise graphs again, and nothing depends on what it kept. */

import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { faceMesh } from '../../src/models/human.ts';
import { openNetwork } from '../../src/runtime/session.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const noise = Uint8Array.from({ length: 192 * 192 * 3 }, (_, i) => (i * 2654435761) >>> 24);

/** The landmarks that the network finds in noise, opened in this home. */
async function landmarksIn(home: string): Promise<number[]> {
  const network = await openNetwork(faceMesh, { home, threads: 1 });
  const { landmarks } = await network.run(noise, [1, 192, 192, 3]);
  await network.close();
  return [...landmarks!.data];
}

async function keptIn(home: string): Promise<string> {
  const names = await readdir(join(home, 'optimised'));
  expect(names).toEqual([expect.stringMatching(/^human-facemesh-.*-[0-9a-f]{12}\.onnx$/)]);
  return join(home, 'optimised', names[0]!);
}

describe('the graph that ONNX Runtime optimised', () => {
  test('is kept at the first opening, opened at the next, and gives the very same numbers', async () => {
    const home = await temporaryFolder();
    const first = await landmarksIn(home);
    const kept = await keptIn(home);
    const { mtimeMs } = await stat(kept);
    expect(await landmarksIn(home)).toEqual(first);
    expect((await stat(kept)).mtimeMs).toBe(mtimeMs);
    expect(await readdir(join(home, 'optimised'))).toHaveLength(1);
  });

  test('is made anew where it is damaged', async () => {
    const home = await temporaryFolder();
    const first = await landmarksIn(home);
    const kept = await keptIn(home);
    const whole = await readFile(kept);
    for (const damaged of [Buffer.alloc(0), whole.subarray(0, 100_000), Buffer.from('no graph')]) {
      await writeFile(kept, damaged);
      expect(await landmarksIn(home)).toEqual(first);
      expect((await readFile(kept)).length).toBe(whole.length);
    }
  });

  test('is done without where it cannot be kept', async () => {
    const home = await temporaryFolder();
    const first = await landmarksIn(home);
    const kept = await keptIn(home);
    await rm(kept);
    await mkdir(join(kept, 'in the way'), { recursive: true });
    expect(await landmarksIn(home)).toEqual(first);
    expect(await readdir(join(home, 'optimised'))).toHaveLength(1);
  });
});

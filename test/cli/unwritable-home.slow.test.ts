/** A home that nothing can be written to: networks are compiled in memory, and the answers are the same. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { writePortraits } from '../demo-people.ts';
import { demoPhoto } from '../photo-fixtures.ts';
import { sharedFolder } from '../shared-folder.ts';
import { type Run, setUpModel, setUpWhosin } from './whosin.ts';

const whosin = setUpWhosin();
const model = setUpModel(whosin, { mona: ['mona', 2], nell: ['nell', 2] });
const files = sharedFolder();
const at = (...parts: readonly string[]): string => join(files.path, ...parts);

beforeAll(async () => {
  await writePortraits(at('asked'), { some: ['mona', 4], others: ['nell', 4] });
  await writeFile(at('file'), 'not a folder');
});

/** Below a file no folder can be made. */
const nowhere = (args: readonly string[], threads = '1'): Promise<Run> =>
  whosin(args, { home: at('file', 'home'), environment: { WHOSIN_THREADS: threads } });

describe.each(['1', '3'])('with %s threads', (threads) => {
  test('people are named as ever, and it is said once that nothing is kept, and where to say otherwise', {
    timeout: 120_000,
  }, async () => {
    const args = ['identify', at('asked'), '-m', model.path, '--json'];
    const [usual, run] = [await whosin(args), await nowhere(args, threads)];
    expect(run.status).toBe(0);
    expect(run.stdout).toBe(usual.stdout);
    expect(run.stderr.match(/not stored in this run/g)).toHaveLength(1);
    expect(run.stderr).toContain(`Cannot write ${at('file', 'home', 'models')}`);
    expect(run.stderr).toContain('WHOSIN_HOME names another folder for them.');
  });
});

test('pictures are classified', { timeout: 60_000 }, async () => {
  const args = ['classify', demoPhoto(1), '--json'];
  const [usual, run] = [await whosin(args), await nowhere(args)];
  expect(run).toMatchObject({ status: 0, stdout: usual.stdout });
  expect(run.stderr.match(/not stored in this run/g)).toHaveLength(1);
});

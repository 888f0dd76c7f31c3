import { randomUUID } from 'node:crypto';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openAnswerMemory } from '../../src/collect/answer-memory.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const hours = (count: number): Date => new Date(Date.now() - count * 3_600_000);

test('answers are given again for a day', async () => {
  const root = await temporaryFolder();
  const memory = await openAnswerMemory(root, Date.now);
  await memory.put('http://a/1', 'an answer');
  expect(await memory.get('http://a/1')).toBe('an answer');
  expect(await memory.get('http://a/2')).toBeUndefined();
  const [file] = await readdir(join(root, '.whosin', 'answers'));
  await utimes(join(root, '.whosin', 'answers', file!), hours(25), hours(25));
  expect(await (await openAnswerMemory(root, Date.now)).get('http://a/1')).toBeUndefined();
});

// It stayed for a day if the next run had all its answers: one in 200 kills.
test('what a killed run left among them is removed', async () => {
  const root = await temporaryFolder();
  const folder = join(root, '.whosin', 'answers');
  await mkdir(folder, { recursive: true });
  const left = join(folder, `.whosin-${randomUUID()}.tmp`);
  await writeFile(left, 'half of an ans');
  await utimes(left, hours(2), hours(2));
  await openAnswerMemory(root, Date.now);
  expect(await readdir(folder)).toEqual([]);
});

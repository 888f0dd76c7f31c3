/** Yarn's Plug'n'Play opens files itself, and its handles refuse to sync: nothing could be written there. */

import { type FileHandle, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openJournal } from '../../src/collect/journal.ts';
import { writeFileAtomically } from '../../src/runtime/atomic-file.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** The prototype of every file handle, and the method that it has there. */
let prototype: FileHandle;
let own: PropertyDescriptorMap;

beforeAll(async () => {
  const handle = await open(import.meta.filename);
  prototype = Object.getPrototypeOf(handle) as FileHandle;
  own = Object.getOwnPropertyDescriptors(prototype);
  await handle.close();
  // As Yarn 4 has it.
  const refuse = (): never => {
    throw new Error('Method not implemented.');
  };
  Object.assign(prototype, { sync: refuse, datasync: refuse });
});
afterAll(() => Object.defineProperties(prototype, own));

test('files are written whole', async () => {
  const path = join(await temporaryFolder(), 'people.onnx');
  await writeFileAtomically(path, Uint8Array.of(1, 2, 3));
  expect([...(await readFile(path))]).toEqual([1, 2, 3]);
});

test('the journal of a collected set takes lines', async () => {
  const path = join(await temporaryFolder(), 'provenance.jsonl');
  const journal = await openJournal(path, () => 0);
  await journal.append({ event: 'round' });
  await journal.close();
  expect(await readFile(path, 'utf8')).toBe('{"event":"round","time":"1970-01-01T00:00:00.000Z"}\n');
});

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openAppendFile } from '../../src/runtime/append-file.ts';
import { temporaryFolder } from '../temporary-folder.ts';

describe('a file that grows', () => {
  test('can be read while it is written, and begins anew', async () => {
    const path = join(await temporaryFolder(), 'logs', 'train', 'events');
    const file = await openAppendFile(path);
    await file.append(Buffer.from('one '));
    expect(await readFile(path, 'utf8')).toBe('one ');
    await file.append(Buffer.from('two'));
    await file.close();
    expect(await readFile(path, 'utf8')).toBe('one two');
    await (await openAppendFile(path)).close();
    expect(await readFile(path, 'utf8')).toBe('');
  });

  test('that cannot be opened: an error that names it', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'taken'));
    await writeFile(join(folder, 'file'), '');
    const cannotWrite = { code: 'cannot-write' };
    await expect(openAppendFile(join(folder, 'taken'))).rejects.toMatchObject(cannotWrite);
    await expect(openAppendFile(join(folder, 'file', 'x'))).rejects.toThrow(/Cannot write .*file\/x/);
  });
});

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Header } from 'tar';
import { expect, test } from 'vitest';
import { unpack } from '../../src/packs/archive.ts';
import { archiveOf, toyFiles } from '../runtime/toy-model.ts';
import { temporaryFolder } from '../temporary-folder.ts';

interface Entry {
  readonly path: string;
  readonly type?: 'File' | 'SymbolicLink' | 'Link';
  readonly linkpath?: string;
  readonly content?: string;
  /** The size that the entry declares, if that is a lie. */
  readonly size?: number;
}

/** An archive such as no tool would write. */
function forged(...entries: readonly Entry[]): Uint8Array {
  const blocks = entries.flatMap(({ path, type = 'File', linkpath, content = '', size = content.length }) => {
    const block = Buffer.alloc(512);
    const header = new Header({ path, type, size, mode: 0o644, ...(linkpath !== undefined && { linkpath }) });
    header.encode(block);
    return [block, Buffer.from(content), Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]), { level: 0 });
}

async function unpacked(
  bytes: Uint8Array,
  paths: readonly string[],
): Promise<{ readonly parent: string; readonly folder: string }> {
  const parent = await temporaryFolder();
  const folder = join(parent, 'in', 'out');
  await mkdir(folder, { recursive: true });
  await writeFile(join(parent, 'model.tgz'), bytes);
  await unpack(join(parent, 'model.tgz'), folder, paths, 1e6);
  return { parent, folder };
}

test.each(['', './'])(
  'takes out what is asked for and nothing else (paths begin with "%s")',
  async (prefix) => {
    const { folder } = await unpacked(await archiveOf(toyFiles, prefix), ['toy/labels.txt']);
    expect(await readdir(folder, { recursive: true })).toEqual(['toy', join('toy', 'labels.txt')]);
    expect(await readFile(join(folder, 'toy/labels.txt'), 'utf8')).toBe(toyFiles['toy/labels.txt']);
  },
);

test.each<[string, Entry[], string]>([
  [
    'a link in place of the file',
    [{ path: 'graph.pb', type: 'SymbolicLink', linkpath: '/etc/passwd' }],
    'it has no file graph.pb',
  ],
  [
    'a hard link in place of it',
    [{ path: 'graph.pb', type: 'Link', linkpath: 'other' }],
    'it has no file graph.pb',
  ],
  ['a path above the folder', [{ path: '../graph.pb', content: 'x' }], 'it has no file graph.pb'],
  ['an absolute path', [{ path: '/graph.pb', content: 'x' }], 'it has no file graph.pb'],
  [
    'a link to elsewhere on the way to it',
    [
      { path: 'sub', type: 'SymbolicLink', linkpath: '../..' },
      { path: 'sub/graph.pb', content: 'x' },
    ],
    'it has no file graph.pb',
  ],
  [
    'a file larger than any model',
    [{ path: 'graph.pb', content: 'x', size: 2e9 }],
    'graph.pb in it says that it has 2000000000 bytes',
  ],
])('%s is not taken out', async (_what, entries, reason) => {
  const parent = await temporaryFolder();
  await expect(unpacked(forged(...entries), ['graph.pb'])).rejects.toMatchObject({
    code: 'cannot-fetch',
    message: `model.tgz is damaged or not the archive that it should be: ${reason}.`,
  });
  expect(await readdir(parent)).toEqual([]);
});

test('a few bytes that unpack to a disk full of nothing are stopped', async () => {
  const block = Buffer.alloc(512);
  new Header({ path: 'padding', type: 'File', size: 1e8, mode: 0o644 }).encode(block);
  const bomb = gzipSync(Buffer.concat([block, Buffer.alloc(1e8)]));
  await expect(unpacked(bomb, ['graph.pb'])).rejects.toMatchObject({ code: 'cannot-fetch' });
});

test.each([
  ['a web page', Buffer.from('<html>404</html>')],
  ['half an archive', undefined],
  ['an archive with a changed byte', 'changed'],
])('%s is refused', async (_what, given) => {
  const archive = await archiveOf(toyFiles);
  const bytes =
    given === undefined
      ? archive.subarray(0, archive.length / 2)
      : given === 'changed'
        ? archive.with(archive.length >> 1, archive[archive.length >> 1]! ^ 0x55)
        : (given as Buffer);
  await expect(unpacked(bytes, ['toy/frozen_graph.pb', 'toy/readme.md'])).rejects.toMatchObject({
    code: 'cannot-fetch',
    message: expect.stringContaining('model.tgz is damaged or not the archive that it should be'),
  });
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { openWorkshop } from '../../src/engine/workshop.ts';
import { limitMemory } from '../../src/runtime/photo-memory.ts';
import { zerosPng } from '../bytes/png.ts';
import { temporaryFolder } from '../temporary-folder.ts';

// Tests share a process.
afterAll(() => limitMemory(readConfig({})));

// Only networks set the limit: a page that showed thumbnails before anything was recognized had none.
test('a thumbnail stays within the memory that is allowed', async () => {
  const path = join(await temporaryFolder(), 'large.png');
  await writeFile(
    path,
    await zerosPng({ width: 0x3fff, height: 0x3fff, bits: 16, kind: 'rgba', interlaced: true }),
  );
  const home = await temporaryFolder();
  const workshop = openWorkshop({ home, packs: home, albums: home, threads: 1, memory: 1e9 });
  const how = { signal: new AbortController().signal, onProgress: () => {} };
  await expect(workshop.do('photoThumbnail', { path, side: 100 }, how)).rejects.toMatchObject({
    code: 'photo-too-large',
    path,
  });
  await workshop.close();
});

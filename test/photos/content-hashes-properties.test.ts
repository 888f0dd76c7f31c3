/** The log of hashes may forget; it never gives the hash of something else. */

import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ContentHashes, openContentHashes } from '../../src/photos/content-hashes.ts';
import { writeFileAtomically } from '../../src/runtime/atomic-file.ts';
import { holdsOfFiles } from '../holds.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** Files made by a test are old enough to be believed. */
const later = (): number => Date.now() + 60_000;

const sha256Of = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** Events of an album and its log, in any order. */
const step = fc.oneof(
  // Each content has a length of its own: times alone cannot tell changes within a tick of the clock.
  fc.record({ do: fc.constant('change' as const), file: fc.nat(3) }),
  fc.record({ do: fc.constant('read' as const), file: fc.nat(3) }),
  fc.record({ do: fc.constant('flush' as const) }),
  fc.record({ do: fc.constant('open again' as const) }),
  fc.record({ do: fc.constant('cut the log' as const), at: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({
    do: fc.constant('write over a byte' as const),
    at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    byte: fc.nat(255),
  }),
);

async function damage(home: string, change: (log: Buffer) => Uint8Array): Promise<void> {
  const folder = join(home, 'seen');
  for (const name of await readdir(folder).catch(() => [])) {
    const log = await readFile(join(folder, name));
    if (log.length > 0) await writeFile(join(folder, name), change(log));
  }
}

test('whatever happens to files and log, a hash is that of the file or not known', async () => {
  await holdsOfFiles(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const home = await temporaryFolder();
      const album = await temporaryFolder();
      const open = (): ContentHashes => openContentHashes(home, writeFileAtomically, later);
      const pathOf = (file: number): string => join(album, `${file}.jpg`);
      let hashes = open();
      let length = 1;
      const contents = new Map<number, Uint8Array>();
      for (const what of steps) {
        if (what.do === 'change') {
          contents.set(what.file, new Uint8Array(length++).fill(what.file));
          await writeFile(pathOf(what.file), contents.get(what.file)!);
        } else if (what.do === 'read' && contents.has(what.file)) {
          const path = pathOf(what.file);
          await hashes.reading(path, async () => ({ sha256: sha256Of(await readFile(path)) }));
        } else if (what.do === 'flush') await hashes.flush();
        else if (what.do === 'open again') hashes = open();
        else if (what.do === 'cut the log') {
          await damage(home, (log) => log.subarray(0, Math.floor(what.at * log.length)));
        } else if (what.do === 'write over a byte') {
          await damage(home, (log) => {
            log[Math.floor(what.at * log.length)] = what.byte;
            return log;
          });
        }
        for (const [file, content] of contents) {
          expect([sha256Of(content), undefined]).toContain(await hashes.recall(pathOf(file)));
        }
      }
    }),
  );
});

test('what was read and flushed is known to the next that opens it, if nothing happened', async () => {
  await holdsOfFiles(
    fc.asyncProperty(fc.uniqueArray(fc.nat(60), { minLength: 1, maxLength: 20 }), async (sizes) => {
      const home = await temporaryFolder();
      const album = await temporaryFolder();
      const hashes = openContentHashes(home, writeFileAtomically, later);
      for (const size of sizes) {
        const path = join(album, `${size}.jpg`);
        await writeFile(path, new Uint8Array(size));
        await hashes.reading(path, async () => ({ sha256: sha256Of(await readFile(path)) }));
      }
      await hashes.flush();
      const again = openContentHashes(home, writeFileAtomically, later);
      for (const size of sizes) {
        expect(await again.recall(join(album, `${size}.jpg`))).toBe(sha256Of(new Uint8Array(size)));
      }
    }),
    20,
  );
});

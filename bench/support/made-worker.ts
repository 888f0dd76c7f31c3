/**
 * A worker whose reader only waits: `node --import tsx bench/support/made-worker.ts ADDRESS HOME MILLISECONDS AT_ONCE`.
 * It prints `ready` when it waits for jobs; its photos are texts (test/album/made-album.ts). SIGTERM ends it.
 */

import { setTimeout as pause } from 'node:timers/promises';
import { openAlbum } from '../../src/album/open-album.ts';
import type { Faces } from '../../src/faces/open-faces.ts';
import { madeConfig, madeFaces } from '../../test/album/made-album.ts';
import { insistently } from './insistently.ts';

const [address, home, wait, atOnce] = process.argv.slice(2) as [string, string, string, string];
const made = madeFaces(home);
const faces: Faces = {
  ...made,
  // Nothing is remembered: each read waits.
  cache: { ...made.cache, get: async () => undefined, put: async () => true },
  reader: {
    ...made.reader,
    atOnce: Number(atOnce),
    async readFile(bytes, name) {
      await pause(Number(wait));
      return made.reader.readFile(bytes, name);
    },
  },
};
const album = await insistently(() =>
  openAlbum(address, { config: madeConfig(home), faces: async () => faces, create: false }),
);
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
process.stdout.write('ready\n');
const done = await album.work({ signal: stop.signal });
await album.close();
process.stdout.write(`${JSON.stringify({ photos: done.photos, later: done.later })}\n`);

/**
 * A server that answers all the time, as far as an album is concerned: groups get names that are used once. It prints a name
 * when the album has confirmed it: `node --import tsx bench/support/made-answerer.ts ADDRESS HOME LETTER`. SIGTERM ends it.
 */

import { setTimeout as pause } from 'node:timers/promises';
import { type Album, openAlbum } from '../../src/album/open-album.ts';
import { WhosinError } from '../../src/errors.ts';
import { madeConfig, madeFaces } from '../../test/album/made-album.ts';
import { insistently } from './insistently.ts';

const [address, home, letter] = process.argv.slice(2) as [string, string, string];
const open = (): Promise<Album> =>
  openAlbum(address, { config: madeConfig(home), faces: async () => madeFaces(home), create: false });
const end = new AbortController();
process.once('SIGTERM', () => end.abort());
const album = await insistently(open);
process.stdout.write('ready\n');
for (let n = 0; !end.signal.aborted; n++) {
  const name = `${letter} ${n}`;
  if (await isSaid(name)) process.stdout.write(`${name}\n`);
  await pause(300);
}
await album.close();

/** As a person would: if an error comes, the log shows whether it was said; if not, it is said again. */
async function isSaid(name: string): Promise<boolean> {
  for (;;) {
    try {
      const log = await album.log({ limit: 50 });
      if (log.some(({ person }) => person === name)) return true;
      const { groups } = await album.groups({ least: 1, limit: 1, shown: 0 });
      if (groups.length === 0) return false;
      await album.name(groups[0]!.group, name);
      return true;
    } catch (error) {
      if (!(error instanceof WhosinError)) throw error;
      // The other one has named the group meanwhile.
      if (error.code !== 'no-database') return false;
      await pause(200);
    }
  }
}

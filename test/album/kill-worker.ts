/**
 * A process that adds photos to an album, names, corrects and undoes, for ever, until it is killed. It
 * reports each entry that the album confirmed, a line each: `said 12`, `undone 12`.
 *
 *   node --import tsx test/album/kill-worker.ts FOLDER SEED
 */

import { join } from 'node:path';
import { openAlbum } from '../../src/album/open-album.ts';
import { seededRandom } from '../../src/core/random.ts';
import { madeConfig, madeFaces, writeMadePhoto } from './made-album.ts';

const [folder, seed] = process.argv.slice(2) as [string, string];
const random = seededRandom(Number(seed));
const home = join(folder, '.home');
const photos = join(folder, 'photos');
const album = await openAlbum(join(home, 'album.db'), {
  config: madeConfig(home),
  now: () => Date.now() + 3_600_000,
  faces: async () => madeFaces(home),
});
const tell = (line: string): void => void process.stdout.write(`${line}\n`);
tell('open');
for (let round = 0; ; round++) {
  for (let n = 0; n < 4; n++) {
    const who = Math.floor(random() * 8);
    const take = Number(seed) * 100_000 + round * 10 + n;
    await writeMadePhoto(join(photos, `${take}.jpg`), [{ who, take }]);
  }
  await album.add([photos]);
  const { groups } = await album.groups({ least: 1, limit: 5, shown: 0 });
  for (const { group } of groups.slice(0, 2)) {
    const { said } = await album.name(group, `person ${Math.floor(random() * 12)}`, { merge: true });
    tell(`said ${said}`);
  }
  const [question] = await album.questions({ limit: 1, singles: true });
  if (question) tell(`said ${(await album.answer(question, { kind: 'not-sure' })).said}`);
  if (round % 3 === 2) {
    const [number] = await album.undo();
    tell(`undone ${number}`);
  }
}
